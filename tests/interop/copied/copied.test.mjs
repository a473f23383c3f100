// JavaScript that the inspector copies, with texts of others in it: running it sends these texts and does nothing else.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { cases } from './cases.mjs';

for (const { text, call, emit, listen } of cases) {
  const object = Object.defineProperty({ text }, '__proto__', { value: 1, enumerable: true });

  test(`copied code with ${JSON.stringify(text)} does only what it says`, async () => {
    const done = [];
    await call(
      async (url, { body }) => {
        done.push(JSON.parse(body));
        return { status: 200, text: async () => '' };
      },
      { log() {} },
    );
    emit(() => ({ emit: (...args) => done.push(args) }));
    listen(() => ({ on: (name) => done.push(name) }));
    assert.deepEqual(done, [object, ['event', object], 'event']);
    assert.equal(globalThis.hacked, undefined);
  });
}
