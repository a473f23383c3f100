// Runs all interoperability tests against two servers: `node run.mjs [SERVER COMMAND…]`, or SERVER_CMD in the environment.
//
// The command starts the MinChat server. It has to listen on port 4000, a constant of the official SDK's suite, with the
// API key `k` and no people, and to print a line when it is ready. The V Chat server is the same program on a free port,
// or VCHAT_CMD, where PORT stands for the port. Both are stopped in any case.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '../..');
const DEFAULT = 'target/debug/minchat-tui serve --bind 127.0.0.1:4000 --api-key k --empty';
const TIMEOUT = 20_000;

const minchat = [
  ['bundle the official suite', ['node', 'official/bundle.mjs']],
  [
    'the official suite of @minchat/js 3.4.0',
    ['node', 'node_modules/jest/bin/jest.js', '--config', 'official/jest.config.cjs', '--runInBand', '--forceExit', '--silent', '--verbose'],
  ],
  [
    'two official SDK instances in conversation',
    ['node', '--test', '--test-force-exit', '--test-reporter=spec', 'conversation/conversation.test.mjs'],
  ],
  [
    'two official SDK instances and the client in one conversation',
    ['node', '--test', '--test-force-exit', '--test-reporter=spec', 'conversation/trio.test.mjs'],
  ],
  [
    'JavaScript programs that the inspector copies, on MinChat',
    ['node', '--test', '--test-force-exit', '--test-reporter=spec', 'copied/programs.test.mjs'],
  ],
  [
    'the client in a terminal against the real socket.io server',
    ['node', '--test', '--test-force-exit', '--test-reporter=spec', 'peer/peer.test.mjs'],
  ],
];

const clients = ['client', 'messages.client', 'files.client', 'calls.client', 'groups.client', 'rooms.client', 'sign_in.client', 'profile.client', 'races.client'];

const vchat = [
  [
    'the real socket.io-client against every row of the V Chat notes',
    ['node', '--test', '--test-force-exit', '--test-reporter=spec', 'vchat/rows.test.mjs'],
  ],
  [
    'JavaScript programs that the inspector copies, on V Chat',
    ['node', '--test', '--test-force-exit', '--test-reporter=spec', 'copied/programs.test.mjs'],
  ],
  [
    'the client in a terminal against a V Chat server on the real socket.io',
    ['node', '--test', '--test-force-exit', '--test-reporter=spec', ...clients.map((name) => `vchat/${name}.test.mjs`)],
  ],
];

// These need no server, or start their own ones.
const standalone = [
  [
    'JavaScript that the inspector copies, with hostile texts',
    ['node', '--test', '--test-reporter=spec', 'copied/copied.test.mjs'],
  ],
  [
    'restarts, absent servers and proxies, on both back ends',
    ['node', '--test', '--test-force-exit', '--test-reporter=spec', 'restarts/restarts.test.mjs'],
  ],
];

function run(title, [program, ...args], more = {}) {
  console.log(`\n== ${title}`);
  const env = { ...process.env, ...more };
  const { status, error } = spawnSync(program, args, { cwd: here, env, stdio: 'inherit' });
  if (error) console.error(error.message);
  return status === 0;
}

async function start(command) {
  const [program, ...args] = command;
  console.log(`\n== start ${command.join(' ')}`);
  const server = spawn(program, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(server, 'exit').then(([code, signal]) => `the server ended (${code ?? signal})`);
  const failed = once(server, 'error').then(([error]) => `the server did not start: ${error.message}`);
  const late = new Promise((resolve) => setTimeout(resolve, TIMEOUT, 'the server did not print a line').unref());
  const line = once(createInterface({ input: server.stdout }), 'line').then(([text]) => ({ text }));
  const first = await Promise.race([line, ended, failed, late]);
  if (typeof first === 'string') {
    server.kill('SIGKILL');
    throw new Error(first);
  }
  console.log(first.text);
  return server;
}

async function stop(server) {
  if (server.exitCode !== null || server.signalCode !== null) {
    console.error(`the server ended by itself (${server.exitCode ?? server.signalCode})`);
    return false;
  }
  const ended = once(server, 'exit');
  server.kill('SIGTERM');
  const timer = setTimeout(() => server.kill('SIGKILL'), TIMEOUT);
  const [code, signal] = await ended;
  clearTimeout(timer);
  console.log(`\n== the server ended on SIGTERM with ${code ?? signal}`);
  return code === 0;
}

async function freePort() {
  const listener = createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address();
  listener.close();
  await once(listener, 'close');
  return port;
}

const failures = [];
const check = (title, good) => good || failures.push(title);

// Starts a server, runs the steps that need it, and stops it.
async function session(name, command, steps, env) {
  try {
    const server = await start(command);
    for (const [title, step] of steps) check(title, run(title, step, env));
    check(`the ${name} server ends cleanly`, await stop(server));
  } catch (error) {
    check(`${name}: ${error.message}`, false);
  }
}

const words = (text) => text.split(' ').filter(Boolean);
const given = process.argv.slice(2);
const command = given.length > 0 ? given : words(process.env.SERVER_CMD ?? DEFAULT);
const port = await freePort();
const ours = `${command[0]} serve --backend vchat --bind 127.0.0.1:PORT --api-key k --empty`;
const vchatCommand = words((process.env.VCHAT_CMD ?? ours).replace('PORT', port));

const install = 'install what the lock file pins';
if (!run(install, ['npm', 'ci', '--ignore-scripts', '--no-audit', '--no-fund'])) {
  failures.push(install);
} else {
  await session('MinChat', command, minchat, { SANDBOX_URL: 'http://127.0.0.1:4000', SANDBOX_KEY: 'k' });
  await session('V Chat', vchatCommand, vchat, { VCHAT_URL: `http://127.0.0.1:${port}`, VCHAT_KEY: 'k' });
  for (const [title, step] of standalone) check(title, run(title, step));
}
console.log(failures.length === 0 ? '\ninterop: all passed' : `\ninterop: failed: ${failures.join('; ')}`);
process.exit(failures.length === 0 ? 0 : 1);
