// Rooms and people in the client: muted, put away, searched, deleted, blocked, last seen, and rooms of an order
// (sections 2.1, 2.2 and 2.6 of the note).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { bare, Client, ESC, F2, keptTo, limit, sent, TO_NEWEST } from './client.mjs';
import { VChat } from './server.mjs';

const DAN = 'dan+tea/1@example.com';
const HOURS = 3_600_000;
let server;
let client;
let [alice, bob, cat, dan] = [];
let room;
let cats;
let crew;
let order;

const row = (of) => of.members.get(alice.identifier);
// The next call of a method whose path below `/api/v2/` begins so, whatever is encoded in it.
const calls = (start) => server.heard(start, ({ kind, call }) => kind === 'rest' && call.startsWith(start));
// A room stands in the list by its title, behind a sign.
const listed = async (title) => (await client.list()).split('\n').some((line) => line[1] !== ' ' && line.slice(3).startsWith(title));

before(async () => {
  server = await new VChat().start();
  [alice, bob, cat, dan] = [server.person('alice@example.com', 'Alice'), server.person('bob', 'Bob Brown'), server.person('cat', 'Cat Stone'), server.person(DAN, 'Dan Dunn')];
  cat.lastSeenAt = null;
  bob.lastSeenAt = new Date(Date.now() - 2.5 * HOURS).toISOString();
  crew = server.group('Release crew', cat, alice, bob);
  server.message(crew, cat, 'Welcome on board');
  cats = server.single(alice, cat);
  server.message(cats, cat, 'Meow');
  room = server.single(alice, bob);
  server.message(room, bob, 'Hello Alice');
  order = server.order(bob, alice, { orderId: '7', orderTitle: 'Order 7' });
  server.message(order, bob, 'About your order');
  server.message(room, bob, 'Hello again');
  client = new Client(server, alice);
  await client.says('Hello Alice');
});

after(async () => {
  await client.close();
  await server.crash();
});

test('when somebody was last there is asked once the chat is open, and said', limit, async () => {
  bare(await server.call('GET profile/users/bob/last-seen'));
  await client.shows('│ Bob Brown', 'last seen 2 h ago');
});

test('who hides it is not there, and that is all', limit, async () => {
  await client.opens('Cat Stone');
  await server.call('GET profile/users/cat/last-seen');
  await client.says('Meow');
  assert.doesNotMatch((await client.pane())[0], /last seen/);
  await client.opens('Bob Brown');
});

test('who is online is asked of chats and orders alike, and of no group', limit, async () => {
  const { payload } = await server.event('v1MyOnline');
  const asked = [[order, bob], [room, bob], [cats, cat]].map(([{ rId }, { _id }]) => ({ peerId: _id, extra: rId }));
  assert.deepEqual(new Set(payload.map(({ peerId, extra }) => `${peerId} ${extra}`)), new Set(asked.map(({ peerId, extra }) => `${peerId} ${extra}`)));
});

test('a room is muted, and heard again', limit, async () => {
  await client.enters('/mute');
  bare(await server.call(`PATCH channel/${room.rId}/notification/mute`));
  await client.shows('│ Bob Brown', 'muted');
  await client.shows('Bob Brown', '⊘');
  assert.equal(row(room).isM, true);
  await client.enters('/unmute');
  bare(await server.call(`PATCH channel/${room.rId}/notification/un-mute`));
  await client.lacks('⊘');
  assert.equal(row(room).isM, false);
});

test('a room is put away, found among those, and taken back', limit, async () => {
  await client.opens('Cat Stone');
  await client.enters('/archive');
  bare(await server.call(`PATCH channel/${cats.rId}/archive`));
  await client.shows('Cat Stone was archived.');
  assert.equal(await listed('Cat Stone'), false);
  // What is said there meanwhile does not bring it back: it is put away.
  server.forget();
  server.say(cats, cat, 'Purr');
  assert.deepEqual((await server.event('v1DeliverChatRoom')).payload, { roomId: cats.rId });
  server.say(room, bob, 'after the cat');
  await client.says('after the cat');
  assert.equal(await listed('Cat Stone'), false);
  await client.enters('/archived');
  assert.deepEqual((await server.call('GET channel')).query, { limit: '20', page: '1', archiveOnly: 'true' });
  await client.shows('─ Archived rooms ─');
  await client.shows('│ Cat Stone');
  await client.send('\r');
  await client.shows('› Message Cat Stone');
  await client.says('Purr');
  await client.shows('│ Cat Stone', 'archived');
  await client.enters('/unarchive');
  bare(await server.call(`PATCH channel/${cats.rId}/un-archive`));
  await client.lacks('archived');
  assert.equal(await listed('Cat Stone'), true);
  assert.equal(row(cats).isA, false);
});

test('a room that was put away on another device does not come back with a message', limit, async () => {
  const other = server.group('Attic', bob, alice);
  server.message(other, bob, 'Old things');
  row(other).isA = true;
  server.forget();
  server.say(other, bob, 'More old things');
  await server.call(`GET channel/${other.rId}`);
  server.say(room, bob, 'after the attic');
  await client.shows('after the attic');
  assert.equal(await listed('Attic'), false);
});

test('rooms are searched by title on the server', limit, async () => {
  server.forget();
  await client.enters('/rooms crew');
  assert.deepEqual((await server.call('GET channel')).query, { limit: '20', page: '1', title: 'crew' });
  await client.shows('─ Rooms matching crew ─');
  await client.shows('│ Release crew', 'unread │');
  await client.send('\r');
  await client.shows('› Message Release crew');
  await client.enters('/rooms nothing of this kind');
  await client.shows('No matches');
  await client.send(ESC);
  await client.lacks('No matches');
});

test('people are searched by name, and one goes to the chat with one of them', limit, async () => {
  await client.enters('/people dunn');
  assert.deepEqual((await server.call('GET profile/users')).query, { limit: '30', page: '1', fullName: 'dunn' });
  await client.shows('─ People matching dunn ─');
  await client.shows(`Dan Dunn @${DAN}`);
  await client.send('\r');
  const call = await calls('POST channel/peer-room/');
  bare(call);
  assert.equal(decodeURIComponent(call.url.split('/').at(-1)), DAN);
  assert.equal(call.status, 201);
  await client.shows('› Message Dan Dunn');
  await client.enters('Nice to meet you');
  await client.says('Nice to meet you', '✓');
  assert.equal(await listed('Dan Dunn'), true);
});

test('more people than a page', limit, async () => {
  for (let number = 10; number < 75; number += 1) server.person(`guest-${number}`, `Guest ${number}`);
  await client.enters('/people guest');
  await client.shows('Guest 10 @guest-10');
  assert.deepEqual((await server.call('GET profile/users')).query, { limit: '30', page: '1', fullName: 'guest' });
  // The last of those that are there fetches the next.
  await client.pressesFor(TO_NEWEST, 'Guest 74 @guest-74');
  for (const page of ['2', '3']) assert.deepEqual((await server.call('GET profile/users')).query, { limit: '30', page, fullName: 'guest' });
  await client.send(ESC);
  await client.lacks('@guest-');
});

test('somebody is chatted with by identifier; somebody unknown is told of', limit, async () => {
  await client.enters('/dm cat');
  bare(await server.call('POST channel/peer-room/cat'));
  await client.shows('› Message Cat Stone');
  await client.enters('/dm nobody');
  assert.equal((await server.call('POST channel/peer-room/nobody')).status, 404);
  await client.shows('nobody: ', 'User not found');
  await client.shows('› /dm nobody');
  await client.send('\u0015');
});

test('somebody is blocked: nothing can be written, and nothing is sent; then unblocked', limit, async () => {
  await client.opens('Bob Brown');
  await client.enters('/block');
  bare(await server.call('POST user-ban/bob/ban'));
  await client.shows('You blocked Bob Brown.');
  server.forget();
  await client.enters('A word');
  await client.enters('/call');
  await client.shows('/unblock unblocks them');
  await client.enters('/unblock');
  bare(await server.call('POST user-ban/bob/un-ban'));
  assert.equal(server.count(({ call }) => call?.startsWith('POST channel') || call?.startsWith('POST call')), 0);
  await client.shows('› Message Bob Brown');
  await client.enters('Friends again');
  await client.says('Friends again', '✓');
});

test('somebody who is not the other side is blocked by identifier', limit, async () => {
  await client.enters(`/block ${DAN}`);
  const call = await calls('POST user-ban/');
  assert.match(call.url, /\/user-ban\/[^/]+\/ban$/);
  assert.equal(server.world.bans.has(`${alice.identifier}>${DAN}`), true);
  await client.shows('Dan Dunn is blocked.');
  await client.enters('/go Dan Dunn');
  await client.shows('You blocked Dan Dunn.');
  await client.enters('/unblock');
  await client.shows('› Message Dan Dunn');
  await client.opens('Bob Brown');
});

test('a room of an order is a room of two', limit, async () => {
  await client.shows('¤ Order 7');
  await client.opens('Order 7');
  bare(await server.call(`GET channel/${order.rId}/order/my-info`));
  await client.says('About your order');
  await client.send('\trWhere is it?\r');
  const { lId } = server.world.visible(order.rId, alice).find(({ c }) => c === 'About your order');
  assert.deepEqual(sent(await server.call(`POST channel/${order.rId}/message`)), { content: 'Where is it?', messageType: 'text', replyToLocalId: lId });
  await client.says('Where is it?', '✓');
  server.read(order, bob);
  await client.says('Where is it?', '✓✓');
  await server.heard('its reading', ({ event, payload }) => event === 'v1EnterChatRoom' && payload.roomId === order.rId);
  server.typing(order, bob, 'typing');
  await client.shows('│', 'typing…');
  server.typing(order, bob, 'stop');
  await client.lacks('typing…');
  await client.opens('Bob Brown');
});

test('an order that is closed can be read only', limit, async () => {
  const closed = server.order(bob, alice, { orderId: '8', orderTitle: 'Order 8', isClosed: true });
  server.say(closed, bob, 'All done');
  bare(await server.call(`GET channel/${closed.rId}`));
  await client.shows('¤ Order 8');
  await client.enters('/go Order 8');
  await client.says('All done');
  await client.shows('This order is closed.');
  server.forget();
  await client.enters('One more thing');
  await client.opens('Bob Brown');
  assert.equal(server.count(({ call }) => call?.startsWith('POST channel')), 0);
});

test('who is in a chat of two', limit, async () => {
  await client.send(F2);
  await client.shows('Bob Brown @bob', 'last seen');
  await client.shows('Alice @alice@example.com', 'you');
  await client.send(ESC);
  await client.lacks('Alice @alice@example.com');
});

test('a chat is deleted for me, after a question, and is back with the next message', limit, async () => {
  await client.opens('Cat Stone');
  await client.enters('/delete-chat');
  await client.shows('Delete the chat Cat Stone and all its messages, for you?');
  await client.send('y');
  bare(await server.call(`DELETE channel/${cats.rId}`));
  await client.shows('Cat Stone was deleted.');
  assert.equal(await listed('Cat Stone'), false);
  assert.equal(row(cats).isD, true);
  server.say(cats, cat, 'Meow again');
  await server.call(`GET channel/${cats.rId}`);
  await client.shows('Meow again');
  await client.opens('Cat Stone');
  await client.says('Meow again');
  assert.doesNotMatch(await client.screen(), /Purr/);
});

test('all of it was said as the note wants it, and the client ends well', limit, async () => {
  keptTo(server);
  await client.quits();
});
