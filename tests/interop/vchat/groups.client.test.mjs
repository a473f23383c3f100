// Groups and broadcasts in the client: created, changed and left, with the changes by others (sections 2.4 and 2.5 of the
// protocol notes).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { bare, Client, DOWN, ESC, F2, assertProtocol, limit, sent, UP } from './client.mjs';
import { VChat } from './server.mjs';

let server;
let client;
// An identifier can be any string of the host system; this one has to be encoded in paths.
const DAN = 'dan+tea/1@example.com';
let [alice, bob, cat, dan] = [];
let room;
let crew;
let club;
let news;

const newest = () => server.world.messages.at(-1);
const made = () => [...server.world.rooms.values()].at(-1);

const listed = async (title) => (await client.list()).includes(title);

async function closesList() {
  await client.send(ESC);
  await client.lacks('─ Members of');
}

before(async () => {
  server = await new VChat().start();
  [alice, bob, cat, dan] = [server.person('alice@example.com', 'Alice'), server.person('bob', 'Bob Brown'), server.person('cat', 'Cat Stone'), server.person(DAN, 'Dan Dunn')];
  crew = server.group('Release crew', cat, alice, bob);
  crew.settings.desc = 'Who ships what';
  server.message(crew, cat, 'Welcome on board');
  room = server.single(alice, bob);
  server.message(room, bob, 'Start a club');
  client = new Client(server, alice);
  await client.showsMessage('Start a club');
});

after(async () => {
  await client.close();
  await server.crash();
});

test('creates a group without naming its creator', limit, async () => {
  await client.enter('/group Tea club: bob, @cat alice@example.com');
  const { parts, files, headers } = await server.call('POST channel/group');
  assert.match(headers['content-type'], /^multipart\/form-data; boundary=/);
  assert.deepEqual([parts, files], [{ identifiers: '["bob","cat"]', groupName: 'Tea club' }, []]);
  club = made();
  await client.shows('› Message Tea club');
  await client.shows('│', 'You created the group Tea club');
  bare(await server.call(`GET channel/${club.rId}/group/my-info`));
  await client.shows('│ Tea club', '3 members', 'owner');
});

test('adds a member and gives them a role', limit, async () => {
  await client.enter(`/add ${DAN}`);
  assert.deepEqual((await server.call(`POST channel/${club.rId}/group/members`)).body, { identifiers: [DAN] });
  await client.shows('│', 'You added Dan Dunn');
  await client.shows('│ Tea club', '4 members');
  await client.enter(`/role ${DAN} admin`);
  await client.shows(`Make ${DAN} an admin of Tea club?`);
  await client.confirms();
  const role = await server.waitFor('a role', ({ kind, call }) => kind === 'rest' && call.startsWith(`PATCH channel/${club.rId}/group/members/`));
  bare(role);
  const [, whom] = /\/group\/members\/([^/]+)\/admin$/.exec(role.url);
  assert.equal(decodeURIComponent(whom), DAN);
  await client.shows('│', 'You made Dan Dunn an admin');
  assert.equal(club.members.get(DAN).gR, 'admin');
});

test('lists members, and promotes, demotes and removes them with keys', limit, async () => {
  await client.send(F2);
  assert.deepEqual((await server.call(`GET channel/${club.rId}/group/members`)).query, { limit: '30', page: '1' });
  await client.shows('─ Members of Tea club ─');
  await client.shows('Alice @alice@example.com', 'you, owner');
  await client.shows(`Dan Dunn @${DAN}`, 'admin');
  await client.shows('Bob Brown @bob');
  await client.send('p');
  await client.shows('This is you.');
  await client.send(`${DOWN}p`);
  await client.shows('Make Bob Brown an admin of Tea club?');
  await client.confirms();
  bare(await server.call(`PATCH channel/${club.rId}/group/members/bob/admin`));
  await client.shows('Bob Brown @bob', 'admin');
  await client.send('d');
  await client.shows('Make Bob Brown a member of Tea club');
  await client.confirms();
  bare(await server.call(`PATCH channel/${club.rId}/group/members/bob/member`));
  await client.shows('│', 'You made Bob Brown a member again');
  await client.send(`${DOWN}x`);
  await client.shows('Remove Cat Stone from Tea club?');
  await client.confirms();
  bare(await server.call(`DELETE channel/${club.rId}/group/members/cat`));
  await client.lacks('Cat Stone @cat');
  await closesList();
  await client.shows('│', 'You made Bob Brown an admin');
  await client.shows('│', 'You made Bob Brown a member again');
  await client.shows('│', 'You removed Cat Stone');
  await client.shows('│ Tea club', '3 members');
  assert.deepEqual([...club.members.keys()], ['alice@example.com', 'bob', DAN]);
});

test('2.4: adds a person chosen from those who can be added', limit, async () => {
  await client.enter('/add');
  const { query } = await server.call(`GET channel/${club.rId}/group/available-users-to-add`);
  assert.deepEqual(query, { limit: '30', page: '1' });
  await client.shows('─ Add to Tea club ─');
  await client.shows('Cat Stone @cat');
  await client.send('\r');
  assert.deepEqual((await server.call(`POST channel/${club.rId}/group/members`)).body, { identifiers: ['cat'] });
  await client.shows('│ Tea club', '4 members');
  await client.enter('/remove cat');
  await client.confirms();
  await client.shows('│ Tea club', '3 members');
  server.forget();
});

test('2.4: changes the description of a group', limit, async () => {
  await client.enter('/describe Mostly Oolong');
  assert.deepEqual((await server.call(`PATCH channel/${club.rId}/group/description`)).body, { description: 'Mostly Oolong' });
  await client.shows('│ Tea club', 'Mostly Oolong');
  assert.equal(club.settings.desc, 'Mostly Oolong');
});

test('opens a direct message from the list of members', limit, async () => {
  await client.send(F2);
  await client.shows('Bob Brown @bob');
  await client.send(`${DOWN}\r`);
  bare(await server.call('POST channel/peer-room/bob'));
  await client.shows('› Message Bob Brown');
  await client.open('Tea club');
});

test('removes a member by name', limit, async () => {
  await client.enter('/remove bob');
  await client.confirms();
  bare(await server.call(`DELETE channel/${club.rId}/group/members/bob`));
  await client.shows('│', 'You removed Bob Brown');
});

test('renames a group, here and by another member', limit, async () => {
  await client.enter('/rename Coffee club');
  assert.deepEqual((await server.call(`PATCH channel/${club.rId}/group/title`)).body, { title: 'Coffee club' });
  await client.shows('› Message Coffee club');
  await client.shows('│', 'You changed the title to Coffee club');
  server.rename(club, dan, 'Cocoa club');
  await client.shows('› Message Cocoa club');
  await client.shows('│', 'Dan Dunn changed the title to Cocoa club');
  await client.shows('# Cocoa club');
});

test('shows changes of a group by others', limit, async () => {
  server.add(club, dan, cat);
  await client.shows('│', 'Dan Dunn added Cat Stone');
  await client.shows('│ Cocoa club', '3 members');
  server.promote(club, dan, cat, 'admin');
  await client.shows('│', 'Dan Dunn made Cat Stone an admin');
  server.promote(club, dan, cat, 'member');
  await client.shows('│', 'Dan Dunn made Cat Stone a member again');
  server.info(club, dan, 'updateImage', `${server.url}/media/cup.png`, club.rId);
  await client.shows('│', 'Dan Dunn changed the picture');
  server.leave(club, cat);
  await client.shows('│', 'Cat Stone left the group');
  await client.shows('│ Cocoa club', '2 members');
});

test('explains that an ordinary member cannot change roles', limit, async () => {
  await client.open('Release crew');
  await client.shows('│ Release crew', 'Who ships what', '3 members');
  server.forget();
  await client.send(F2);
  await client.shows('Cat Stone @cat', 'owner');
  await client.send(`${DOWN}${DOWN}p`);
  await client.shows('Only admins can manage the members of this group.');
  assert.equal(server.count(({ call }) => call?.startsWith('PATCH')), 0);
  await closesList();
  // The command sends the request, which the server refuses.
  await client.enter('/role bob admin');
  await client.confirms();
  assert.equal((await server.call(`PATCH channel/${crew.rId}/group/members/bob/admin`)).status, 403);
  await client.shows('You dont have access');
  server.promote(crew, cat, alice, 'admin');
  await client.shows('│', 'Cat Stone made you an admin');
  await client.shows('│ Release crew', 'admin');
});

test('leaves a group after a question', limit, async () => {
  await client.open('Cocoa club');
  await client.enter('/leave');
  await client.shows('Leave Cocoa club?');
  await client.send('n');
  await client.lacks('Leave Cocoa club?');
  await client.enter('/leave');
  await client.shows('Leave Cocoa club?');
  await client.confirms();
  bare(await server.call(`POST channel/${club.rId}/group/leave`));
  await client.shows('You are no longer in this group');
  assert.deepEqual([...club.members], [[DAN, club.members.get(DAN)]]);
  assert.equal(club.members.get(DAN).gR, 'superAdmin', 'the owner who leaves promotes another');
});

test('2.2.2: deletes a group that was left on the server, and says so if the server keeps it', limit, async () => {
  await client.enter('/delete-chat');
  await client.shows('Delete Cocoa club');
  await client.confirms();
  bare(await server.call(`DELETE channel/${club.rId}`));
  await client.shows('Cocoa club was deleted.');
  assert.equal(await listed('Cocoa club'), false);
});

test('8.4: a message on its way to a group says that its author is no longer a member', limit, async () => {
  const tea = server.group('Tea party', bob, alice);
  server.message(tea, bob, 'Milk first');
  server.enterSockets(tea);
  server.send(tea, bob, 'Or last');
  await client.shows('# Tea party');
  await client.open('Tea party');
  await server.call(`GET channel/${tea.rId}/group/my-info`);
  await client.shows('│ Tea party', '2 members');
  // The event about it is still on its way.
  tea.members.delete(alice.identifier);
  server.forget();
  await client.enter('Milk last');
  assert.equal((await server.call(`POST channel/${tea.rId}/message`)).status, 403);
  await server.call(`GET channel/${tea.rId}/group/my-info`);
  await client.shows('│   Not sent: You are no longer a member of this group.');
  await client.open('Bob Brown');
});

test('creates a broadcast and informs each recipient', limit, async () => {
  await client.enter('/broadcast News: bob cat alice@example.com');
  const { parts, files } = await server.call('POST channel/broadcast');
  assert.deepEqual([parts, files], [{ identifiers: '["bob","cat"]', broadcastName: 'News' }, []]);
  await client.shows('› Message News');
  news = [...server.world.rooms.values()].find(({ rT }) => rT === 'b');
  bare(await server.call(`GET channel/${news.rId}/broadcast/my-info`));
  await client.shows('» News');
  await client.shows('│ News', '2 members');
});

test('sends a broadcast message once, and shows its copies in the chats', limit, async () => {
  server.forget();
  await client.enter('We ship today');
  const call = await server.call(`POST channel/${news.rId}/message`);
  assert.deepEqual(sent(call), { content: 'We ship today', messageType: 'text' });
  await client.showsMessage('We ship today', '✓');
  await client.showsMessageOnce('We ship today');
  const copies = server.world.messages.filter(({ c, pBId }) => c === 'We ship today' && pBId);
  assert.equal(copies.length, 2);
  await client.open('Bob Brown');
  await client.shows('│', 'the broadcast News');
  await client.showsMessage('We ship today', '✓');
  await client.showsMessageOnce('We ship today');
  server.read(room, bob);
  await client.showsMessage('We ship today', '✓✓');
  assert.equal(server.count(({ kind, call: other }) => kind === 'rest' && other.startsWith('POST') && other.endsWith('/message')), 1);
  await client.open('News');
});

test('lists who has seen a broadcast message', limit, async () => {
  const { _id } = server.world.messages.find(({ rId, c }) => rId === news.rId && c === 'We ship today');
  server.deliver(server.single(alice, cat), cat);
  await client.send('\tv');
  for (const kind of ['seen', 'deliver']) await server.call(`GET channel/${news.rId}/broadcast/message/${_id}/status/${kind}`);
  await client.shows('Bob Brown', 'seen ');
  await client.shows('Cat Stone', 'received');
  await client.send(`${ESC}${ESC}`);
  await client.lacks('Seen by');
});

test('changes the recipients and the title of a broadcast', limit, async () => {
  await client.enter(`/add ${DAN}`);
  assert.deepEqual((await server.call(`POST channel/${news.rId}/broadcast/members`)).body, { identifiers: [DAN] });
  await client.shows('│ News', '3 members');
  await client.send(F2);
  assert.deepEqual((await server.call(`GET channel/${news.rId}/broadcast/members`)).query, { limit: '30', page: '1' });
  await client.shows('Bob Brown @bob');
  await client.shows('Dan Dunn');
  await client.send(`${DOWN}${UP}x`);
  await client.shows('Remove Bob Brown from News?');
  await client.confirms();
  bare(await server.call(`DELETE channel/${news.rId}/broadcast/members/bob`));
  await client.lacks('Bob Brown @bob');
  await closesList();
  await client.shows('│ News', '2 members');
  assert.deepEqual([...news.audience.keys()], ['cat', DAN]);
  await client.enter('/rename Headlines');
  assert.deepEqual((await server.call(`PATCH channel/${news.rId}/broadcast/title`)).body, { title: 'Headlines' });
  await client.shows('› Message Headlines');
  await client.shows('» Headlines');
});

test("shows another person's broadcast message in the chat with them", limit, async () => {
  const alerts = server.broadcast('Alerts', bob);
  server.reach(alerts, bob, alice);
  await client.open('Bob Brown');
  await client.shows('│', 'Bob Brown added you to the broadcast Alerts');
  server.copy(alerts, server.message(alerts, bob, 'The kettle is on fire'));
  await client.showsMessage('The kettle is on fire');
  await client.showsMessageOnce('The kettle is on fire');
  assert.equal(newest().pBId.length, 24);
});

test('followed the protocol throughout, and quits cleanly', limit, async () => {
  assertProtocol(server);
  await client.quit();
});
