// How what one began ends: typing, and calls, at the edges where an answer and an event cross.
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
  await client.says('Hello Alice');
});

afterEach(async () => {
  await client.close();
  await server.crash();
});

test('4.1: while a text stands in the composer, typing is not taken back by time', limit, async () => {
  await client.send('Hm');
  assert.equal((await server.event('v1RoomStatusChange')).payload.status, 'typing');
  // The one thing that cannot be waited for is what shall not come.
  await after(3_000);
  assert.equal(server.count(({ event, payload }) => event === 'v1RoomStatusChange' && payload.status === 'stop'), 0);
});

test('6.2, 4: whoever leaves while it rings hangs up; else it rings on over there', limit, async () => {
  await client.enters('/call');
  await server.call(`POST call/create/${room.rId}`);
  await client.shows('Calling Bob Brown');
  // What is sent goes behind the call, so the client knows the call's name once this has its tick.
  await client.enters('One moment');
  await client.shows('✓');
  await client.send('\u0011');
  assert.equal(await client.exit(), 0);
  await server.heard('the end', ({ kind }) => kind === 'disconnect');
  const [{ meetId, status }] = server.world.calls;
  assert.equal(status, 'canceled', `POST call/end/v2/${meetId} did not come`);
});

test('6.2: a call that is refused before the server has answered that it rings does not ring', limit, async () => {
  const release = server.hold(`POST call/create/${room.rId}`, 'answer');
  await client.enters('/call');
  await server.call(`POST call/create/${room.rId}`);
  await client.shows('Calling Bob Brown');
  server.hangUp(server.world.calls[0], bob);
  await client.shows('Bob Brown declined the call.');
  await client.lacks('Alt+H hang up');
  release();
  // The answer is there at some time within the next second; from then on it must not ring again.
  await after(1_000);
  assert.doesNotMatch(await client.screen(), /Calling Bob Brown/);
});
