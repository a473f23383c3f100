// No message is lost or duplicated, on both back ends: after `kill -9`, with servers that are away or ask for a delay, and
// with proxies that answer in their place.
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';

import { limit } from '../vchat/client.mjs';
import { minchat, vchat } from './services.mjs';

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

// Fails unless the message is once on the screen and once on the server, and kept its local id in all attempts.
async function once(text, { attempts }) {
  await client.showsMessage(text, '✓');
  await client.showsMessageOnce(text);
  assert.deepEqual([side.copies(text), side.attempts(text).length, side.locals(text).length], [1, attempts, 1]);
}

const proxy = { status: 503, page: '<html><head><title>Oops</title></head><body><h1>Service unavailable</h1></body></html>' };
const noHtml = async () => assert.doesNotMatch(await client.screen(), /<|html|Oops|h1/i);

for (const [name, start] of [['MinChat', minchat], ['V Chat', vchat]]) {
  describe(name, () => {
    use(start);

    test('killed before the answer: the stored message is found', limit, async () => {
      server.fail(side.send, 'swallow');
      const release = server.hold(side.send, 'answer');
      await client.enter('My last words');
      await side.held();
      await client.kill();
      release();
      assert.equal(side.copies('My last words'), 1);
      await client.restart();
      await once('My last words', { attempts: 1 });
    });

    test('killed before the server stored the message: it is sent again', limit, async () => {
      const release = server.hold(side.send, 'act');
      await client.enter('Did you hear me?');
      await side.held();
      await client.kill();
      await client.restart();
      await client.showsMessage('Did you hear me?', '✓');
      release();
      // Sent after everything that the first attempt may still cause.
      await client.enter('Yes');
      await once('Yes', { attempts: 1 });
      await once('Did you hear me?', { attempts: 2 });
    });

    test('written offline and restarted: messages arrive once, in order', limit, async () => {
      await server.crash();
      await client.shows('Reconnecting in');
      await client.enter('One');
      await client.showsMessage('One', '…');
      await client.enter('Two');
      await client.showsMessage('Two', '…');
      await client.send('and a dr');
      await client.shows('› and a dr');
      await client.send('\u0011');
      assert.equal(await client.exit(), 0, 'no question, because everything is stored');

      await client.restart();
      await client.showsMessage('Hello Alice');
      // The store knows that these were never sent: they are queued as before.
      await client.showsMessage('One', '…');
      await client.showsMessage('Two', '…');
      await client.shows('› and a dr');
      await client.shows('last synced ');
      await client.enter('Three');
      await client.showsMessage('Three', '…');

      await server.start(server.port);
      for (const text of ['One', 'Two', 'Three']) await once(text, { attempts: 1 });
      assert.deepEqual(side.texts(), ['Hello Alice', 'One', 'Two', 'Three']);
      await client.shows('● Online');
      await client.lacks('last synced ');
    });

    test('429 and 503 with Retry-After: messages are sent afterwards, in order', limit, async () => {
      for (const [status, text, next] of [[429, 'Slowly', 'Slower'], [503, 'Soon', 'Later']]) {
        server.fail(side.send, { ...proxy, status, headers: { 'retry-after': '2' } });
        await client.enter(text);
        const first = await side.attempt(text);
        await client.shows('The server asks to slow down');
        await client.enter(next);
        await noHtml();
        const second = await side.attempt(text);
        assert.ok(second.at - first.at >= 2_000, `sent again after ${second.at - first.at} ms`);
        await once(text, { attempts: 2 });
        await once(next, { attempts: 1 });
        assert.deepEqual(side.texts().slice(-2), [text, next]);
      }
    });

    test("a proxy's page is no answer: a send is checked and repeated, a deletion retried", limit, async () => {
      server.fail(side.send, proxy);
      await client.enter('Through a proxy');
      await client.showsMessage('Through a proxy', '?');
      await noHtml();
      await once('Through a proxy', { attempts: 2 });
      const deletion = side.deletion('Through a proxy');
      server.fail(deletion, proxy);
      await client.send('\td');
      await client.confirms();
      await client.shows('The server has a problem (HTTP 503)');
      await noHtml();
      await client.shows('Message deleted');
      await client.lacks('Through a proxy');
      assert.equal(server.log.filter(({ call }) => call === deletion).length, 2);
    });

    test("a proxy's page instead of a sign-in is reported above the stored messages", limit, async () => {
      await client.quit();
      server.fail(side.signIn, proxy);
      await client.restart();
      await client.shows('The server has a problem (HTTP 503)');
      await noHtml();
      await client.showsMessage('Hello Alice');
      await client.shows('● Online');
    });
  });
}

describe('MinChat without local ids in its answers', () => {
  use(() => minchat({ returnsMetadata: false }));

  // The client notices this at the first confirmed send.
  const first = async () => {
    await client.enter('Before');
    await once('Before', { attempts: 1 });
  };
  const rows = async (text) => (await client.pane()).filter((row) => row.includes(`│   ${text}`)).map((row) => row.trimEnd().at(-1));

  test('arrived: the entry is shown next to its copy, and can be discarded', limit, async () => {
    await first();
    server.fail(side.send, 'swallow');
    await client.enter('Twins');
    await client.shows('may have been sent already');
    assert.deepEqual(await rows('Twins'), ['✓', '?']);
    await client.send('\td');
    await client.shows('It may have been sent.');
    await client.confirms();
    await client.shows('Discarded here.');
    assert.deepEqual([await rows('Twins'), side.copies('Twins'), side.attempts('Twins').length], [['✓'], 1, 1]);
  });

  test('lost: the message is sent again when the user decides so', limit, async () => {
    await first();
    server.fail(side.send, 'drop');
    await client.enter('Alone');
    await client.shows('may have been sent already');
    assert.deepEqual([await rows('Alone'), side.attempts('Alone').length], [['?'], 1]);
    await client.send('\ts');
    await once('Alone', { attempts: 2 });
  });

  test('killed before the first confirmation: a likely copy causes a question', limit, async () => {
    server.fail(side.send, 'swallow');
    const release = server.hold(side.send, 'answer');
    await client.enter('Who knows');
    await side.held();
    await client.kill();
    release();
    await client.restart();
    await client.shows('may have been sent already');
    assert.deepEqual([await rows('Who knows'), side.copies('Who knows'), side.attempts('Who knows').length], [['✓', '?'], 1, 1]);
  });
});
