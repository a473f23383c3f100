// Signing in, and its failures (sections 1.2, 1.3 and 3 of the protocol notes): a refused socket, a wrong key, a token
// instead of the key, and an expired token.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';

import { Screen } from '../peer/screen.mjs';
import { Client, UUID_V4, assertProtocol, bare, limit } from './client.mjs';
import { VChat } from './server.mjs';

let server;
let client;
let [alice, bob] = [];
let room;

const token = () => server.world.token(alice, 'a device of another app');
const logins = () => server.count(({ call }) => call === 'POST auth/connect');
// A client with a token instead of a key. The token is in a variable, since options are visible in the process list.
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

test('exits with 3 and the reason if the first socket is refused', limit, async () => {
  server.refuseSockets('Auth must be provided !');
  client = new Client(server, alice);
  assert.equal(await client.exit(), 3);
  await client.shows('minchat-tui: ', 'The server refused the connection: Auth must be provided !');
  assert.equal(server.count(({ kind }) => kind === 'connect'), 1, 'no second attempt');
});

const devices = () => server.since().filter(({ call }) => call === 'POST auth/connect').map(({ parts }) => parts.deviceId);

test('1.3: is the same device at every start, and another one for another user or in incognito mode', limit, async () => {
  client = new Client(server, alice);
  await client.showsMessage('Hello Alice');
  await client.quit();
  await client.restart();
  await client.showsMessage('Hello Alice');
  await client.quit();
  const [first, second] = devices();
  assert.match(first, UUID_V4);
  assert.equal(second, first);
  for (const [person, ...options] of [[bob], [alice, '--incognito']]) {
    client.use(server, person, ...options);
    await client.restart();
    await client.shows('Hello Alice');
    await client.quit();
  }
  assert.equal(new Set(devices()).size, 3);
});

test('1.4: /logout ends the login of this device and no other, and quits', limit, async () => {
  const other = server.world.token(alice, 'a phone');
  client = new Client(server, alice);
  await client.showsMessage('Hello Alice');
  await client.enter('/logout');
  await client.shows('End the login of this device and quit?');
  await client.confirms();
  assert.equal(await client.exit(), 0);
  const { headers, status, ...rest } = await server.call('POST auth/logout');
  bare({ headers, ...rest });
  assert.equal(status, 201);
  const valid = (authorization) => server.world.tokens.get(authorization.split(' ')[1]).valid;
  assert.deepEqual([valid(headers.authorization), valid(`Bearer ${other}`)], [false, true]);
  assert.equal(logins(), 1, 'it did not sign in again');
});

test('shows why a later socket is refused, keeps the messages, and retries with F5', limit, async () => {
  client = new Client(server, alice);
  await client.showsMessage('Hello Alice');
  server.refuseSockets('Come back tomorrow');
  server.disconnect(alice);
  await client.shows('The server refused the connection: Come back tomorrow.');
  await client.shows('○ Not connected');
  await client.showsMessage('Hello Alice');
  server.refuseSockets();
  server.message(room, bob, 'said meanwhile');
  await client.send('\u001b[15~');
  await client.showsMessage('said meanwhile');
  await client.shows('● Online');
  await client.quit();
});

test('exits with 3 for a wrong hash key, and says what to check', limit, async () => {
  client = new Client(server, alice, { key: 'another' });
  assert.equal(await client.exit(), 3);
  await client.shows('minchat-tui: ', 'The server refused the sign-in', 'Invalid login data');
  await client.shows('--api-key');
  assert.deepEqual([logins(), server.count(({ kind }) => kind === 'connect')], [1, 0]);
});

test('says that the server is not a V Chat server', limit, async () => {
  server.fail('POST auth/connect', 404);
  client = new Client(server, alice);
  assert.equal(await client.exit(), 3);
  await client.shows('no V Chat v2 sign-in');
});

test('waits for a failing proxy to recover', limit, async () => {
  server.fail('POST auth/connect', 'html');
  client = new Client(server, alice);
  await client.shows('The server has a problem (HTTP 502)');
  await client.showsMessage('Hello Alice');
  assert.equal(logins(), 2);
  await client.quit();
});

test('uses a token in every call and in the handshake, without registering', limit, async () => {
  const given = token();
  client = byToken(given);
  await client.shows('› Message Bob Brown');
  await client.shows('│   Hello Alice');
  await client.send('With a token\r');
  const { headers, parts } = await server.call(`POST channel/${room.rId}/message`);
  assert.deepEqual([headers.authorization, parts.content], [`Bearer ${given}`, 'With a token']);
  // The client knows whose token it is: the message is shown as its own.
  await client.shows('│   With a token', '✓');
  const connection = await server.waitFor('a connection', ({ kind }) => kind === 'connect');
  assert.deepEqual([connection.headers.authorization, connection.query.auth, connection.auth], [`Bearer ${given}`, `Bearer ${given}`, {}]);
  for (const { headers: { authorization }, call } of server.since().filter(({ kind }) => kind === 'rest')) assert.equal(authorization, `Bearer ${given}`, call);
  assert.equal(logins(), 0);
  await client.send('\u0011');
  assert.equal(await client.exit(), 0);
  assert.equal(server.count(({ call }) => call === 'POST auth/logout'), 0, 'the token is not logged out');
});

test('says what to do when a token has expired', limit, async () => {
  client = byToken(token());
  await client.shows('› Message Bob Brown');
  server.expire(alice);
  await client.send('Too late\r');
  assert.equal((await server.call(`POST channel/${room.rId}/message`)).status, 450);
  await client.shows('│   Too late', '✗');
  await client.shows('│   Not sent: ', 'The server no longer accepts the token.');
  assert.equal(logins(), 0);
});

test('exits with 3 for an invalid token', limit, async () => {
  client = byToken('not.a.token');
  assert.equal(await client.exit(), 3);
  await client.shows('The server refused the token');
  assert.deepEqual([logins(), server.count(({ kind }) => kind === 'connect')], [0, 0]);
});

test('followed the protocol throughout', limit, () => assertProtocol(server));
