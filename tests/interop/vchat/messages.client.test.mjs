// What one does with messages in the client: replies, forwards, stars, deletions, who has seen one, sending again. On the
// wire as section 2.3 of the note has it, and on the screen.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { bare, Client, ESC, keptTo, limit, sent, TO_NEWEST } from './client.mjs';
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
  await client.says('number 89.');
});

after(async () => {
  await client.close();
  await server.crash();
});

test('a reply names what it replies to by its localId, and quotes it', limit, async () => {
  const asked = server.say(room, bob, 'Tea at four?');
  await client.says('Tea at four?');
  await client.send('\tr');
  await client.shows('Replying to Bob Brown: Tea at four?');
  await client.enters('At five, please');
  const answer = await server.call(`POST ${path()}`);
  assert.deepEqual(sent(answer), { content: 'At five, please', messageType: 'text', replyToLocalId: asked.lId });
  assert.equal(newest().rTo._id, asked._id);
  await client.shows('│   ▎ Bob Brown: Tea at four?');
  await client.says('At five, please', '✓');
  await client.lacks('Replying to');
  // The next one is no reply.
  await client.enters('Or six');
  assert.deepEqual(sent(await server.call(`POST ${path()}`)), { content: 'Or six', messageType: 'text' });
  await client.says('Or six', '✓');
});

test('a reply that is given up is a message like any other', limit, async () => {
  await client.send('\tr');
  await client.shows('Replying to you: Or six');
  await client.send(ESC);
  await client.lacks('Replying to');
  await client.enters('No reply');
  assert.deepEqual(sent(await server.call(`POST ${path()}`)), { content: 'No reply', messageType: 'text' });
  await client.says('No reply', '✓');
});

test('the reply of another is shown with its quote, also of a picture and of what is deleted', limit, async () => {
  const mine = newest();
  server.say(room, bob, 'Why not?', { rTo: mine });
  await client.shows('│   ▎ you: No reply');
  const msgAtt = { name: 'kettle.png', url: `${server.url}/media/kettle.png`, mimeType: 'image/png', fileSize: 2048, fileHash: null, width: 3, height: 2 };
  const picture = server.say(room, bob, '📷', { mT: 'image', msgAtt });
  server.say(room, bob, 'This one', { rTo: picture });
  await client.shows('│   ▎ Bob Brown: [image] kettle.png');
  server.say(room, bob, 'That one', { rTo: { ...mine, dltAt: new Date().toISOString() } });
  await client.shows('│   ▎ you: Message deleted');
});

test('q goes to what a message replies to, fetching the pages before', limit, async () => {
  const old = server.world.messages.find(({ c }) => c === 'number 20.');
  server.say(room, bob, 'As I said', { rTo: old });
  await client.shows('│   ▎ Bob Brown: number 20.');
  await client.send('\tq');
  await client.says('number 20.');
  const pages = server.log.filter(({ kind, call, query }) => kind === 'rest' && call === `GET ${path()}` && query.lastId);
  assert.ok(pages.length >= 2, `${pages.length} pages`);
  for (const { query } of pages) assert.deepEqual(query, { limit: '30', lastId: query.lastId, filter: 'all' });
  assert.equal(new Set(pages.map(({ query: { lastId } }) => lastId)).size, pages.length, 'no page is fetched twice');
  await client.send(`${ESC}${TO_NEWEST}`);
  await client.says('As I said');
});

test('a forward names its source alone, and goes to the room that was chosen', limit, async () => {
  const source = server.say(room, bob, 'Pass this on');
  await client.says('Pass this on');
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
  await client.opens('Cat Stone');
  await client.shows('│   ↪ Forwarded');
  await client.says('Pass this on', '✓');
  await client.saysOnce('Pass this on');
});

test('a picture is forwarded without its bytes, and arrives as a picture', limit, async () => {
  const msgAtt = { name: 'cat.png', url: `${server.url}/media/cat.png`, mimeType: 'image/png', fileSize: 2048, fileHash: null, width: 3, height: 2 };
  const source = server.say(cats, cat, '📷', { mT: 'image', msgAtt });
  await client.shows('│   [image] cat.png');
  await client.send('\tf');
  await client.shows('Forward to');
  await client.send('Release');
  await client.shows('› Release');
  await client.send('\r');
  const { parts, files } = await server.call(`POST channel/${crew.rId}/message`);
  assert.deepEqual([parts.forwardLocalId, parts.replyToLocalId, files], [source.lId, undefined, []]);
  assert.ok(parts.content.length > 0, 'content must not be empty');
  await client.opens('Release crew');
  await client.shows('│   ↪ Forwarded');
  await client.shows('│   [image] cat.png', '✓');
});

test('a forward of another is said to be one', limit, async () => {
  server.say(crew, bob, 'Old news', { forId: crypto.randomUUID() });
  await client.says('Old news');
  assert.equal((await client.pane()).filter((row) => row.includes('↪ Forwarded')).length, 2);
});

test('a star is set, listed, gone to and taken away', limit, async () => {
  await client.opens('Bob Brown');
  const message = server.say(room, bob, 'A recipe for scones');
  await client.says('A recipe for scones');
  await client.send('\t*');
  bare(await server.call(`POST ${path(`/${message._id}/star`)}`));
  await client.says('A recipe for scones', '★');
  await client.send(ESC);
  await client.enters('/stars');
  assert.deepEqual((await server.call(`GET ${path('/stars')}`)).query, {});
  await client.shows('Starred in Bob Brown');
  await client.shows('Bob Brown: A recipe for scones', '│');
  await client.send(ESC);
  await client.lacks('Starred in');

  await client.opens('Cat Stone');
  await client.enters('/stars all');
  await server.call('GET channel/messages/stars');
  await client.shows('Starred messages');
  await client.shows('A recipe for scones', 'Bob Brown, ');
  await client.send('\r');
  await client.shows('› Message Bob Brown');
  await client.says('A recipe for scones', '★');
  // It is selected.
  await client.send('*');
  bare(await server.call(`POST ${path(`/${message._id}/un-star`)}`));
  await client.lacks('★');
  assert.deepEqual(message.stars, []);
  await client.send(ESC);
});

test('a star of before is on the page', limit, async () => {
  const message = server.message(crew, cat, 'Starred on the phone');
  message.stars.push(alice._id);
  // On a page that is fetched now: the room is opened after the connection was made anew.
  server.disconnect(alice);
  await client.opens('Release crew');
  await client.says('Starred on the phone', '★');
  await client.opens('Bob Brown');
});

test('deleted for me alone: it goes here, stays there, and nobody is told', limit, async () => {
  const message = server.say(room, bob, 'Not for my eyes');
  await client.says('Not for my eyes');
  await client.send('\tD');
  await client.shows('Delete this message for you only?');
  await client.send('n');
  await client.lacks('for you only');
  assert.equal(server.count(({ call }) => call?.endsWith('/delete/me')), 0);
  await client.send('D');
  await client.shows('for you only');
  await client.send('y');
  bare(await server.call(`DELETE ${path(`/${message._id}/delete/me`)}`));
  await client.lacks('Not for my eyes');
  assert.deepEqual([message.dF, message.dltAt], [[alice._id], null]);
  await client.send(ESC);
});

test('deleted for all: only one\'s own, and a tombstone stays', limit, async () => {
  server.say(room, bob, 'This is mine');
  await client.says('This is mine');
  await client.send('\td');
  await client.shows('Only your own messages can be deleted');
  await client.send(ESC);
  await client.enters('A slip');
  await client.says('A slip', '✓');
  const { _id } = newest();
  await client.send('\td');
  await client.shows('Delete this message for everyone?');
  await client.send('y');
  bare(await server.call(`DELETE ${path(`/${_id}/delete/all`)}`));
  await client.shows('│   Message deleted');
  await client.lacks('A slip');
  assert.ok(newest().dltAt);
  await client.send(ESC);
});

test('who has seen it: in a chat of two the receipts say so', limit, async () => {
  await client.enters('Seen yet?');
  await client.says('Seen yet?', '✓');
  await client.send('\tv');
  await client.shows('it has not arrived at Bob Brown yet');
  server.deliver(room, bob);
  await client.says('Seen yet?', '✓·');
  await client.send('v');
  await client.shows('Delivered to Bob Brown');
  server.read(room, bob);
  await client.says('Seen yet?', '✓✓');
  await client.send('v');
  await client.shows('Bob Brown has seen it');
  await client.send(ESC);
});

test('who has seen it: in a group the server is asked', limit, async () => {
  await client.opens('Release crew');
  await client.enters('Everybody here?');
  await client.says('Everybody here?', '✓');
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
  await client.opens('Bob Brown');
});

test('what I write on another device stands here once', limit, async () => {
  server.say(room, alice, 'From my phone');
  await client.says('From my phone', '✓');
  await client.saysOnce('From my phone');
});

test('a reply that did not arrive is sent again by itself, as the same', limit, async () => {
  const asked = server.say(room, bob, 'Are you coming?');
  await client.says('Are you coming?');
  server.fail(`POST ${path()}`, 'drop');
  await client.send('\trOn my way\r');
  await client.says('On my way', '?');
  const first = await server.call(`POST ${path()}`);
  const second = await server.call(`POST ${path()}`);
  await client.says('On my way', '✓');
  assert.deepEqual(second.parts, first.parts);
  assert.deepEqual(sent(second), { content: 'On my way', messageType: 'text', replyToLocalId: asked.lId });
  await client.saysOnce('On my way');
  assert.equal(server.world.messages.filter(({ c }) => c === 'On my way').length, 1);
});

test('a reply to what the server does not have any more is refused, and kept with its reason', limit, async () => {
  const asked = server.say(room, bob, 'Gone in a second');
  await client.says('Gone in a second');
  server.world.messages.splice(server.world.messages.indexOf(asked), 1);
  await client.send('\trToo late\r');
  await client.says('Too late', '✗');
  await client.shows('Not sent: ', 'The message is not the');
  // Taken back, it is in the composer again.
  await client.send('\tx');
  await client.shows('› Too late');
  await client.send(`\u0015${ESC}`);
});

test('all of it was said as the note wants it, and the client ends well', limit, async () => {
  keptTo(server);
  await client.quits();
});
