// Endings of typing and calls where an answer and an event cross.
import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { setTimeout as after } from 'node:timers/promises';

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

test('4.1: typing does not time out while the composer has text', limit, async () => {
  await client.send('Hm');
  assert.equal((await server.event('v1RoomStatusChange')).payload.status, 'typing');
  // The absence of an event can only be checked by waiting.
  await after(3_000);
  assert.equal(server.count(({ event, payload }) => event === 'v1RoomStatusChange' && payload.status === 'stop'), 0);
});

test('6.2, 4: quitting ends a call that still rings', limit, async () => {
  await client.enter('/call');
  await server.call(`POST call/create/${room.rId}`);
  await client.shows('Calling Bob Brown');
  // The message is sent after the call, so the client knows the call's id once the message is confirmed.
  await client.enter('One moment');
  await client.shows('✓');
  await client.send('\u0011');
  assert.equal(await client.exit(), 0);
  await server.waitFor('the end', ({ kind }) => kind === 'disconnect');
  const [{ meetId, status }] = server.world.calls;
  assert.equal(status, 'canceled', `POST call/end/v2/${meetId} did not come`);
});

test('6.2: a call declined before the answer arrives stops ringing', limit, async () => {
  const release = server.hold(`POST call/create/${room.rId}`, 'answer');
  await client.enter('/call');
  await server.call(`POST call/create/${room.rId}`);
  await client.shows('Calling Bob Brown');
  server.hangUp(server.world.calls[0], bob);
  await client.shows('Bob Brown declined the call.');
  await client.lacks('Alt+H hang up');
  release();
  // The answer arrives within the next second; after it, the call must not ring again.
  await after(1_000);
  assert.doesNotMatch(await client.screen(), /Calling Bob Brown/);
});
