// How the client comes in, and what it says when it is not let in (sections 1.2, 1.3 and 3 of the note): a socket that is
// refused, a wrong key, a token instead of the key, a token that has ended.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';

import { Screen } from '../peer/screen.mjs';
import { Client, keptTo, limit } from './client.mjs';
import { VChat } from './server.mjs';

let server;
let client;
let [alice, bob] = [];
let room;

const token = () => server.world.token(alice, 'a device of another app');
const logins = () => server.count(({ call }) => call === 'POST auth/connect');
// With a token there is no key: the token is in a variable, since options stand in the list of processes.
const byToken = (value) => new Screen({ env: { MINCHAT_TOKEN: value } }, '--backend', 'vchat', '--url', server.url, '--user', 'alice', '--name', 'Alice');

before(async () => {
  server = await new VChat().start();
  [alice, bob] = [server.person('alice', 'Alice'), server.person('bob', 'Bob Brown')];
  room = server.single(alice, bob);
  server.message(room, bob, 'Hello Alice');
});

afterEach(async () => {
  await client.close();
  server.refuseSockets();
  server.forget();
});

after(() => server.crash());

test('a socket that is refused from the start: it says why, and ends with 3', limit, async () => {
  server.refuseSockets('Auth must be provided !');
  client = new Client(server, alice);
  assert.equal(await client.exit(), 3);
  await client.shows('minchat-tui: ', 'The server refused the connection: Auth must be provided !');
  assert.equal(server.count(({ kind }) => kind === 'connect'), 1, 'it does not knock again');
});

test('a socket that is refused later: it says why, keeps what is there, and F5 tries again', limit, async () => {
  client = new Client(server, alice);
  await client.says('Hello Alice');
  server.refuseSockets('Come back tomorrow');
  server.disconnect(alice);
  await client.shows('Not connected', 'Come back tomorrow');
  await client.says('Hello Alice');
  server.refuseSockets();
  server.message(room, bob, 'said meanwhile');
  await client.send('\u001b[15~');
  await client.says('said meanwhile');
  await client.shows('● Online');
  await client.quits();
});

test('a wrong hash key: it says what to check, and ends with 3', limit, async () => {
  client = new Client(server, alice, { key: 'another' });
  assert.equal(await client.exit(), 3);
  await client.shows('minchat-tui: ', 'The server refused the sign-in', 'Invalid login data');
  await client.shows('--api-key');
  assert.deepEqual([logins(), server.count(({ kind }) => kind === 'connect')], [1, 0]);
});

test('what is no V Chat server: it says so', limit, async () => {
  server.fail('POST auth/connect', 404);
  client = new Client(server, alice);
  assert.equal(await client.exit(), 3);
  await client.shows('no V Chat v2 sign-in');
});

test('a proxy in between that is ill is waited for', limit, async () => {
  server.fail('POST auth/connect', 'html');
  client = new Client(server, alice);
  await client.shows('The server has a problem (HTTP 502)');
  await client.says('Hello Alice');
  assert.equal(logins(), 2);
  await client.quits();
});

test('with a token nothing is registered: it is in every call and in the handshake', limit, async () => {
  const given = token();
  client = byToken(given);
  await client.shows('› Message Bob Brown');
  await client.shows('│   Hello Alice');
  await client.send('With a token\r');
  const { headers, parts } = await server.call(`POST channel/${room.rId}/message`);
  assert.deepEqual([headers.authorization, parts.content], [`Bearer ${given}`, 'With a token']);
  // Who I am is known: it is my message.
  await client.shows('│   With a token', '✓');
  const connection = await server.heard('a connection', ({ kind }) => kind === 'connect');
  assert.deepEqual([connection.headers.authorization, connection.query.auth, connection.auth], [`Bearer ${given}`, `Bearer ${given}`, {}]);
  for (const { headers: { authorization }, call } of server.since().filter(({ kind }) => kind === 'rest')) assert.equal(authorization, `Bearer ${given}`, call);
  assert.equal(logins(), 0);
  await client.send('\u0011');
  assert.equal(await client.exit(), 0);
  assert.equal(server.count(({ call }) => call === 'POST auth/logout'), 0, 'the token is not ours to end');
});

test('a token that has ended cannot be renewed: it says what to do', limit, async () => {
  client = byToken(token());
  await client.shows('› Message Bob Brown');
  server.expire(alice);
  await client.send('Too late\r');
  assert.equal((await server.call(`POST channel/${room.rId}/message`)).status, 450);
  await client.shows('│   Too late', '✗');
  await client.shows('│   Not sent: ', 'The server does not take the token any more.');
  assert.equal(logins(), 0);
});

test('a token that was no good from the start: it says so, and ends with 3', limit, async () => {
  client = byToken('not.a.token');
  assert.equal(await client.exit(), 3);
  await client.shows('The server refused the token');
  assert.deepEqual([logins(), server.count(({ kind }) => kind === 'connect')], [0, 0]);
});

test('all of it was said as the note wants it', limit, () => keptTo(server));
