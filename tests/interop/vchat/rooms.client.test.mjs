// Rooms and people in the client: muted, archived, searched, deleted, blocked, last seen, and order rooms (sections 2.1,
// 2.2 and 2.6 of the protocol notes).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { bare, Client, ESC, F2, assertProtocol, limit, sent, TO_NEWEST } from './client.mjs';
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
// The next call whose method and path below `/api/v2/` begin with `start`.
const calls = (start) => server.waitFor(start, ({ kind, call }) => kind === 'rest' && call.startsWith(start));
// Whether the room list contains this title, after its symbol.
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
  await client.showsMessage('Hello Alice');
});

after(async () => {
  await client.close();
  await server.crash();
});

test('requests and shows when the person was last seen', limit, async () => {
  bare(await server.call('GET profile/users/bob/last-seen'));
  await client.shows('│ Bob Brown', 'last seen 2 h ago');
});

test('shows a person who hides it as offline', limit, async () => {
  await client.open('Cat Stone');
  await server.call('GET profile/users/cat/last-seen');
  await client.showsMessage('Meow');
  assert.doesNotMatch((await client.pane())[0], /last seen/);
  await client.open('Bob Brown');
});

test('requests presence for direct messages and orders, not for groups', limit, async () => {
  const { payload } = await server.event('v1MyOnline');
  const asked = [[order, bob], [room, bob], [cats, cat]].map(([{ rId }, { _id }]) => ({ peerId: _id, extra: rId }));
  assert.deepEqual(new Set(payload.map(({ peerId, extra }) => `${peerId} ${extra}`)), new Set(asked.map(({ peerId, extra }) => `${peerId} ${extra}`)));
});

test('mutes and unmutes a room', limit, async () => {
  await client.enter('/mute');
  bare(await server.call(`PATCH channel/${room.rId}/notification/mute`));
  await client.shows('│ Bob Brown', 'muted');
  await client.shows('Bob Brown', '⊘');
  assert.equal(row(room).isM, true);
  await client.enter('/unmute');
  bare(await server.call(`PATCH channel/${room.rId}/notification/un-mute`));
  await client.lacks('⊘');
  assert.equal(row(room).isM, false);
});

test('archives a room, finds it there, and unarchives it', limit, async () => {
  await client.open('Cat Stone');
  await client.enter('/archive');
  bare(await server.call(`PATCH channel/${cats.rId}/archive`));
  await client.shows('Cat Stone was archived.');
  assert.equal(await listed('Cat Stone'), false);
  // A direct message brings the room back until it is read, although the server calls it archived.
  server.forget();
  server.send(cats, cat, 'Purr');
  assert.deepEqual((await server.event('v1DeliverChatRoom')).payload, { roomId: cats.rId });
  server.send(room, bob, 'after the cat');
  await client.showsMessage('after the cat');
  assert.equal(await listed('Cat Stone'), true);
  await client.enter('/archived');
  assert.deepEqual((await server.call('GET channel')).query, { limit: '20', page: '1', archiveOnly: 'true' });
  await client.shows('─ Archived rooms ─');
  await client.shows('│ Cat Stone');
  await client.send('\r');
  await client.shows('› Message Cat Stone');
  await client.showsMessage('Purr');
  await client.shows('│ Cat Stone', 'archived');
  await client.enter('/unarchive');
  bare(await server.call(`PATCH channel/${cats.rId}/un-archive`));
  await client.lacks('archived');
  assert.equal(await listed('Cat Stone'), true);
  assert.equal(row(cats).isA, false);
});

test('keeps a room archived on another device out of the list', limit, async () => {
  const other = server.group('Attic', bob, alice);
  server.message(other, bob, 'Old things');
  row(other).isA = true;
  server.forget();
  server.send(other, bob, 'More old things');
  await server.call(`GET channel/${other.rId}`);
  server.send(room, bob, 'after the attic');
  await client.shows('after the attic');
  assert.equal(await listed('Attic'), false);
});

test('searches rooms by title on the server', limit, async () => {
  server.forget();
  await client.enter('/rooms crew');
  assert.deepEqual((await server.call('GET channel')).query, { limit: '20', page: '1', title: 'crew' });
  await client.shows('─ Rooms matching crew ─');
  await client.shows('│ Release crew', 'unread │');
  await client.send('\r');
  await client.shows('› Message Release crew');
  await client.enter('/rooms nothing of this kind');
  await client.shows('No matches');
  await client.send(ESC);
  await client.lacks('No matches');
});

test('searches people by name and opens a chat', limit, async () => {
  await client.enter('/people dunn');
  assert.deepEqual((await server.call('GET profile/users')).query, { limit: '30', page: '1', fullName: 'dunn' });
  await client.shows('─ People matching dunn ─');
  await client.shows(`Dan Dunn @${DAN}`);
  await client.send('\r');
  const call = await calls('POST channel/peer-room/');
  bare(call);
  assert.equal(decodeURIComponent(call.url.split('/').at(-1)), DAN);
  assert.equal(call.status, 201);
  await client.shows('› Message Dan Dunn');
  await client.enter('Nice to meet you');
  await client.showsMessage('Nice to meet you', '✓');
  assert.equal(await listed('Dan Dunn'), true);
});

test('loads further pages of people', limit, async () => {
  for (let number = 10; number < 75; number += 1) server.person(`guest-${number}`, `Guest ${number}`);
  await client.enter('/people guest');
  await client.shows('Guest 10 @guest-10');
  assert.deepEqual((await server.call('GET profile/users')).query, { limit: '30', page: '1', fullName: 'guest' });
  // Selecting the last loaded row loads the next page.
  await client.pressUntil(TO_NEWEST, 'Guest 74 @guest-74');
  for (const page of ['2', '3']) assert.deepEqual((await server.call('GET profile/users')).query, { limit: '30', page, fullName: 'guest' });
  await client.send(ESC);
  await client.lacks('@guest-');
});

test('opens a chat by identifier, and reports an unknown one', limit, async () => {
  await client.enter('/dm cat');
  bare(await server.call('POST channel/peer-room/cat'));
  await client.shows('› Message Cat Stone');
  await client.enter('/dm nobody');
  assert.equal((await server.call('POST channel/peer-room/nobody')).status, 404);
  await client.shows('No user is called nobody.');
  await client.shows('› /dm nobody');
  await client.send('\u0015');
});

test('blocks a person, which closes the chat, and unblocks them', limit, async () => {
  await client.open('Bob Brown');
  await client.enter('/block');
  await client.confirms();
  bare(await server.call('POST user-ban/bob/ban'));
  await client.shows('You blocked Bob Brown.');
  server.forget();
  await client.enter('A word');
  await client.enter('/call');
  await client.shows('/unblock unblocks them');
  await client.enter('/unblock');
  bare(await server.call('POST user-ban/bob/un-ban'));
  assert.equal(server.count(({ call }) => call?.startsWith('POST channel') || call?.startsWith('POST call')), 0);
  await client.shows('› Message Bob Brown');
  await client.enter('Friends again');
  await client.showsMessage('Friends again', '✓');
});

test('blocks another person by identifier', limit, async () => {
  await client.enter(`/block ${DAN}`);
  await client.confirms();
  const call = await calls('POST user-ban/');
  assert.match(call.url, /\/user-ban\/[^/]+\/ban$/);
  assert.equal(server.world.bans.has(`${alice.identifier}>${DAN}`), true);
  await client.shows('Dan Dunn is blocked.');
  await client.enter('/go Dan Dunn');
  await client.shows('You blocked Dan Dunn.');
  await client.enter('/unblock');
  await client.shows('› Message Dan Dunn');
  await client.open('Bob Brown');
});

test('chats in an order room', limit, async () => {
  await client.shows('¤ Order 7');
  await client.open('Order 7');
  bare(await server.call(`GET channel/${order.rId}/order/my-info`));
  await client.showsMessage('About your order');
  await client.send('\tr');
  await client.shows('Replying to');
  await client.send('Where is it?\r');
  const { lId } = server.world.visible(order.rId, alice).find(({ c }) => c === 'About your order');
  assert.deepEqual(sent(await server.call(`POST channel/${order.rId}/message`)), { content: 'Where is it?', messageType: 'text', replyToLocalId: lId });
  await client.showsMessage('Where is it?', '✓');
  server.read(order, bob);
  await client.showsMessage('Where is it?', '✓✓');
  await server.waitFor('its reading', ({ event, payload }) => event === 'v1EnterChatRoom' && payload.roomId === order.rId);
  server.typing(order, bob, 'typing');
  await client.shows('│', 'typing…');
  server.typing(order, bob, 'stop');
  await client.lacks('typing…');
  await client.open('Bob Brown');
});

test('shows a closed order read-only', limit, async () => {
  const closed = server.order(bob, alice, { orderId: '8', orderTitle: 'Order 8', isClosed: true });
  server.send(closed, bob, 'All done');
  bare(await server.call(`GET channel/${closed.rId}`));
  await client.shows('¤ Order 8');
  await client.enter('/go Order 8');
  await client.showsMessage('All done');
  await client.shows('This order is closed.');
  server.forget();
  await client.enter('One more thing');
  await client.open('Bob Brown');
  assert.equal(server.count(({ call }) => call?.startsWith('POST channel')), 0);
});

test('2.2: shows and sets the nick name of a room', limit, async () => {
  await client.open('Cat Stone');
  await client.enter('/nick Kitty');
  assert.deepEqual((await server.call(`PATCH channel/${cats.rId}/nick-name`)).body, { name: 'Kitty' });
  await client.shows('› Message Kitty');
  assert.equal(await listed('Kitty'), true);
  assert.equal(row(cats).nTitle, 'Kitty');
  await client.enter('/nick');
  assert.deepEqual((await server.call(`PATCH channel/${cats.rId}/nick-name`)).body, { name: '' });
  await client.shows('› Message Cat Stone');
  row(crew).nTitle = 'My crew';
  await client.send('\u001b[15~');
  await client.shows('# My crew');
  row(crew).nTitle = null;
  await client.send('\u001b[15~');
  await client.shows('# Release crew');
  await client.open('Bob Brown');
});

test('2.3.2: lists the media and files of a room, and goes to one', limit, async () => {
  const file = (name, mimeType, more) => ({ name, url: `${server.url}/media/${name}`, mimeType, fileSize: 2048, fileHash: null, ...more });
  server.send(room, bob, '📷', { mT: 'image', msgAtt: file('pier.png', 'image/png', { width: 3, height: 2 }) });
  server.send(room, bob, '📁', { mT: 'file', msgAtt: file('plan.pdf', 'application/pdf') });
  await client.showsMessage('[file] plan.pdf');
  const page = async (filter) => {
    const isPage = ({ kind, call, query }) => kind === 'rest' && call === `GET channel/${room.rId}/message` && query.filter === filter;
    return (await server.waitFor(`a page of ${filter}`, isPage)).query;
  };
  await client.enter('/shared');
  assert.deepEqual(await page('media'), { limit: '30', filter: 'media' });
  assert.equal((await page('media')).lastId.length, 24, 'older ones are read until there are none');
  await client.shows('Bob Brown: [image] pier.png');
  await client.send(ESC);
  await client.enter('/shared files');
  assert.equal((await page('file')).lastId, undefined);
  await client.shows('Bob Brown: [file] plan.pdf');
  await client.send('\r');
  await client.lacks('─ Files in');
  await client.send(`${ESC}${TO_NEWEST}`);
});

test('shows the info of a direct message', limit, async () => {
  await client.send(F2);
  await client.shows('Bob Brown @bob', 'last seen');
  await client.shows('Alice @alice@example.com', 'you');
  await client.send(ESC);
  await client.lacks('Alice @alice@example.com');
});

test('deletes a chat for me, until the next message', limit, async () => {
  await client.open('Cat Stone');
  await client.enter('/delete-chat');
  await client.shows('Delete Cat Stone and all its messages for you?');
  await client.confirms();
  bare(await server.call(`DELETE channel/${cats.rId}`));
  await client.shows('Cat Stone was deleted.');
  assert.equal(await listed('Cat Stone'), false);
  assert.equal(row(cats).isD, true);
  server.send(cats, cat, 'Meow again');
  await server.call(`GET channel/${cats.rId}`);
  await client.shows('Meow again');
  await client.open('Cat Stone');
  await client.showsMessage('Meow again');
  assert.doesNotMatch(await client.screen(), /Purr/);
});

test('followed the protocol throughout, and quits cleanly', limit, async () => {
  assertProtocol(server);
  await client.quit();
});
