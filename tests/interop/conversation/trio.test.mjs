// Two instances of the official SDK and our client in a terminal talk through the sandbox server.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';

import { Screen } from '../peer/screen.mjs';
import { apiKey, connect, disconnectAll, recorder, send, settled, update, url } from './sdk.mjs';

const axios = createRequire(import.meta.url)('axios');
const limit = { timeout: 60_000 };
// Names are unique, because several runs may use one server.
const run = Date.now().toString(36);
const named = (name) => `trio-${name}-${run}`;

const files = {
  'tea.png': Buffer.from('\x89PNG\r\n\x1a\n, nearly', 'latin1'),
  'cat.gif': Buffer.from('GIF89a, nearly'),
  'Tee für zwei.txt': 'Milch, Zucker\n',
  'large.bin': Buffer.alloc(5_000_000, 'all work and no play '),
};

async function download(address) {
  const { data } = await axios.get(address, { responseType: 'arraybuffer' });
  return Buffer.from(data);
}

let alice;
let bob;
let alices;
let bobs;
let screen;

before(async () => {
  alice = await connect(named('alice'), 'Alice');
  bob = await connect(named('bob'), 'Bob');
  await alice.createUser({ username: named('carol'), name: 'Carol' });
  alices = await alice.groupChat({ memberUsernames: [named('bob'), named('carol')], title: 'Tea time' });
  await send(alices, { text: 'Who wants tea?' });
  bobs = (await bob.getChats()).chats[0];
  screen = new Screen({ files }, '--url', url, '--api-key', apiKey, '--user', named('carol'), '--name', 'Carol');
  await screen.shows('› Message Tea time');
});

after(async () => {
  await screen.close();
  disconnectAll();
});

test('messages of the SDKs are shown with their authors', limit, async () => {
  await screen.shows('│   Who wants tea?');
  await screen.shows('│ Tea time', '3 members');
  const sent = await send(bobs, { text: 'Me, plaese' });
  await screen.shows('│   Me, plaese');
  await update(bobs, sent.id, { text: 'Me, please' });
  await screen.shows('Me, please (edited)');
  // After the edit, because a join is not acknowledged, and typing sent during a join is lost.
  await bobs.startTyping();
  await screen.shows('Bob is typing');
  await bobs.stopTyping();
  await screen.lacks('is typing');
});

test('both SDKs receive what is typed in the terminal', limit, async () => {
  const ears = [recorder(), recorder()];
  const typing = recorder();
  alices.onMessage(ears[0].listener);
  bobs.onMessage(ears[1].listener);
  alices.onTypingStarted(typing.listener);
  await Promise.all([settled(alice), settled(bob)]);
  await screen.send('For me too');
  assert.equal((await typing.next())[0].username, named('carol'));
  await screen.send(' 🍵\r');
  for (const heard of ears) {
    const [message] = await heard.next();
    assert.deepEqual([message.text, message.user.username], ['For me too 🍵', named('carol')]);
  }
  await screen.shows('For me too', '✓');
});

test('receipts, edits and deletions go both ways', limit, async () => {
  const { messages } = await bobs.getMessages();
  bobs.setSeen(messages.at(-1).id);
  await screen.shows('For me too', '✓✓');
  const seen = recorder();
  alices.onMessageSeen(seen.listener);
  const asked = await send(alices, { text: 'With milk?' });
  await screen.shows('│   With milk?');
  // Receipts of earlier messages may arrive first.
  while ((await seen.next())[0] !== asked.id);

  const [changed, deleted] = [recorder(), recorder()];
  bobs.onMessageUpdated(changed.listener);
  bobs.onMessageDeleted(deleted.listener);
  await settled(bob);
  await screen.send('\u001b[A');
  await screen.shows('✎ For me too');
  await screen.send('!\r');
  assert.equal((await changed.next())[0].text, 'For me too 🍵!');
  alices.deleteMessage(asked.id);
  await screen.shows('│   Message deleted');
  assert.deepEqual(await deleted.next(), [asked.id]);
});

test('files go both ways, with their bytes', limit, async () => {
  const heard = recorder();
  bobs.onMessage(heard.listener);
  await settled(bob);
  for (const [command, name, type] of [['send', 'tea.png', 'image'], ['send', 'cat.gif', 'gif'], ['file', 'tea.png', 'file'], ['send', 'Tee für zwei.txt', 'file'], ['send', 'large.bin', 'file']]) {
    await screen.send(`/${command} ~/${name}\r`);
    const [{ file, user }] = await heard.next();
    assert.deepEqual([file.type, file.name, user.username], [type, name, named('carol')]);
    assert.ok((await download(file.url)).equals(Buffer.from(files[name])), `${name}: the bytes are those of the file`);
    await screen.shows(`[${type}] ${name} (`, '✓');
  }
  const history = await alices.getMessages();
  assert.equal(history.messages.filter(({ file }) => file).length, 5, 'each file once');

  // In Node, the SDK accepts a buffer with a stream, a name and a type as a file.
  const pot = Object.assign(Buffer.from('%PDF, nearly'), { stream() {}, name: 'pot.pdf', type: 'application/pdf' });
  await send(alices, { text: 'The pot', file: pot });
  await screen.shows('│   The pot');
  await screen.shows('│   [file] pot.pdf (12 B)');
});

test('the SDK sees a new name and picture', limit, async () => {
  await screen.send('/name Carol Clay\r');
  await screen.shows('Your name is now Carol Clay.');
  await screen.send('/picture ~/tea.png\r');
  await screen.shows('Your picture was changed.');
  const user = await bob.fetchUser(named('carol'));
  assert.equal(user.name, 'Carol Clay');
  assert.ok((await download(user.avatar)).equals(files['tea.png']), 'the bytes are those of the picture');
});

test('the SDK receives a chat that the terminal starts', limit, async () => {
  const chats = recorder();
  bob.onChat(chats.listener);
  await screen.send(`/dm ${named('bob')}\r`);
  await screen.shows('› Message Bob');
  await screen.send('Just between us\r');
  let opened;
  do [opened] = await chats.next();
  while (opened.getLastMessage().text !== 'Just between us');
  assert.equal(opened.getTitle(), 'Carol Clay');
});

test('the SDK no longer finds a member who has left', limit, async () => {
  await screen.send('/go Tea time\r');
  await screen.shows('› Message Tea time');
  await screen.send(`/remove ${named('carol')}\r`);
  await screen.shows('Leave Tea time?');
  await screen.confirms();
  await screen.shows('You left Tea time.');
  const [{ chats }, id] = [await alice.getChats(), alices.getId()];
  assert.deepEqual(chats.find((chat) => chat.getId() === id).getMemberIds(), [bob.config.user.id]);
});
