// Nothing is lost and nothing is doubled, whatever happens to the client, the server and the line between them: what was
// written, on both back ends, with `kill -9`, servers that are away, that want to be left alone, and proxies.
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';

import { limit } from '../vchat/client.mjs';
import { minchat, vchat } from './sides.mjs';

let side;
let client;
let server;

const use = (start) => {
  beforeEach(async () => {
    side = await start();
    ({ client, server } = side);
  });
  afterEach(() => side.close());
};

// It is there once, here and there, and was the same each time it was sent.
async function once(text, { attempts }) {
  await client.says(text, '✓');
  await client.saysOnce(text);
  assert.deepEqual([side.copies(text), side.attempts(text).length, side.locals(text).length], [1, attempts, 1]);
}

const proxy = { status: 503, page: '<html><head><title>Oops</title></head><body><h1>Service unavailable</h1></body></html>' };
const noHtml = async () => assert.doesNotMatch(await client.screen(), /<|html|Oops|h1/i);

for (const [name, start] of [['MinChat', minchat], ['V Chat', vchat]]) {
  describe(name, () => {
    use(start);

    test('killed after Enter, while the server has it and has not answered: it is found', limit, async () => {
      server.fail(side.send, 'swallow');
      const release = server.hold(side.send, 'answer');
      await client.enters('My last words');
      await side.held();
      await client.kill();
      release();
      assert.equal(side.copies('My last words'), 1);
      await client.restart();
      await once('My last words', { attempts: 1 });
    });

    test('killed after Enter, before the server has done anything: it is sent again', limit, async () => {
      const release = server.hold(side.send, 'act');
      await client.enters('Did you hear me?');
      await side.held();
      await client.kill();
      await client.restart();
      await client.says('Did you hear me?', '✓');
      release();
      // Behind all that the first attempt may have left behind.
      await client.enters('Yes');
      await once('Yes', { attempts: 1 });
      await once('Did you hear me?', { attempts: 2 });
    });

    test('written while the server is away, and the client started anew: it arrives once, in order', limit, async () => {
      await server.crash();
      await client.shows('Reconnecting in');
      await client.enters('One');
      await client.says('One', '…');
      await client.enters('Two');
      await client.says('Two', '…');
      await client.send('and a dr');
      await client.shows('› and a dr');
      await client.send('\u0011');
      assert.equal(await client.exit(), 0, 'it asks nothing, since all of that is kept');

      await client.restart();
      await client.says('Hello Alice');
      // It was never handed over, as the disk knows: it waits as before.
      await client.says('One', '…');
      await client.says('Two', '…');
      await client.shows('› and a dr');
      await client.shows('last synced ');
      await client.enters('Three');
      await client.says('Three', '…');

      await server.start(server.port);
      for (const text of ['One', 'Two', 'Three']) await once(text, { attempts: 1 });
      assert.deepEqual(side.texts(), ['Hello Alice', 'One', 'Two', 'Three']);
      await client.shows('● Online');
      await client.lacks('last synced ');
    });

    test('429 and 503 with Retry-After: it goes out after that, and what follows behind it', limit, async () => {
      for (const [status, text, next] of [[429, 'Slowly', 'Slower'], [503, 'Soon', 'Later']]) {
        server.fail(side.send, { ...proxy, status, headers: { 'retry-after': '2' } });
        await client.enters(text);
        const first = await side.attempt(text);
        await client.shows('The server asks to slow down');
        await client.enters(next);
        await noHtml();
        const second = await side.attempt(text);
        assert.ok(second.at - first.at >= 2_000, `it went out after ${second.at - first.at} ms`);
        await once(text, { attempts: 2 });
        await once(next, { attempts: 1 });
        assert.deepEqual(side.texts().slice(-2), [text, next]);
      }
    });

    test("a proxy's page is no answer: a send is looked for and sent again, a deletion is tried again", limit, async () => {
      server.fail(side.send, proxy);
      await client.enters('Through a proxy');
      await client.says('Through a proxy', '?');
      await noHtml();
      await once('Through a proxy', { attempts: 2 });
      const deletion = side.deletion('Through a proxy');
      server.fail(deletion, proxy);
      await client.send('\td');
      await client.shows('y yes');
      await client.send('y');
      await client.shows('The server has a problem (HTTP 503)');
      await noHtml();
      await client.shows('Message deleted');
      await client.lacks('Through a proxy');
      assert.equal(server.log.filter(({ call }) => call === deletion).length, 2);
    });

    test("a proxy's page instead of a sign-in is a sentence, and what is kept is on screen", limit, async () => {
      await client.quits();
      server.fail(side.signIn, proxy);
      await client.restart();
      await client.shows('The server has a problem (HTTP 503)');
      await noHtml();
      await client.says('Hello Alice');
      await client.shows('● Online');
    });
  });
}

describe('MinChat that does not return what a message was sent with', () => {
  use(() => minchat({ returnsMetadata: false }));

  // Whether it does is noticed by the first send that is confirmed.
  const first = async () => {
    await client.enters('Before');
    await once('Before', { attempts: 1 });
  };
  const rows = async (text) => (await client.pane()).filter((row) => row.includes(`│   ${text}`)).map((row) => row.trimEnd().at(-1));

  test('it arrived: it stands beside its copy, and is discarded', limit, async () => {
    await first();
    server.fail(side.send, 'swallow');
    await client.enters('Twins');
    await client.shows('may have been sent already');
    assert.deepEqual(await rows('Twins'), ['✓', '?']);
    await client.send('\tx');
    await client.shows('Discarded here.');
    assert.deepEqual([await rows('Twins'), side.copies('Twins'), side.attempts('Twins').length], [['✓'], 1, 1]);
  });

  test('it did not arrive: it is sent again when the user says so', limit, async () => {
    await first();
    server.fail(side.send, 'drop');
    await client.enters('Alone');
    await client.shows('may have been sent already');
    assert.deepEqual([await rows('Alone'), side.attempts('Alone').length], [['?'], 1]);
    await client.send('\ts');
    await once('Alone', { attempts: 2 });
  });

  test('killed, when nothing is known of the server: a likely copy makes it ask, nothing is doubled', limit, async () => {
    server.fail(side.send, 'swallow');
    const release = server.hold(side.send, 'answer');
    await client.enters('Who knows');
    await side.held();
    await client.kill();
    release();
    await client.restart();
    await client.shows('may have been sent already');
    assert.deepEqual([await rows('Who knows'), side.copies('Who knows'), side.attempts('Who knows').length], [['✓', '?'], 1, 1]);
  });
});
