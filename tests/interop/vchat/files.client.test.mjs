// Files that the client sends: what they are taken for, the parts of the form (section 2.3.1 of the note) byte by byte,
// how far they are, and what becomes of one that does not arrive.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { png } from './cast.mjs';
import { Client, ESC, keptTo, limit, sent } from './client.mjs';
import { VChat } from './server.mjs';

// Two seconds of silence: 8000 samples a second, a byte each.
function wav(seconds) {
  const header = Buffer.alloc(44);
  const size = seconds * 8000;
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + size, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(8000, 24);
  header.writeUInt32LE(8000, 28);
  header.writeUInt16LE(1, 32);
  header.writeUInt16LE(8, 34);
  header.write('data', 36);
  header.writeUInt32LE(size, 40);
  return Buffer.concat([header, Buffer.alloc(size, 128)]);
}

// More than the machine's buffers between two sockets hold.
const large = Buffer.alloc(25_000_000, 'all work and no play ');

const files = {
  'tea.png': png.bytes,
  'hum.wav': wav(2),
  'echo.wav': wav(3),
  'film.mp4': Buffer.from('\0\0\0\u0018ftypmp42\0\0\0\0mp42isom', 'latin1'),
  'Tee für zwei.txt': 'Milch, Zucker\n',
  'no picture.png': 'a text with a wrong name',
  'draft.txt': 'All of this is unfinished\n',
  'large.bin': large,
};

let server;
let client;
let [alice, bob] = [];
let room;

const send = () => `POST channel/${room.rId}/message`;
const newest = () => server.world.messages.at(-1);

// Sends a file and returns its call: the fields, and the one file that it holds.
async function sends(name, command = 'send') {
  await client.enters(`/${command} ~/${name}`);
  const call = await server.call(send());
  assert.equal(call.files.length, 1);
  const [file] = call.files;
  assert.deepEqual([file.field, file.name], ['file', name]);
  assert.ok(file.bytes.equals(Buffer.from(files[name])), 'the bytes are those of the file');
  return { ...call, file, fields: sent(call) };
}

// The description of a file that a form holds, as far as it is the same for all.
const described = (name, mimeType) => ({
  name, url: null, assetsPath: null, bytes: null, mimeType, fileSize: Buffer.from(files[name]).length, fileHash: null,
});

before(async () => {
  server = await new VChat().start();
  [alice, bob] = [server.person('alice@example.com', 'Alice'), server.person('bob', 'Bob Brown')];
  room = server.single(alice, bob);
  server.message(room, bob, 'Send me something');
  client = new Client(server, alice, { files });
  await client.says('Send me something');
});

after(async () => {
  await client.close();
  await server.crash();
});

test('a picture: its type, no description, since the server measures it itself', limit, async () => {
  const { fields, file } = await sends('tea.png');
  assert.deepEqual(fields, { content: '📷', messageType: 'image' });
  assert.equal(file.type, 'image/png');
  await client.says('[image] tea.png', '✓');
  await client.saysOnce('[image] tea.png');
  assert.deepEqual([newest().mT, newest().msgAtt.fileSize], ['image', png.bytes.length]);
});

test('a recording: how long it is, in the text and in milliseconds', limit, async () => {
  const { fields: { attachment, ...fields }, file } = await sends('hum.wav');
  assert.deepEqual(fields, { content: '🎤 00:02', messageType: 'voice' });
  assert.match(file.type, /^audio\/(x-|vnd\.)?wave?$/);
  const { filePath, ...rest } = JSON.parse(attachment);
  assert.deepEqual(rest, { ...described('hum.wav', file.type), duration: 2000 });
  // The path of the official app; ours tells no server where a file lies.
  assert.ok(filePath === null || !filePath.includes(client.home), filePath);
  await client.says('[voice] hum.wav', '0:02', '✓');
});

test('a film whose length cannot be read says so, and has no picture beside it', limit, async () => {
  const { fields: { attachment, ...fields }, file } = await sends('film.mp4');
  assert.deepEqual([fields, file.type], [{ content: '🎥', messageType: 'video' }, 'video/mp4']);
  const { filePath, ...rest } = JSON.parse(attachment);
  assert.deepEqual(rest, { ...described('film.mp4', 'video/mp4'), duration: null, thumbImage: null });
  assert.equal(filePath, null);
  await client.says('[video] film.mp4', '✓');
});

test('a text, whose name is not ASCII', limit, async () => {
  const { fields, file } = await sends('Tee für zwei.txt');
  assert.deepEqual([fields, file.type], [{ content: '📁', messageType: 'file' }, 'text/plain']);
  await client.says('[file] Tee für zwei.txt', '✓');
});

test('what is no picture but in name, and what shall be a file, are files', limit, async () => {
  const wrong = await sends('no picture.png');
  assert.deepEqual([wrong.fields, wrong.file.type], [{ content: '📁', messageType: 'file' }, 'application/octet-stream']);
  await client.says('[file] no picture.png', '✓');
  const plain = await sends('tea.png', 'file');
  assert.deepEqual([plain.fields, plain.file.type], [{ content: '📁', messageType: 'file' }, 'image/png']);
  await client.says('[file] tea.png', '✓');
});

test('a file as a reply', limit, async () => {
  const asked = server.say(room, bob, 'What do you drink?');
  await client.says('What do you drink?');
  await client.send('\tr');
  await client.shows('Replying to Bob Brown');
  const { fields } = await sends('tea.png');
  assert.deepEqual(fields, { content: '📷', messageType: 'image', replyToLocalId: asked.lId });
  await client.shows('│   ▎ Bob Brown: What do you drink?');
  await client.lacks('Replying to');
});

test('no typing is told of a command', limit, () => {
  assert.equal(server.count(({ event }) => event === 'v1RoomStatusChange'), 0);
});

test('a large file says how far it is and holds up no text', limit, async () => {
  server.forget();
  const release = server.hold(send());
  await client.enters('/send ~/large.bin');
  await server.heard('a file under way', ({ kind, call }) => kind === 'held' && call === send());
  await client.says('[file] large.bin', '…');
  await client.shows('│   Uploading ', ' %');
  await client.enters('Meanwhile');
  assert.equal((await server.call(send())).parts.content, 'Meanwhile');
  await client.says('Meanwhile', '✓');
  assert.match(await client.screen(), /sending \d?\d %/);
  release();
  const { files: [file], parts } = await server.call(send());
  assert.deepEqual([parts.content, parts.messageType, file.type], ['📁', 'file', 'application/octet-stream']);
  assert.ok(file.bytes.equals(large), 'the bytes are those of the file');
  await client.lacks('Uploading ');
  await client.says('[file] large.bin (25 MB)', '✓');
});

const copies = ({ parts: { localId } }) => server.world.messages.filter(({ lId }) => lId === localId).length;
const attempts = ({ parts: { localId } }) => server.log.filter(({ call, parts }) => call === send() && parts?.localId === localId).length;

test('a file that did not arrive is sent again by itself: whole, as the same', limit, async () => {
  server.forget();
  server.fail(send(), 'drop');
  const first = await sends('echo.wav');
  await client.says('[voice] echo.wav', '?');
  await server.call(`GET channel/${room.rId}/message`);
  const second = await server.call(send());
  assert.deepEqual([second.parts, second.files], [first.parts, first.files]);
  await client.says('[voice] echo.wav', '✓');
  await client.saysOnce('[voice] echo.wav');
  assert.deepEqual([copies(first), attempts(first)], [1, 2]);
});

test('a file that arrived unnoticed is found, and not sent again', limit, async () => {
  server.forget();
  server.fail(send(), 'swallow');
  const first = await sends('draft.txt');
  await client.says('[file] draft.txt', '?');
  await server.call(`GET channel/${room.rId}/message`);
  await client.says('[file] draft.txt', '✓');
  await client.saysOnce('[file] draft.txt');
  assert.deepEqual([copies(first), attempts(first)], [1, 1]);
});

test('a file that is refused says why below it, and can be taken back', limit, async () => {
  server.fail(send(), 400);
  await sends('film.mp4');
  await client.shows('│   Not sent: ', 'The test wants 400');
  await client.send('\tx');
  await client.shows('Canceled: film.mp4');
  await client.lacks('The test wants 400');
});

test('what is no file is not sent, and stays where it can be corrected', limit, async () => {
  server.forget();
  await client.enters('/send ~/no such file');
  await client.shows('› /send ~/no such file');
  await client.shows('There is no file');
  await client.enters('/send ~/');
  await client.shows('is a folder');
  assert.equal(server.count(({ kind, call }) => kind === 'rest' && call === send()), 0);
  await client.send('\u0015');
});

test('a file of another is named, with its size', limit, async () => {
  const msgAtt = { name: 'plan.pdf', url: `${server.url}/media/plan.pdf`, mimeType: 'application/pdf', fileSize: 3_000_000, fileHash: null };
  server.say(room, bob, '📁', { mT: 'file', msgAtt });
  await client.says('[file] plan.pdf (3 MB)');
  server.say(room, bob, '🎥', { mT: 'video', msgAtt: { ...msgAtt, name: 'clip.mp4', mimeType: 'video/mp4', duration: 192_000, thumbImage: null } });
  await client.says('[video] clip.mp4', '3:12');
});

test('all of it was said as the note wants it, and the client ends well', limit, async () => {
  keptTo(server);
  await client.quits();
});
