// Two instances of the official SDK talk through the server; each event is checked where it arrives.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createRequire } from 'node:module';

import { apiKey, connect, disconnectAll, recorder, send, settled, update, url } from './sdk.mjs';

const axios = createRequire(import.meta.url)('axios');
const limit = { timeout: 15_000 };
// Names are unique, because several runs may use one server.
const run = Date.now().toString(36);
const named = (name) => `${name}-${run}`;

let alice;
let bob;
let chat;
let bobsChat;

before(async () => {
  alice = await connect(named('alice'), 'Alice');
  bob = await connect(named('bob'), 'Bob');
});

after(disconnectAll);

test('people are found by name and by id, and changed', limit, async () => {
  const user = await alice.createUser({ username: named('cy'), name: 'Cy', metadata: { role: 'guest', n: 1, ok: true } });
  assert.deepEqual(await alice.fetchUser(named('cy')), user);
  assert.deepEqual(await bob.fetchUserById(user.id), user);
  assert.deepEqual(user.metadata, { role: 'guest', n: 1, ok: true });
  const changed = await bob.updateUserById(user.id, { name: 'Cyrus' });
  assert.equal(changed.name, 'Cyrus');
  assert.deepEqual(changed.metadata, user.metadata);
  const users = await alice.getUsers([named('bob'), named('cy')]);
  assert.deepEqual(users.map((found) => found.name), ['Bob', 'Cyrus']);
});

test('starting a chat from both sides gives one chat', limit, async () => {
  chat = await alice.chat(named('bob'), { metadata: { topic: 'tea' } });
  bobsChat = await bob.chat(named('alice'));
  assert.equal(chat.getId(), bobsChat.getId());
  assert.equal(chat.getTitle(), 'Bob');
  assert.equal(bobsChat.getTitle(), 'Alice');
  assert.deepEqual(bobsChat.getMetadata(), { topic: 'tea' });
  assert.deepEqual(await bobsChat.setMetaData({ cups: 2 }), { topic: 'tea', cups: 2 });
});

test('a chat without messages is not listed', limit, async () => {
  assert.equal((await bob.getChats()).totalChats, 0);
});

test('a message is acknowledged, and received as message and as chat', limit, async () => {
  const chats = recorder();
  const messages = recorder();
  const echoes = recorder();
  bob.onChat(chats.listener);
  bobsChat.onMessage(messages.listener);
  chat.onMessage(echoes.listener);
  await Promise.all([settled(alice), settled(bob)]);
  const sent = await send(chat, { text: 'Tea? 🍵', metadata: { font: 'serif' } });
  assert.equal(sent.text, 'Tea? 🍵');
  assert.equal(sent.success, true);
  assert.equal(sent.user.username, named('alice'));
  assert.equal(sent.metadata.font, 'serif');
  assert.ok(sent.metadata.minchatJSIdentifier);
  const [heard] = await messages.next();
  assert.deepEqual(heard, sent);
  const [inList] = await chats.next();
  assert.equal(inList.getId(), chat.getId());
  assert.equal(inList.getTitle(), 'Alice');
  assert.deepEqual(inList.getMemberIds(), [alice.config.user.id]);
  assert.equal(inList.getLastMessage().text, 'Tea? 🍵');
  await settled(alice);
  assert.equal(echoes.all.length, 0, 'a sender must not receive their own message');
});

test('each side sees the chat under the name of the other', limit, async () => {
  const [mine] = (await alice.getChats()).chats;
  const [yours] = (await bob.getChats()).chats;
  assert.deepEqual([mine.getTitle(), yours.getTitle()], ['Bob', 'Alice']);
  assert.deepEqual(mine.getMetadata(), { topic: 'tea', cups: 2 });
});

test('both sides receive edits and deletions', limit, async () => {
  const ears = [recorder(), recorder(), recorder(), recorder()];
  chat.onMessageUpdated(ears[0].listener);
  bobsChat.onMessageUpdated(ears[1].listener);
  chat.onMessageDeleted(ears[2].listener);
  bobsChat.onMessageDeleted(ears[3].listener);
  await Promise.all([settled(alice), settled(bob)]);
  const sent = await send(chat, { text: 'Or cofee?' });
  const changed = await update(chat, sent.id, { text: 'Or coffee?' });
  assert.equal(changed.text, 'Or coffee?');
  assert.deepEqual((await ears[0].next())[0], changed);
  assert.deepEqual((await ears[1].next())[0], changed);
  chat.deleteMessage(sent.id);
  assert.deepEqual(await ears[2].next(), [sent.id]);
  assert.deepEqual(await ears[3].next(), [sent.id]);
  const { messages } = await bobsChat.getMessages();
  assert.deepEqual(messages.map((message) => message.text), ['Tea? 🍵']);
});

test('the author receives the receipt, which is stored', limit, async () => {
  const seen = recorder();
  chat.onMessageSeen(seen.listener);
  const sent = await send(chat, { text: 'Still there?' });
  bobsChat.setSeen(sent.id);
  assert.deepEqual(await seen.next(), [sent.id]);
  const { messages } = await chat.getMessages();
  assert.equal(messages.at(-1).seen, true);
  assert.equal(messages.at(0).seen, false);
});

test('only the other side receives typing', limit, async () => {
  const started = recorder();
  const stopped = recorder();
  const echoes = recorder();
  chat.onTypingStarted(started.listener);
  chat.onTypingStopped(stopped.listener);
  bobsChat.onTypingStarted(echoes.listener);
  await Promise.all([settled(alice), settled(bob)]);
  await bobsChat.startTyping();
  assert.equal((await started.next())[0].id, bob.config.user.id);
  await bobsChat.stopTyping();
  assert.equal((await stopped.next())[0].username, named('bob'));
  await settled(bob);
  assert.equal(echoes.all.length, 0);
});

test('a member is online while connected and offline after', limit, async () => {
  const dora = await connect(named('dora'), 'Dora');
  const status = () =>
    new Promise((resolve) => {
      alice.config.socket.emit('user.status', { memberId: dora.config.user.id, apiKey }, resolve);
    });
  assert.deepEqual(await status(), { memberId: dora.config.user.id, status: 'online' });
  const together = await alice.chat(named('dora'));
  together.joinRoom();
  const heard = recorder();
  // The 3.x SDK only requests presence; the events for the 4.x SDK are on the socket too.
  alice.config.socket.on('user.status', heard.listener);
  await settled(alice);
  dora.config.socket.emit('user.status', { memberId: dora.config.user.id, apiKey, channelId: together.getId() });
  assert.deepEqual(await heard.next(), [{ memberId: dora.config.user.id, status: 'online' }]);
  dora.config.socket.disconnect();
  assert.deepEqual(await heard.next(), [{ memberId: dora.config.user.id, status: 'offline' }]);
  assert.deepEqual(await status(), { memberId: dora.config.user.id, status: 'offline' });
});

test('the SDK reports that a member is online', limit, async () => {
  const heard = recorder();
  chat.onMemberStatusChanged(heard.listener);
  assert.deepEqual(await heard.next(), [bob.config.user.id, 0]);
});

test('each group is new, and its members can change', limit, async () => {
  await alice.createUser({ username: named('eve'), name: 'Eve' });
  const group = await alice.groupChat({ memberUsernames: [named('bob'), named('eve')], title: 'Tea round', metadata: { pot: 1 } });
  const other = await alice.groupChat({ memberUsernames: [named('bob'), named('eve')] });
  assert.notEqual(group.getId(), other.getId());
  assert.deepEqual([group.getTitle(), other.getTitle()], ['Tea round', 'Group Chat']);
  assert.equal(group.getMembers().length, 2);
  await group.removeMember(named('eve'));
  await group.addMember(named('cy'));
  assert.deepEqual(group.getMembers().map((member) => member.username), [named('bob'), named('cy')]);
  const chats = recorder();
  bob.onChat(chats.listener);
  await send(group, { text: 'First cup' });
  const [heard] = await chats.next();
  assert.equal(heard.getTitle(), 'Tea round');
  assert.deepEqual(heard.getMetadata(), { pot: 1 });
});

test('history comes in pages of 25, oldest first', limit, async () => {
  const group = await alice.groupChat({ memberUsernames: [named('bob')], title: 'Long' });
  await Promise.all(Array.from({ length: 30 }, (_, n) => send(group, { text: `${n}` })));
  const newest = await group.getMessages();
  assert.equal(newest.totalMessages, 30);
  assert.equal(newest.totalPages, 2);
  assert.deepEqual(newest.messages.map((message) => Number(message.text)), Array.from({ length: 25 }, (_, n) => n + 5));
  const older = await group.getMessages(2);
  assert.deepEqual(older.messages.map((message) => Number(message.text)), [0, 1, 2, 3, 4]);
});

test('a file is sent as bytes and received as a URL', limit, async () => {
  // In Node, the SDK accepts a buffer with a stream, a name and a type as a file.
  const file = Object.assign(Buffer.from('GIF89a, nearly'), { stream() {}, name: 'cat.gif', type: 'image/gif' });
  const sent = await send(chat, { text: 'look', file });
  assert.equal(sent.file.type, 'gif');
  assert.equal(sent.file.name, 'cat.gif');
  const { data } = await axios.get(sent.file.url, { responseType: 'arraybuffer' });
  assert.equal(Buffer.from(data).toString(), 'GIF89a, nearly');
});

test('an invalid request causes an error event', limit, async () => {
  const heard = recorder();
  chat.onError(heard.listener);
  alice.config.socket.emit('room.join', { channelId: 'nowhere', apiKey });
  assert.deepEqual(await heard.next(), ['chat not found']);
});

test('one instance can change its user', limit, async () => {
  const instance = await connect(named('fay'), 'Fay');
  await instance.connectUser({ username: named('gil'), name: 'Gil' });
  await settled(instance);
  const chats = recorder();
  instance.onChat(chats.listener);
  await send(await alice.chat(named('fay')), { text: 'to Fay' });
  await send(await alice.chat(named('gil')), { text: 'to Gil' });
  const [heard] = await chats.next();
  assert.equal(heard.getLastMessage().text, 'to Gil');
});

test('a chat is deleted once, and a user with their messages', limit, async () => {
  const group = await alice.groupChat({ memberUsernames: [named('bob')], title: 'Short' });
  await send(group, { text: 'x' });
  assert.deepEqual([await alice.deleteChat(group.getId()), await alice.deleteChat(group.getId())], [true, false]);
  assert.equal((await group.getMessages()).success, false);
  assert.equal(await alice.deleteUser(named('cy')), true);
  await assert.rejects(alice.fetchUser(named('cy')), /status code 400/);
});

test('a wrong API key is refused', limit, async () => {
  const request = axios.get(`${url}/v1/user`, { params: { username: named('bob') }, headers: { Authorization: 'Bearer no' } });
  await assert.rejects(request, /status code 401/);
});
