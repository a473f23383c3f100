// The user's own name and picture, and the picture of a group (rows 3, 5 and 45 of the protocol notes).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { png } from './people.mjs';
import { Client, assertProtocol, limit } from './client.mjs';
import { VChat } from './server.mjs';

let [server, client, alice, bob, crew] = [];

before(async () => {
  server = await new VChat().start();
  [alice, bob] = [server.person('alice@example.com', 'Alice'), server.person('bob', 'Bob Brown')];
  crew = server.group('Release crew', alice, bob);
  server.message(crew, bob, 'Welcome on board');
  client = new Client(server, alice, { files: { 'tea.png': png.bytes, 'note.txt': 'no picture' } });
  await client.showsMessage('Welcome on board');
});

after(async () => {
  await client.close();
  await server.crash();
});

// The only file of a call.
function picture({ headers, parts, files }) {
  assert.match(headers['content-type'], /^multipart\/form-data; boundary=/);
  assert.deepEqual(parts, {});
  const [{ field, name, type, bytes }, ...others] = files;
  assert.deepEqual([field, name, type, others], ['file', 'tea.png', 'image/png', []]);
  assert.ok(bytes.equals(png.bytes), 'the bytes are those of the picture');
}

test('changes the own name', limit, async () => {
  await client.enter('/name Alice Adams');
  assert.deepEqual((await server.call('PATCH profile/name')).body, { fullName: 'Alice Adams' });
  await client.shows('Your name is now Alice Adams.');
  assert.equal(alice.fullName, 'Alice Adams');
});

test('changes the own picture', limit, async () => {
  await client.enter('/picture ~/tea.png');
  picture(await server.call('PATCH profile/image'));
  await client.shows('Your picture was changed.');
});

test('changes the picture of a group', limit, async () => {
  await client.enter('/group-picture ~/tea.png');
  picture(await server.call(`PATCH channel/${crew.rId}/group/image`));
  await client.shows('The picture of Release crew was changed.');
});

test('sends no other file as a picture', limit, async () => {
  server.forget();
  await client.enter('/picture ~/note.txt');
  await client.shows('note.txt is not an image.');
  await client.shows('› /picture ~/note.txt');
  assert.equal(server.count(({ call }) => call === 'PATCH profile/image'), 0);
});

test('followed the protocol throughout, and quits cleanly', limit, async () => {
  assertProtocol(server);
  await client.quit();
});
