// Uploads: their kind, the fields of the form byte by byte (section 2.3.1 of the protocol notes), their progress, and what
// happens to one that does not arrive.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { png } from './people.mjs';
import { Client, ESC, assertProtocol, limit, sent } from './client.mjs';
import { VChat } from './server.mjs';

// Silence at 8000 samples per second, one byte each.
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

// More than the socket buffers of the machine can hold.
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

// Sends a file and returns the fields and the file of its call.
async function sends(name, command = 'send') {
  await client.enter(`/${command} ~/${name}`);
  const call = await server.call(send());
  assert.equal(call.files.length, 1);
  const [file] = call.files;
  assert.deepEqual([file.field, file.name], ['file', name]);
  assert.ok(file.bytes.equals(Buffer.from(files[name])), 'the bytes are those of the file');
  return { ...call, file, fields: sent(call) };
}

// The common fields of a file's description.
const described = (name, mimeType) => ({
  name, url: null, assetsPath: null, bytes: null, mimeType, fileSize: Buffer.from(files[name]).length, fileHash: null,
});

before(async () => {
  server = await new VChat().start();
  [alice, bob] = [server.person('alice@example.com', 'Alice'), server.person('bob', 'Bob Brown')];
  room = server.single(alice, bob);
  server.message(room, bob, 'Send me something');
  client = new Client(server, alice, { files });
  await client.showsMessage('Send me something');
});

after(async () => {
  await client.close();
  await server.crash();
});

test('sends an image with its type and without a description', limit, async () => {
  const { fields, file } = await sends('tea.png');
  assert.deepEqual(fields, { content: '📷', messageType: 'image' });
  assert.equal(file.type, 'image/png');
  await client.showsMessage('[image] tea.png', '✓');
  await client.showsMessageOnce('[image] tea.png');
  assert.deepEqual([newest().mT, newest().msgAtt.fileSize], ['image', png.bytes.length]);
});

test('sends a recording with its length in the text and in milliseconds', limit, async () => {
  const { fields: { attachment, ...fields }, file } = await sends('hum.wav');
  assert.deepEqual(fields, { content: '🎤 00:02', messageType: 'voice' });
  assert.match(file.type, /^audio\/(x-|vnd\.)?wave?$/);
  const { filePath, ...rest } = JSON.parse(attachment);
  assert.deepEqual(rest, { ...described('hum.wav', file.type), duration: 2000 });
  // The official app sends the path here; this client tells no server where a file is stored.
  assert.ok(filePath === null || !filePath.includes(client.home), filePath);
  await client.showsMessage('[voice] hum.wav', '0:02', '✓');
});

test('sends a video of unknown length without a thumbnail', limit, async () => {
  const { fields: { attachment, ...fields }, file } = await sends('film.mp4');
  assert.deepEqual([fields, file.type], [{ content: '🎥', messageType: 'video' }, 'video/mp4']);
  const { filePath, ...rest } = JSON.parse(attachment);
  assert.deepEqual(rest, { ...described('film.mp4', 'video/mp4'), duration: null, thumbImage: null });
  assert.equal(filePath, null);
  await client.showsMessage('[video] film.mp4', '✓');
});

test('sends a file whose name is not ASCII', limit, async () => {
  const { fields, file } = await sends('Tee für zwei.txt');
  assert.deepEqual([fields, file.type], [{ content: '📁', messageType: 'file' }, 'text/plain']);
  await client.showsMessage('[file] Tee für zwei.txt', '✓');
});

test('sends a false image, and an image with /file, as a file', limit, async () => {
  const wrong = await sends('no picture.png');
  assert.deepEqual([wrong.fields, wrong.file.type], [{ content: '📁', messageType: 'file' }, 'application/octet-stream']);
  await client.showsMessage('[file] no picture.png', '✓');
  const plain = await sends('tea.png', 'file');
  assert.deepEqual([plain.fields, plain.file.type], [{ content: '📁', messageType: 'file' }, 'image/png']);
  await client.showsMessage('[file] tea.png', '✓');
});

test('sends a file as a reply', limit, async () => {
  const asked = server.send(room, bob, 'What do you drink?');
  await client.showsMessage('What do you drink?');
  await client.send('\tr');
  await client.shows('Replying to Bob Brown');
  const { fields } = await sends('tea.png');
  assert.deepEqual(fields, { content: '📷', messageType: 'image', replyToLocalId: asked.lId });
  await client.shows('│   ▎ Bob Brown: What do you drink?');
  await client.lacks('Replying to');
});

test('does not announce typing of a command', limit, () => {
  assert.equal(server.count(({ event }) => event === 'v1RoomStatusChange'), 0);
});

test('shows the progress of a large file without delaying texts', limit, async () => {
  server.forget();
  const release = server.hold(send());
  await client.enter('/send ~/large.bin');
  await server.waitFor('a file under way', ({ kind, call }) => kind === 'held' && call === send());
  await client.showsMessage('[file] large.bin', '…');
  await client.shows('│   Uploading ', ' %');
  await client.enter('Meanwhile');
  assert.equal((await server.call(send())).parts.content, 'Meanwhile');
  await client.showsMessage('Meanwhile', '✓');
  assert.match(await client.screen(), /Uploading \d?\d %/);
  release();
  const { files: [file], parts } = await server.call(send());
  assert.deepEqual([parts.content, parts.messageType, file.type], ['📁', 'file', 'application/octet-stream']);
  assert.ok(file.bytes.equals(large), 'the bytes are those of the file');
  await client.lacks('Uploading ');
  await client.showsMessage('[file] large.bin (25 MB)', '✓');
});

const copies = ({ parts: { localId } }) => server.world.messages.filter(({ lId }) => lId === localId).length;
const attempts = ({ parts: { localId } }) => server.log.filter(({ call, parts }) => call === send() && parts?.localId === localId).length;

test('repeats a lost upload completely, with the same localId', limit, async () => {
  server.forget();
  server.fail(send(), 'drop');
  const first = await sends('echo.wav');
  await client.showsMessage('[voice] echo.wav', '?');
  await server.call(`GET channel/${room.rId}/message`);
  const second = await server.call(send());
  assert.deepEqual([second.parts, second.files], [first.parts, first.files]);
  await client.showsMessage('[voice] echo.wav', '✓');
  await client.showsMessageOnce('[voice] echo.wav');
  assert.deepEqual([copies(first), attempts(first)], [1, 2]);
});

test('finds an upload that arrived without an answer, and does not repeat it', limit, async () => {
  server.forget();
  server.fail(send(), 'swallow');
  const first = await sends('draft.txt');
  await client.showsMessage('[file] draft.txt', '?');
  await server.call(`GET channel/${room.rId}/message`);
  await client.showsMessage('[file] draft.txt', '✓');
  await client.showsMessageOnce('[file] draft.txt');
  assert.deepEqual([copies(first), attempts(first)], [1, 1]);
});

test('shows why an upload is refused, and can cancel it', limit, async () => {
  server.fail(send(), 400);
  await sends('film.mp4');
  await client.shows('│   Not sent: The server refused');
  await client.shows('wants 400');
  await client.send('\tx');
  await client.shows('Canceled: film.mp4');
  await client.lacks('Not sent');
});

test('keeps the command if the file cannot be sent', limit, async () => {
  server.forget();
  await client.enter('/send ~/no such file');
  await client.shows('› /send ~/no such file');
  await client.shows('There is no file');
  await client.enter('/send ~/');
  await client.shows('is a folder');
  assert.equal(server.count(({ kind, call }) => kind === 'rest' && call === send()), 0);
  await client.send('\u0015');
});

test('shows the name and size of a received file', limit, async () => {
  const msgAtt = { name: 'plan.pdf', url: `${server.url}/media/plan.pdf`, mimeType: 'application/pdf', fileSize: 3_000_000, fileHash: null };
  server.send(room, bob, '📁', { mT: 'file', msgAtt });
  await client.showsMessage('[file] plan.pdf (3 MB)');
  server.send(room, bob, '🎥', { mT: 'video', msgAtt: { ...msgAtt, name: 'clip.mp4', mimeType: 'video/mp4', duration: 192_000, thumbImage: null } });
  await client.showsMessage('[video] clip.mp4', '3:12');
});

test('followed the protocol throughout, and quits cleanly', limit, async () => {
  assertProtocol(server);
  await client.quit();
});
