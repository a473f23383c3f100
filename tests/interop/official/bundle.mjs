// Bundles the unmodified test suite that ships inside the official @minchat/js package, from node_modules. It is
// TypeScript that imports the package's own sources; nothing of it is copied into this repository.
import { build } from 'esbuild';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const sdk = dirname(createRequire(import.meta.url).resolve('@minchat/js/package.json'));

await build({
  entryPoints: [join(sdk, 'src/test/index.test.ts')],
  outfile: join(here, '.built/official.test.js'),
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  logLevel: 'warning',
});
