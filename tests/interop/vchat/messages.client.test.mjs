// Messages in the client: replies, forwards, stars, deletions, receipts and retries, on the wire (section 2.3 of the
// protocol notes) and on the screen.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { bare, Client, ESC, assertProtocol, limit, sent, TO_NEWEST } from './client.mjs';
import { VChat } from './server.mjs';

let server;
let client;
let [alice, bob, cat] = [];
let room;
let cats;
let crew;

const path = (what = '') => `channel/${room.rId}/message${what}`;
const newest = () => server.world.messages.at(-1);

before(async () => {
  server = await new VChat().start();
  [alice, bob, cat] = [server.person('alice@example.com', 'Alice'), server.person('bob', 'Bob Brown'), server.person('cat', 'Cat Stone')];
  crew = server.group('Release crew', cat, alice, bob);
  server.message(crew, cat, 'Welcome on board');
  cats = server.single(alice, cat);
  server.message(cats, cat, 'Meow');
  room = server.single(alice, bob);
  for (let number = 0; number < 90; number += 1) server.message(room, bob, `number ${number}.`);
  client = new Client(server, alice);
  await client.shows('› Message Bob Brown');
  await client.showsMessage('number 89.');
});

after(async () => {
  await client.close();
  await server.crash();
});

test('sends a reply with the localId of the original, and quotes it', limit, async () => {
  const asked = server.send(room, bob, 'Tea at four?');
  await client.showsMessage('Tea at four?');
  await client.send('\tr');
  await client.shows('Replying to Bob Brown: Tea at four?');
  await client.enter('At five, please');
  const answer = await server.call(`POST ${path()}`);
  assert.deepEqual(sent(answer), { content: 'At five, please', messageType: 'text', replyToLocalId: asked.lId });
  assert.equal(newest().rTo._id, asked._id);
  await client.shows('│   ▎ Bob Brown: Tea at four?');
  await client.showsMessage('At five, please', '✓');
  await client.lacks('Replying to');
  // The next message is not a reply.
  await client.enter('Or six');
  assert.deepEqual(sent(await server.call(`POST ${path()}`)), { content: 'Or six', messageType: 'text' });
  await client.showsMessage('Or six', '✓');
});

test('sends an ordinary message after cancelling a reply', limit, async () => {
  await client.send('\tr');
  await client.shows('Replying to you: Or six');
  await client.send(ESC);
  await client.lacks('Replying to');
  await client.enter('No reply');
  assert.deepEqual(sent(await server.call(`POST ${path()}`)), { content: 'No reply', messageType: 'text' });
  await client.showsMessage('No reply', '✓');
});

test('shows the quote of a received reply, also of images and deleted messages', limit, async () => {
  const mine = newest();
  server.send(room, bob, 'Why not?', { rTo: mine });
  await client.shows('│   ▎ you: No reply');
  const msgAtt = { name: 'kettle.png', url: `${server.url}/media/kettle.png`, mimeType: 'image/png', fileSize: 2048, fileHash: null, width: 3, height: 2 };
  const picture = server.send(room, bob, '📷', { mT: 'image', msgAtt });
  server.send(room, bob, 'This one', { rTo: picture });
  await client.shows('│   ▎ Bob Brown: [image] kettle.png');
  server.send(room, bob, 'That one', { rTo: { ...mine, dltAt: new Date().toISOString() } });
  await client.shows('│   ▎ you: Message deleted');
});

test('8.1: a long chain of replies is shown, live and after a reconnect', limit, async () => {
  let last = server.send(room, bob, 'link 0.');
  for (let number = 1; number <= 140; number += 1) last = server.send(room, bob, `link ${number}.`, { rTo: last });
  await client.shows('│   ▎ Bob Brown: link 139.');
  await client.showsMessage('link 140.');
  server.message(room, bob, 'Never sent live', { rTo: last });
  server.disconnect(alice);
  await client.shows('│   ▎ Bob Brown: link 140.');
  await client.showsMessage('Never sent live');
});

test('jumps to the original of a reply, loading older pages', limit, async () => {
  const old = server.world.messages.find(({ c }) => c === 'number 20.');
  server.send(room, bob, 'As I said', { rTo: old });
  await client.shows('│   ▎ Bob Brown: number 20.');
  await client.send('\tq');
  await client.showsMessage('number 20.');
  const pages = server.log.filter(({ kind, call, query }) => kind === 'rest' && call === `GET ${path()}` && query.lastId);
  assert.ok(pages.length >= 2, `${pages.length} pages`);
  for (const { query } of pages) assert.deepEqual(query, { limit: '30', lastId: query.lastId, filter: 'all' });
  assert.equal(new Set(pages.map(({ query: { lastId } }) => lastId)).size, pages.length, 'no page is fetched twice');
  await client.send(`${ESC}${TO_NEWEST}`);
  await client.showsMessage('As I said');
});

// The type, the text and the attachment data of a forward of the newest message in the open room to Cat.
async function forwarded() {
  await client.send('\tf');
  await client.shows('Forward to');
  await client.send('Cat');
  await client.shows('› Cat');
  await client.send('\r');
  const { parts, files, status } = await server.call(`POST channel/${cats.rId}/message`);
  assert.deepEqual([status, files], [201, []]);
  return [parts.messageType, parts.content, parts.attachment && JSON.parse(parts.attachment)];
}

test('2.3.1: a forward has the type and the text of its source', limit, async () => {
  const media = (name, mimeType, more) => ({ name, url: `${server.url}/media/${name}`, mimeType, fileSize: 2048, fileHash: null, ...more });
  server.send(room, bob, '📷', { mT: 'image', msgAtt: media('pier.png', 'image/png', { width: 3, height: 2 }) });
  await client.showsMessage('[image] pier.png');
  assert.deepEqual(await forwarded(), ['image', '📷', undefined]);
  server.send(room, bob, '🎤 00:07', { mT: 'voice', msgAtt: media('a.ogg', 'audio/ogg', { duration: 7000 }) });
  await client.showsMessage('[voice] a.ogg');
  const [type, text, { duration }] = await forwarded();
  assert.deepEqual([type, text, duration], ['voice', '🎤 00:07', 7000]);
  const linkPreviewData = { image: null, title: 'Pier', desc: 'Pier', link: null };
  server.send(room, bob, '📍', { mT: 'location', msgAtt: { lat: '30.04', long: '31.23', linkPreviewData } });
  await client.showsMessage('[location] 📍 Pier');
  const [kind, content, { lat, long }] = await forwarded();
  assert.deepEqual([kind, content, lat, long], ['location', '📍', '30.04', '31.23']);
});

test('forwards a message by its id to the chosen room', limit, async () => {
  const source = server.send(room, bob, 'Pass this on');
  await client.showsMessage('Pass this on');
  await client.send('\tf');
  await client.shows('Forward to');
  await client.send('Cat');
  await client.shows('› Cat');
  await client.send('\r');
  const forward = await server.call(`POST channel/${cats.rId}/message`);
  assert.deepEqual(sent(forward), { content: 'Pass this on', messageType: 'text', forwardLocalId: source.lId });
  assert.deepEqual(forward.files, []);
  assert.notEqual(forward.parts.localId, source.lId);
  assert.deepEqual([newest().rId, newest().forId], [cats.rId, source.lId]);
  await client.open('Cat Stone');
  await client.shows('│   ↪ Forwarded');
  await client.showsMessage('Pass this on', '✓');
  await client.showsMessageOnce('Pass this on');
});

test('forwards an image without uploading it again', limit, async () => {
  const msgAtt = { name: 'cat.png', url: `${server.url}/media/cat.png`, mimeType: 'image/png', fileSize: 2048, fileHash: null, width: 3, height: 2 };
  const source = server.send(cats, cat, '📷', { mT: 'image', msgAtt });
  await client.shows('│   [image] cat.png');
  await client.send('\tf');
  await client.shows('Forward to');
  await client.send('Release');
  await client.shows('› Release');
  await client.send('\r');
  const { parts, files } = await server.call(`POST channel/${crew.rId}/message`);
  assert.deepEqual([parts.forwardLocalId, parts.replyToLocalId, files], [source.lId, undefined, []]);
  assert.ok(parts.content.length > 0, 'content must not be empty');
  await client.open('Release crew');
  await client.shows('│   ↪ Forwarded');
  await client.shows('│   [image] cat.png', '✓');
});

test('marks a received forward', limit, async () => {
  server.send(crew, bob, 'Old news', { forId: crypto.randomUUID() });
  await client.showsMessage('Old news');
  assert.equal((await client.pane()).filter((row) => row.includes('↪ Forwarded')).length, 2);
});

test('sets, lists, opens and removes a star', limit, async () => {
  await client.open('Bob Brown');
  const message = server.send(room, bob, 'A recipe for scones');
  await client.showsMessage('A recipe for scones');
  await client.send('\t*');
  bare(await server.call(`POST ${path(`/${message._id}/star`)}`));
  await client.showsMessage('A recipe for scones', '★');
  await client.send(ESC);
  await client.enter('/stars');
  assert.deepEqual((await server.call(`GET ${path('/stars')}`)).query, {});
  await client.shows('Starred in Bob Brown');
  await client.shows('Bob Brown: A recipe for scones', '│');
  await client.send(ESC);
  await client.lacks('Starred in');

  await client.open('Cat Stone');
  await client.enter('/stars all');
  await server.call('GET channel/messages/stars');
  await client.shows('Starred messages');
  await client.shows('A recipe for scones', 'Bob Brown, ');
  await client.send('\r');
  await client.shows('› Message Bob Brown');
  await client.showsMessage('A recipe for scones', '★');
  // The message is selected.
  await client.send('*');
  bare(await server.call(`POST ${path(`/${message._id}/un-star`)}`));
  await client.lacks('★');
  assert.deepEqual(message.stars, []);
  await client.send(ESC);
});

test('shows stars from the page', limit, async () => {
  const message = server.message(crew, cat, 'Starred on the phone');
  message.stars.push(alice._id);
  // The page is loaded now, because the room is opened after a reconnect.
  server.disconnect(alice);
  await client.open('Release crew');
  await client.showsMessage('Starred on the phone', '★');
  await client.open('Bob Brown');
});

test('deletes a message for me only, without an event', limit, async () => {
  const message = server.send(room, bob, 'Not for my eyes');
  await client.showsMessage('Not for my eyes');
  await client.send('\tD');
  await client.shows('Delete this message for you only?');
  await client.send('n');
  await client.lacks('for you only');
  assert.equal(server.count(({ call }) => call?.endsWith('/delete/me')), 0);
  await client.send('D');
  await client.shows('for you only');
  await client.confirms();
  bare(await server.call(`DELETE ${path(`/${message._id}/delete/me`)}`));
  await client.lacks('Not for my eyes');
  assert.deepEqual([message.dF, message.dltAt], [[alice._id], null]);
  await client.send(ESC);
});

test('deletes only own messages for everyone, and leaves a tombstone', limit, async () => {
  server.send(room, bob, 'This is mine');
  await client.showsMessage('This is mine');
  await client.send('\td');
  await client.shows('Only your own messages can be deleted');
  await client.send(ESC);
  await client.enter('A slip');
  await client.showsMessage('A slip', '✓');
  const { _id } = newest();
  await client.send('\td');
  await client.shows('Delete this message for everyone?');
  await client.confirms();
  bare(await server.call(`DELETE ${path(`/${_id}/delete/all`)}`));
  await client.shows('│   Message deleted');
  await client.lacks('A slip');
  assert.ok(newest().dltAt);
  await client.send(ESC);
});

test('shows receipts of a direct message', limit, async () => {
  await client.enter('Seen yet?');
  await client.showsMessage('Seen yet?', '✓');
  await client.send('\tv');
  await client.shows('Sent, not delivered to Bob Brown yet');
  server.deliver(room, bob);
  await client.showsMessage('Seen yet?', '✓·');
  await client.send('v');
  await client.shows('Delivered to Bob Brown');
  server.read(room, bob);
  await client.showsMessage('Seen yet?', '✓✓');
  await client.send('v');
  await client.shows('Bob Brown has seen it');
  await client.send(ESC);
});

test('requests receipts of a group message', limit, async () => {
  await client.open('Release crew');
  await client.enter('Everybody here?');
  await client.showsMessage('Everybody here?', '✓');
  const { _id } = newest();
  server.read(crew, bob);
  server.deliver(crew, cat);
  server.forget();
  await client.send('\tv');
  for (const kind of ['seen', 'deliver']) {
    const { query } = await server.call(`GET channel/${crew.rId}/group/message/${_id}/status/${kind}`);
    assert.equal(query.page, '1');
    assert.ok(Number(query.limit) < 50, query.limit);
  }
  await client.shows('Seen by');
  await client.shows('Bob Brown', 'seen ');
  await client.shows('Cat Stone', 'received');
  await client.send(`${ESC}${ESC}`);
  await client.lacks('Seen by');
  await client.showsMessage('Everybody here?', '✓✓');
  await client.open('Bob Brown');
});

test('8.2: shows a message of an unknown type by its text', limit, async () => {
  server.send(room, bob, 'Tea or coffee?', { mT: 'poll', msgAtt: { options: ['Tea', 'Coffee'] } });
  await client.showsMessage('[custom] Tea or coffee?');
});

test('shows a message of my other device once', limit, async () => {
  server.send(room, alice, 'From my phone');
  await client.showsMessage('From my phone', '✓');
  await client.showsMessageOnce('From my phone');
});

test('repeats a lost reply with the same localId', limit, async () => {
  const asked = server.send(room, bob, 'Are you coming?');
  await client.showsMessage('Are you coming?');
  server.fail(`POST ${path()}`, 'drop');
  await client.send('\tr');
  await client.shows('Replying to');
  await client.send('On my way\r');
  await client.showsMessage('On my way', '?');
  const first = await server.call(`POST ${path()}`);
  const second = await server.call(`POST ${path()}`);
  await client.showsMessage('On my way', '✓');
  assert.deepEqual(second.parts, first.parts);
  assert.deepEqual(sent(second), { content: 'On my way', messageType: 'text', replyToLocalId: asked.lId });
  await client.showsMessageOnce('On my way');
  assert.equal(server.world.messages.filter(({ c }) => c === 'On my way').length, 1);
});

test('keeps a reply to a missing message with the reason for its refusal', limit, async () => {
  const asked = server.send(room, bob, 'Gone in a second');
  await client.showsMessage('Gone in a second');
  server.world.messages.splice(server.world.messages.indexOf(asked), 1);
  await client.send('\tr');
  await client.shows('Replying to');
  await client.send('Too late\r');
  await client.showsMessage('Too late', '✗');
  await client.shows('Not sent: ', 'The message is not the');
  // Discarding it restores the text in the composer.
  await client.send('\tx');
  await client.shows('› Too late');
  await client.send(`\u0015${ESC}`);
});

test('followed the protocol throughout, and quits cleanly', limit, async () => {
  assertProtocol(server);
  await client.quit();
});
