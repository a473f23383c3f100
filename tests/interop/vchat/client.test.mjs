// The client in a pseudo-terminal against a V Chat server on the real socket.io: headers, form fields and packets that
// the server receives, and their effect on the screen.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';

import { Screen } from '../peer/screen.mjs';
import { ESC, limit, UUID_V4 } from './client.mjs';
import { KEY, VChat } from './server.mjs';

let server;
let screen;
let [alice, bob, cat] = [];
let room;
let crew;

const sendCall = () => `POST channel/${room.rId}/message`;
const sends = (text) => server.log.filter(({ kind, call, parts }) => kind === 'rest' && call === sendCall() && parts.content === text);
const logins = () => server.log.filter(({ call }) => call === 'POST auth/connect');
// Rows of the open room that contain a text.
const inPane = async (text) => (await screen.screen()).split('\n').filter((row) => row.slice(row.indexOf('│')).includes(text));

// Waits for a message in the open room; the room list shows the newest message too.
const shown = (text, ...marks) => screen.shows(`│   ${text}`, ...marks);

// Back to the composer.
const back = () => screen.send(ESC);

before(async () => {
  server = await new VChat().start();
  [alice, bob, cat] = [server.person('alice', 'Alice'), server.person('bob', 'Bob Brown'), server.person('cat', 'Cat Stone')];
  crew = server.group('Release crew', cat, alice, bob);
  server.message(crew, cat, 'Welcome on board');
  room = server.single(alice, bob);
  for (let number = 0; number < 40; number += 1) server.message(room, bob, `before ${number}.`);
  server.message(room, bob, 'Hello Alice');
  screen = new Screen('--backend', 'vchat', '--url', server.url, '--api-key', KEY, '--user', 'alice', '--name', 'Alice');
});

after(async () => {
  await screen.close();
  await server.crash();
});

test('logs in with a multipart form, a derived password and `Bearer null`', limit, async () => {
  await screen.shows('› Message Bob Brown');
  const { parts, headers } = await server.call('POST auth/connect');
  assert.match(headers['content-type'], /^multipart\/form-data; boundary=/);
  assert.equal(headers.authorization, 'Bearer null');
  assert.deepEqual([parts.identifier, parts.fullName], ['alice', 'Alice']);
  assert.equal(parts.password, createHash('sha512').update(`${KEY}_alice`).digest('hex'));
  assert.ok(parts.deviceId.length > 0);
  assert.ok(['linux', 'macOs', 'windows', 'other'].includes(parts.platform), parts.platform);
});

test('connects by websocket only, with the token in header and query', limit, async () => {
  const { headers, query, auth, transport } = await server.waitFor('a connection', ({ kind }) => kind === 'connect');
  assert.equal(transport, 'websocket');
  assert.equal(query.EIO, '4');
  assert.match(headers.authorization, /^Bearer [\w-]+\.[\w-]+\.[\w-]+$/);
  assert.equal(query.auth, headers.authorization);
  assert.equal(headers['clint-version'], '2.0.0');
  assert.deepEqual(auth, {});
  assert.equal((await server.waitFor('a packet', ({ kind }) => kind === 'packet')).packet, '0', 'what follows the 4 of a message');
});

test('requests rooms, the newest page of the open room, and its block status', limit, async () => {
  const list = await server.call('GET channel');
  assert.match(list.url, /^\/api\/v2\/channel\/\?/);
  assert.deepEqual([list.query.limit, list.query.page], ['20', '1']);
  const page = await server.call(`GET channel/${room.rId}/message`);
  assert.match(page.url, /\/message\/\?/);
  assert.deepEqual(page.query, { limit: '30', filter: 'all' });
  await server.call('GET user-ban/bob/ban');
  await shown('Hello Alice');
});

test('enters the open room; every emit is one JSON string', limit, async () => {
  const { raw, args } = await server.event('v1EnterChatRoom', ({ roomId }) => roomId === room.rId);
  assert.deepEqual([typeof raw, args, JSON.parse(raw)], ['string', 1, { roomId: room.rId }]);
});

test('requests older pages on scrolling up', limit, async () => {
  const oldest = server.world.visible(room.rId, alice)[29]._id;
  await screen.send('\u001b[1;5H');
  const page = await server.waitFor('an older page', ({ kind, call, query }) => kind === 'rest' && call === `GET channel/${room.rId}/message` && query.lastId === oldest);
  assert.deepEqual(page.query, { limit: '30', lastId: oldest, filter: 'all' });
  await screen.shows('before 0.');
  await screen.send('\u001b[1;5F');
  await screen.shows('Hello Alice');
});

test('announces typing and its end once, and sends the text once', limit, async () => {
  server.forget();
  await screen.send('Fine');
  assert.deepEqual((await server.event('v1RoomStatusChange')).payload, { status: 'typing', roomId: room.rId });
  await screen.send(', thanks\r');
  const { parts, headers, files } = await server.call(sendCall());
  assert.match(headers['content-type'], /^multipart\/form-data/);
  assert.deepEqual([parts.content, parts.messageType, parts.isEncrypted, files], ['Fine, thanks', 'text', 'false', []]);
  assert.match(parts.localId, UUID_V4);
  assert.deepEqual((await server.event('v1RoomStatusChange')).payload, { status: 'stop', roomId: room.rId });
  await shown('Fine, thanks', '✓');
  assert.equal(server.count(({ event }) => event === 'v1RoomStatusChange'), 2);
  assert.equal((await inPane('Fine, thanks')).length, 1);
});

test('shows delivered and seen; ignores receipts of other people', limit, async () => {
  const date = new Date().toISOString();
  // This receipt is about Bob's messages, which Alice has seen.
  server.toPerson(alice, 'v1OnEnterChatRoom', { roomId: room.rId, userId: bob._id, date });
  server.send(room, bob, 'Good to hear');
  await shown('Good to hear');
  assert.doesNotMatch((await inPane('Fine, thanks')).join(), /✓✓/);
  server.deliver(room, bob);
  server.read(room, bob);
  await shown('Fine, thanks', '✓✓');
});

test('reports a message as delivered, and as seen in the open room', limit, async () => {
  server.forget();
  server.send(room, bob, 'Tea at four?');
  assert.deepEqual((await server.event('v1DeliverChatRoom')).payload, { roomId: room.rId });
  assert.deepEqual((await server.event('v1EnterChatRoom', ({ roomId }) => roomId === room.rId)).payload, { roomId: room.rId });
  server.send(crew, cat, 'Received');
  assert.deepEqual((await server.event('v1DeliverChatRoom')).payload, { roomId: crew.rId });
  await screen.shows('Received');
  assert.equal(server.count(({ event, payload }) => event === 'v1EnterChatRoom' && payload.roomId === crew.rId), 0);
});

test('shows typing and recording of others only', limit, async () => {
  server.typing(room, bob, 'typing');
  await screen.shows('│', 'typing');
  server.typing(room, bob, 'recording');
  await screen.shows('│', 'recording');
  server.typing(room, bob, 'stop');
  await screen.lacks('recording');
  server.typing(crew, cat, 'typing');
  await screen.shows('Cat Stone', 'typing');
  server.typing(crew, cat, 'stop');
  await screen.lacks('typing');
  server.typing(room, alice, 'typing');
  server.send(room, bob, 'nobody types');
  await shown('nobody types');
  assert.doesNotMatch(await screen.screen(), /typing…/);
});

test('requests presence with ids and rooms in one list', limit, async () => {
  server.forget();
  const { raw, payload } = await server.event('v1MyOnline');
  assert.equal(typeof raw, 'string');
  assert.deepEqual(payload, [{ peerId: bob._id, extra: room.rId }]);
  server.toPerson(alice, 'v1OnMyOnline', [{ peerId: bob._id, isOnline: true, extra: room.rId }]);
  await screen.shows('│ Bob Brown', 'online');
});

test('leaves a tombstone for messages deleted for everyone', limit, async () => {
  const message = server.send(room, bob, 'Not this');
  await shown('Not this');
  server.remove(message);
  await screen.shows('Message deleted');
  await screen.lacks('Not this');
  await screen.send('Nor this\r');
  await shown('Nor this', '✓');
  const { _id } = server.world.messages.at(-1);
  await screen.send('\td');
  await screen.confirms();
  await server.call(`DELETE channel/${room.rId}/message/${_id}/delete/all`);
  await screen.lacks('Nor this');
  await back();
});

test('shows media, locations, calls and info messages', limit, async () => {
  const file = (name, mimeType) => ({ name, url: `${server.url}/media/${name}`, mimeType, fileSize: 2048, fileHash: null });
  server.send(room, bob, '📷', { mT: 'image', msgAtt: { ...file('kettle.png', 'image/png'), width: 3, height: 2 } });
  await screen.shows('│', '[image] kettle.png');
  server.send(room, bob, '🎤 00:02', { mT: 'voice', msgAtt: { ...file('v.m4a', 'audio/mp4'), duration: 2000 } });
  await screen.shows('│', '[voice] v.m4a');
  server.send(room, bob, '📍', { mT: 'location', msgAtt: { lat: '30.04', long: '31.23', linkPreviewData: { image: null, title: 'Tea house', desc: null, link: null } } });
  await screen.shows('│', 'Tea house');
  server.send(room, bob, '📞', { mT: 'call', msgAtt: { callStatus: 'timeout', startAt: null, endAt: null, withVideo: false } });
  server.send(room, bob, 'after the call');
  await shown('after the call');
});

test('ignores unknown and broken events', limit, async () => {
  const message = server.message(room, bob, 'of a kind that nobody knows', { mT: 'hologram', msgAtt: { a: 1 } });
  server.toRoom(room, 'v1OnNewMessage', message);
  server.raw(alice, 'v1OnNewMessage', '{oh');
  server.raw(alice, 'v1OnNewMessage');
  server.raw(alice, 'v1OnNewMessage', 42, 'and', 'more');
  server.raw(alice, 'v1OnException', '[object Object]');
  server.raw(alice, 'noSuchEvent', '{"a":1}');
  // An object is accepted instead of a string.
  server.raw(alice, 'v1OnNewMessage', server.message(room, bob, 'as an object'));
  await shown('as an object');
  server.send(room, bob, 'A bell \u0007, red \u001b[31m and <b>bold</b>');
  await screen.shows('<b>bold</b>');
  assert.doesNotMatch(await screen.screen(), /\u0007|\u001b/);
});

test('loads the room of a message in an unknown room', limit, async () => {
  const unknown = server.single(alice, cat);
  server.send(unknown, cat, 'We have not met');
  await server.call(`GET channel/${unknown.rId}`);
  await screen.shows('Cat Stone');
});

test('confirms a send without an answer by its echo', limit, async () => {
  server.fail(sendCall(), 'lose');
  await screen.send('Echoed\r');
  await shown('Echoed', '✓');
  assert.equal((await inPane('Echoed')).length, 1);
  // It is the same message, whether it was sent again or not.
  assert.equal(new Set(sends('Echoed').map(({ parts }) => parts.localId)).size, 1);
});

// Waits until `text` is sent, after calls with these statuses, and is shown and stored exactly once.
async function ends(text, ...statuses) {
  await shown(text, '?');
  await shown(text, '✓');
  assert.deepEqual(sends(text).map(({ status }) => status), statuses);
  assert.equal(new Set(sends(text).map(({ parts: { localId } }) => localId)).size, 1, 'the local id never changes');
  // The client checked between the first and the next attempt.
  const [first, next] = sends(text).map((entry) => server.log.indexOf(entry));
  const page = `GET channel/${room.rId}/message`;
  assert.ok(server.log.slice(first, next).some(({ kind, call }) => kind === 'rest' && call === page), 'the newest page was checked');
  assert.equal((await inPane(text)).length, 1);
  assert.equal(server.world.messages.filter(({ c }) => c === text).length, 1);
}

test('checks for a lost send and repeats it with the same localId', limit, async () => {
  server.fail(sendCall(), 'drop');
  await screen.send('Try again\r');
  await ends('Try again', undefined, 201);
});

test('finds a send that arrived without an answer, and does not repeat it', limit, async () => {
  server.fail(sendCall(), 'swallow');
  await screen.send('Only once\r');
  await ends('Only once', 201);
});

test('treats the 403 for a duplicate send as success', limit, async () => {
  server.fail(sendCall(), 'swallow');
  server.fail(`GET channel/${room.rId}/message`, ({ docs }) => ({ docs: docs.filter(({ c }) => c !== 'Not yet') }));
  await screen.send('Not yet\r');
  await ends('Not yet', 201, 403);
});

test('keeps a refused send with the reason', limit, async () => {
  server.fail(sendCall(), 400);
  await screen.send('Refused\r');
  await screen.shows('The test wants 400');
  await shown('Refused', '✗');
  server.fail(sendCall(), 'html');
  await screen.send('By a proxy\r');
  await ends('By a proxy', undefined, 201);
});

test('logs in again once after 450, and repeats the request', limit, async () => {
  const before = logins().length;
  server.expire(alice);
  await screen.send('After the token\r');
  await shown('After the token', '✓');
  assert.equal(logins().length, before + 1);
  assert.equal(logins().at(-1).parts.deviceId, logins()[0].parts.deviceId);
  assert.equal(new Set(sends('After the token').map(({ parts: { localId } }) => localId)).size, 1);
});

test('closes the composer while blocked', limit, async () => {
  server.ban(bob, alice, true);
  await server.call('GET user-ban/bob/ban');
  await screen.shows('blocked');
  server.ban(bob, alice, false);
  await screen.lacks('blocked');
  await screen.send('Back\r');
  await shown('Back', '✓');
});

test('shows a call and its end', limit, async () => {
  const call = server.ring(room, bob, { withVideo: true });
  await screen.shows('call from Bob Brown');
  server.hangUp(call, bob);
  await screen.lacks('call from Bob Brown');
  server.send(room, bob, 'Did you hear it?');
  await shown('Did you hear it?');
});

test('says that the user was removed from a group', limit, async () => {
  server.kick(crew, cat, alice);
  await screen.send('\u000bRelease crew\r');
  await screen.shows('You are no longer in this group');
  await screen.send('\u000bBob Brown\r');
  await screen.shows('› Message Bob Brown');
});

// Waits until the new connection has reloaded the room, with the messages sent meanwhile.
async function isBack(words) {
  await server.waitFor('a connection', ({ kind }) => kind === 'connect');
  await server.call('GET channel');
  await server.call(`GET channel/${room.rId}/message`);
  assert.deepEqual((await server.event('v1EnterChatRoom', ({ roomId }) => roomId === room.rId)).args, 1);
  await shown(words);
  server.send(room, bob, `live after ${words}`);
  await shown(`live after ${words}`);
}

test('reconnects after the server closed the socket', limit, async () => {
  server.forget();
  server.message(room, bob, 'closed');
  server.disconnect(alice);
  await isBack('closed');
});

test('reconnects after a crash without missing messages or saved-up polls', limit, async () => {
  await server.crash();
  await screen.shows('Reconnecting in');
  server.forget();
  for (let number = 0; number < 40; number += 1) server.message(room, bob, `missed ${number}.`);
  await screen.send('a draft');
  await screen.shows('› a draft');
  await server.start(server.port);
  await isBack('missed 39.');
  assert.ok(server.count(({ event }) => event === 'v1MyOnline') <= 2);
  await screen.shows('› a draft');
  await server.waitFor('the page before', ({ kind, call, query }) => kind === 'rest' && call === `GET channel/${room.rId}/message` && query.lastId);
});

test('sent one JSON string per emit and a token with every call', limit, () => {
  for (const { event, raw, args } of server.log.filter(({ kind }) => kind === 'emit')) {
    assert.deepEqual([typeof raw, args], ['string', 1], event);
  }
  for (const { call, headers } of server.log.filter(({ kind }) => kind === 'rest')) {
    // A picture is fetched like by any other program: without the token.
    if (call.startsWith('GET /media/')) assert.equal(headers.authorization, undefined, call);
    else assert.match(headers.authorization ?? '', /^Bearer /, call);
  }
});

test('quits cleanly without a question, because the refused send is stored', limit, async () => {
  await screen.send('\u0015\u0011');
  assert.equal(await screen.exit(), 0);
  assert.equal((await server.waitFor('the end', ({ kind }) => kind === 'disconnect')).reason, 'client namespace disconnect');
  await screen.restart();
  await shown('Refused', '✗');
  await screen.shows('Not sent:', 'The test wants');
  assert.equal(sends('Refused').length, 1, 'the refused send was not repeated');
});
