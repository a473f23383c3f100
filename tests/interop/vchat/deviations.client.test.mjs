// Known deviations of the client from the protocol notes. These checks fail, and `run.mjs` leaves them out. A check that
// passes moves to the file of its kind.
import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';

import { Client, limit } from './client.mjs';
import { VChat } from './server.mjs';

let server;
let client;
let [alice, bob, cat] = [];
let room;
let cats;

beforeEach(async () => {
  server = await new VChat().start();
  [alice, bob, cat] = [server.person('alice', 'Alice'), server.person('bob', 'Bob Brown'), server.person('cat', 'Cat Stone')];
  cats = server.single(alice, cat);
  server.message(cats, cat, 'Meow');
  room = server.single(alice, bob);
  server.message(room, bob, 'Hello Alice');
  client = new Client(server, alice);
  await client.showsMessage('Hello Alice');
});

afterEach(async () => {
  await client.close();
  await server.crash();
});

test('2.3.1: a forwarded image has the type image and the image emoji as its text', limit, async () => {
  const msgAtt = { name: 'cat.png', url: `${server.url}/media/cat.png`, mimeType: 'image/png', fileSize: 2048, fileHash: null, width: 3, height: 2 };
  server.send(room, bob, '📷', { mT: 'image', msgAtt });
  await client.showsMessage('[image] cat.png');
  await client.send('\tf');
  await client.shows('Forward to');
  await client.send('Cat');
  await client.shows('› Cat');
  await client.send('\r');
  const { parts } = await server.call(`POST channel/${cats.rId}/message`);
  assert.deepEqual([parts.messageType, parts.content], ['image', '📷']);
});
