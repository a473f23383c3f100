// The client against the real socket.io server: what the server receives, and what the screen shows.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { KEY, Peer } from './server.mjs';
import { Screen } from './screen.mjs';

const limit = { timeout: 120_000 };
let peer;
let screen;

const ROOM = 'c-room';

const files = {
  'tea.png': Buffer.from('\x89PNG\r\n\x1a\n, nearly', 'latin1'),
  'Tee für zwei.txt': 'Milch, Zucker\n',
  'plan.pdf': '%PDF-1.4, nearly',
  'draft.txt': 'All of this is unfinished\n',
  // More than the socket buffers of the machine can hold.
  'large.bin': Buffer.alloc(25_000_000, 'all work and no play '),
};

before(async () => {
  peer = await new Peer().start();
  peer.chat(ROOM, 'Bob Brown', ['alice', 'bob'], 'Hello Alice');
  screen = new Screen({ files }, '--url', peer.url, '--api-key', KEY, '--user', 'alice', '--name', 'Alice');
});

after(async () => {
  await screen.close();
  await peer.crash();
});

test('signs in, connects by websocket only, joins and loads', limit, async () => {
  await screen.shows('› Message Bob Brown');
  await screen.shows('│', 'Hello Alice');
  const signIn = await peer.call('POST /v1/user');
  assert.deepEqual([signIn.body, signIn.key], [{ username: 'alice', name: 'Alice' }, `Bearer ${KEY}`]);
  assert.deepEqual((await peer.event('connection')).payload, { transport: 'websocket', eio: '4', auth: {} });
  assert.deepEqual((await peer.event('room.user.join')).payload, { channelUserId: 'u-alice', apiKey: KEY });
  assert.deepEqual((await peer.event('room.join')).payload, { channelId: ROOM, apiKey: KEY });
  assert.deepEqual((await peer.event('user.status')).payload, { memberId: 'u-alice', apiKey: KEY, channelId: ROOM });
  assert.equal((await peer.call('GET /v1/chat/list')).query.user_id, 'u-alice');
  const page = await peer.call('GET /v1/messages');
  assert.deepEqual(page.query, { chat_id: ROOM, user_id: 'u-alice', page: '1' });
});

test('reports messages on the screen as seen', limit, async () => {
  const { payload } = await peer.event('message.seen');
  assert.deepEqual([payload.lastMessageId, payload.user.id, payload.apiKey], ['m-1', 'u-alice', KEY]);
});

test('announces typing, sends the message, and marks it as sent and seen', limit, async () => {
  await screen.send('Fine');
  const started = await peer.event('typing.start');
  assert.deepEqual([started.payload.channelId, started.payload.apiKey], [ROOM, KEY]);
  assert.deepEqual([started.payload.user.id, started.payload.user.username], ['u-alice', 'alice']);
  await peer.event('typing.stop');
  await screen.send(', thanks\r');
  const { body } = await peer.call('POST /v1/messages');
  assert.deepEqual([body.chat_id, body.user_id, body.text], [ROOM, 'u-alice', 'Fine, thanks']);
  await screen.shows('Fine, thanks', '✓');
  peer.toPerson('alice', 'message.seen', 'm-2');
  await screen.shows('Fine, thanks', '✓✓');
});

test('shows the effect of every event', limit, async () => {
  const bob = peer.find('bob');
  peer.toRoom(ROOM, 'typing.start', { id: bob.id, username: bob.username, name: bob.name, createdAt: bob.created_at });
  await screen.shows('Bob Brown is typing');
  peer.toRoom(ROOM, 'typing.stop', { id: bob.id, username: bob.username, name: bob.name });
  await screen.lacks('is typing');

  const message = peer.message(ROOM, 'bob', 'How are yuo?');
  peer.toRoom(ROOM, 'message', message);
  await screen.shows('│', 'How are yuo?');
  peer.toRoom(ROOM, 'message.update', Object.assign(message, { text: 'How are you?' }));
  await screen.shows('How are you? (edited)');
  peer.toRoom(ROOM, 'message.delete', message.id);
  await screen.shows('│   Message deleted');

  peer.toRoom(ROOM, 'user.status', { memberId: bob.id, status: 'online' });
  await screen.shows('│ Bob Brown', 'online');
  peer.toRoom(ROOM, 'user.status', { memberId: bob.id, status: 'offline' });
  await screen.shows('│ Bob Brown', 'last seen');

  peer.toRoom(ROOM, 'ai.event', { event: 'ai_handoff', chatbotUsername: 'sample_bot', chat_id: ROOM });
  await screen.shows('sample_bot: ai handoff');
  peer.toPerson('alice', 'error', { message: 'The kettle is empty' });
  await screen.shows('The kettle is empty');

  const file = { type: 'image', url: `${peer.url}/kettle.png`, name: 'kettle.png', size: '2 MB' };
  peer.toRoom(ROOM, 'message', peer.message(ROOM, 'bob', undefined, { file }));
  await screen.shows('│   [image] kettle.png (2.1 MB)');

  const group = peer.chat('c-group', 'Release crew', ['alice', 'bob', 'bot'], 'Welcome on board');
  peer.toPerson('alice', 'chat', peer.show(group));
  await screen.shows('# Release crew');
  await screen.shows('Bob Brown: Welcome');
});

test('ignores unknown and unreadable events', limit, async () => {
  peer.toRoom(ROOM, 'no.such.event', { a: 1 });
  peer.toRoom(ROOM, 'message', { success: true, nonsense: true });
  peer.toRoom(ROOM, 'message', 42);
  peer.toRoom(ROOM, 'typing.stop');
  peer.io.to(`#${ROOM}`).emit('chat', null, 'and', 'more');
  peer.toRoom(ROOM, 'message', peer.message(ROOM, 'bob', 'A bell \u0007, red \u001b[31m and <b>bold</b>'));
  // MinChat's older UI kit sends HTML, which is shown as its text.
  await screen.shows('red ␛ and bold');
  assert.doesNotMatch(await screen.screen(), /\u0007|\u001b/);
});

// Sends a file; returns its call.
async function sends(name, command = 'send') {
  await screen.send(`/${command} ~/${name}\r`);
  const call = await peer.call('POST /v1/messages');
  assert.equal(call.files.length, 1);
  const [file] = call.files;
  assert.deepEqual([file.field, file.name], ['file', name]);
  assert.ok(file.bytes.equals(Buffer.from(files[name])), 'the bytes are those of the file');
  return call;
}

test('sends files with the id of the send and their type', limit, async () => {
  peer.forget();
  const locals = new Set();
  for (const [command, name, type, kind] of [
    ['send', 'tea.png', 'image/png', 'image'],
    ['file', 'tea.png', 'application/octet-stream', 'file'],
    ['send', 'Tee für zwei.txt', 'text/plain', 'file'],
  ]) {
    const { body: { metadata, ...body }, files: [file] } = await sends(name, command);
    assert.deepEqual([body, file.type], [{ chat_id: ROOM, user_id: 'u-alice' }, type]);
    locals.add(JSON.parse(metadata).minchatTuiId);
    await screen.shows(`│   [${kind}] ${name} (2.1 MB)`, '✓');
  }
  assert.equal(locals.size, 3);
});

test('shows the progress of a large file without delaying texts', limit, async () => {
  const release = peer.hold('POST /v1/messages');
  await screen.send('/send ~/large.bin\r');
  await peer.waitFor('a file under way', ({ kind }) => kind === 'held');
  await screen.shows('│   Uploading ', ' %');
  await screen.send('Meanwhile\r');
  assert.equal((await peer.call('POST /v1/messages')).body.text, 'Meanwhile');
  await screen.shows('Meanwhile', '✓');
  release();
  const { files: [file] } = await peer.call('POST /v1/messages');
  assert.ok(file.bytes.equals(files['large.bin']), 'the bytes are those of the file');
  await screen.shows('[file] large.bin', '✓');
});

const copies = (name) => peer.chats[0].messages.filter(({ file }) => file?.name === name).length;

test('repeats a lost upload completely, with the same id', limit, async () => {
  peer.fail('POST /v1/messages', 'drop');
  const first = await sends('plan.pdf');
  const second = await peer.call('POST /v1/messages');
  assert.deepEqual([second.body, second.files], [first.body, first.files]);
  await screen.shows('[file] plan.pdf', '✓');
  assert.equal(copies('plan.pdf'), 1);
});

test('finds an upload that arrived without an answer, and does not repeat it', limit, async () => {
  peer.fail('POST /v1/messages', 'swallow');
  await sends('draft.txt');
  await screen.shows('[file] draft.txt', '?');
  await screen.shows('[file] draft.txt', '✓');
  assert.equal(copies('draft.txt'), 1);
});

test('shows why an upload is refused, and can cancel it', limit, async () => {
  peer.fail('POST /v1/messages', { status: 413, page: '<html>Request Entity Too Large</html>' });
  await sends('plan.pdf');
  await screen.shows('│   Not sent: The file is larger than the server accepts');
  await screen.send('\tx');
  await screen.shows('Canceled: plan.pdf');
  await screen.lacks('Not sent: The file');
});

test('edits and deletes own messages over REST', limit, async () => {
  await screen.send('I like cofee\r');
  await screen.shows('│   I like cofee', '✓');
  const id = peer.chats[0].messages.at(-1).id;
  await screen.send('\u001b[A');
  await screen.shows('✎ I like cofee');
  await screen.send('!\r');
  assert.deepEqual((await peer.call(`PATCH /v1/messages/${id}`)).body, { text: 'I like cofee!' });
  await screen.shows('I like cofee! (edited)');
  await screen.send('\td');
  await screen.confirms();
  await peer.call(`DELETE /v1/messages/${id}`);
  await screen.lacks('cofee');
  // Back to the composer: a message stays selected until then.
  await screen.send('\u001b');
  await screen.shows('Ctrl+K go to');
});

// Waits until the new connection has joined again, and the messages sent meanwhile are on the screen.
async function isBack(words) {
  await peer.event('connection');
  assert.deepEqual((await peer.event('room.user.join')).payload, { channelUserId: 'u-alice', apiKey: KEY });
  assert.deepEqual((await peer.event('room.join')).payload, { channelId: ROOM, apiKey: KEY });
  await screen.shows('● Online');
  await screen.shows('│', words);
  peer.toRoom(ROOM, 'message', peer.message(ROOM, 'bob', `live after ${words}`));
  await screen.shows('│', `live after ${words}`);
}

test('reconnects after the server closed the socket', limit, async () => {
  peer.forget();
  peer.message(ROOM, 'bob', 'closed');
  peer.io.disconnectSockets();
  await isBack('closed');
});

test('reconnects after the server dropped the transport', limit, async () => {
  peer.forget();
  peer.message(ROOM, 'bob', 'dropped');
  for (const socket of peer.io.of('/').sockets.values()) socket.conn.close();
  await isBack('dropped');
});

test('reconnects after a crash and loads all missed messages', limit, async () => {
  await peer.crash();
  await screen.shows('Reconnecting in');
  peer.forget();
  // More than a page.
  for (let number = 0; number < 40; number += 1) peer.message(ROOM, 'bob', `missed ${number}.`);
  await screen.send('a draft');
  await screen.shows('› a draft');
  await peer.start(peer.port);
  await isBack('missed 39.');
  await screen.shows('› a draft');
  // Page by page up to the known messages.
  await peer.waitFor('the second page', ({ call, query }) => call === 'GET /v1/messages' && query.page === '2');
});

test('shows the last of ten thousand messages in a burst', limit, async () => {
  for (let number = 0; number < 10_000; number += 1) {
    peer.toRoom(ROOM, 'message', peer.message(ROOM, 'bob', `burst ${number}.`));
  }
  await screen.shows('│', 'burst 9999.');
  await screen.shows('› a draft');
});

test('quits cleanly', limit, async () => {
  const [socket] = peer.io.of('/').sockets.values();
  const gone = new Promise((resolve) => socket.once('disconnect', resolve));
  await screen.send('\u0015\u0011');
  assert.equal(await screen.exit(), 0);
  assert.equal(await gone, 'client namespace disconnect');
});
