// Section 2.4: groups, their roles, and the info messages of what happens to them.
import assert from 'node:assert/strict';

import { Person, png } from '../people.mjs';
import { download, form, textParts } from '../http.mjs';
import * as shape from '../shapes.mjs';

// A group of which the first person is the superAdmin.
async function crew(title, ...names) {
  const people = await Person.all(...(names.length ? names : ['Ann', 'Ben', 'Cat']));
  const room = await people[0].group(title, ...people.slice(1));
  return { people, room, path: `channel/${room}/group` };
}

const roles = async (person, path) => {
  const { docs } = shape.page(await person.rest.get(`${path}/members?limit=30&page=1`), shape.groupMember);
  return Object.fromEntries(docs.map(({ userData, gR }) => [userData.identifier, gR]));
};

// `people` hear of `action`, with these names.
async function informed(people, room, action, expected) {
  for (const { listener } of people) {
    const { msgAtt } = shape.message(await listener.info(room, action));
    for (const [key, value] of Object.entries(expected)) assert.equal(msgAtt[key], value, `${action}: ${key}`);
  }
}

// The note does not say which of the two a server answers to who may not.
const FORBIDDEN = [400, 403];

const status = async (person, path, message, kind) =>
  shape.page(await person.rest.get(`${path}/message/${message}/status/${kind}?limit=20&page=1`), shape.messageStatus).docs;

export default [
  {
    row: 34, what: 'a group is made: a room, on every list, and everybody there hears createGroup',
    async check() {
      const people = await Person.all('Ann', 'Ben', 'Cat');
      const [one, ...others] = people;
      const identifiers = JSON.stringify(others.map(({ identifier }) => identifier));
      const room = shape.room(await one.rest.post('channel/group', form({ identifiers, groupName: 'Tea crew', file: png })));
      assert.deepEqual([room.rT, room.t], ['g', 'Tea crew']);
      assert.ok((await download(room.img, 'the group\'s picture')).length > 0);
      await informed(people, room.rId, 'createGroup', { targetName: 'Tea crew', targetId: room.rId, adminName: one.name });
      for (const { rest } of people) assert.deepEqual([(await rest.listed(room.rId)).rT, (await rest.listed(room.rId)).t], ['g', 'Tea crew']);
    },
  },
  {
    row: 34, what: 'sockets that were there before the group are in it; two groups are never one; not with oneself',
    async check() {
      const { people: [one, other, third], room } = await crew('Heard');
      await other.send(room, 'hear, hear');
      for (const { listener } of [one, other, third]) shape.message(await listener.message(room, ({ c }) => c === 'hear, hear'));
      assert.notEqual(await one.group('Heard', other, third), room);
      const identifiers = JSON.stringify([other.identifier, one.identifier]);
      await one.rest.refused(FORBIDDEN, 'POST', 'channel/group', form({ identifiers, groupName: 'Me and me' }));
    },
  },
  {
    row: 35, what: 'my-info: counts, role, settings',
    async check() {
      const { people: [one, other, third], path } = await crew('Info');
      third.listener.close();
      const mine = shape.groupInfo(await one.rest.get(`${path}/my-info`));
      assert.deepEqual([mine.isMeOut, mine.membersCount, mine.myRole], [false, 3, 'superAdmin']);
      assert.ok(mine.totalOnline >= 2 && mine.totalOnline <= 3, `totalOnline ${mine.totalOnline}`);
      assert.equal(shape.groupInfo(await other.rest.get(`${path}/my-info`)).myRole, 'member');
    },
  },
  {
    row: 36, what: 'my-status',
    async check() {
      const { people: [one], path } = await crew('Status');
      assert.deepEqual(await one.rest.get(`${path}/my-status`), { isMeOut: false });
    },
  },
  {
    row: 37, what: 'members: pages with roles, found by name (SDK) and fullName (sibling)',
    async check() {
      const { people, path } = await crew('Members', 'Ann', 'Ben', 'Cat', 'Dan');
      const [one, other] = people;
      assert.deepEqual(await roles(other, path), Object.fromEntries(people.map(({ identifier }, index) => [identifier, index === 0 ? 'superAdmin' : 'member'])));
      const pages = [];
      for (const number of [1, 2, 3]) pages.push(shape.page(await one.rest.get(`${path}/members?limit=2&page=${number}`), shape.groupMember));
      assert.deepEqual(pages.map(({ docs, nextPage }) => [docs.length, nextPage ?? null]), [[2, 2], [2, null], [0, null]]);
      for (const key of ['name', 'fullName']) {
        const { docs } = await one.rest.get(`${path}/members?limit=20&page=1&${key}=${encodeURIComponent(other.name)}`);
        assert.deepEqual(docs.map(({ userData }) => userData._id), [other.id], key);
      }
    },
  },
  {
    row: 38, what: 'members are added by admins alone, and hear and write from then on',
    async check() {
      const { people: [one, other], room, path } = await crew('Adding', 'Ann', 'Ben');
      const [added, never] = await Person.all('Added', 'Never');
      await other.rest.refused(FORBIDDEN, 'POST', `${path}/members`, { identifiers: [never.identifier] });
      await one.rest.post(`${path}/members`, { identifiers: [added.identifier] });
      await informed([one, other], room, 'addGroupMember', { targetName: added.name, targetId: added.id, adminName: one.name });
      assert.equal((await added.rest.listed(room)).t, 'Adding');
      await one.send(room, 'welcome');
      await added.listener.message(room, ({ c }) => c === 'welcome');
      await added.send(room, 'thanks');
      await other.listener.message(room, ({ c }) => c === 'thanks');
      assert.equal((await roles(one, path))[added.identifier], 'member');
      await never.listener.lacks('v1OnNewMessage');
    },
  },
  {
    row: 39, what: 'roles: up and down with an info each; not by members, not one\'s own, not a superAdmin\'s, not any',
    async check() {
      const { people: [one, other, third], room, path } = await crew('Roles');
      await other.rest.refused(FORBIDDEN, 'PATCH', `${path}/members/${third.identifier}/admin`);
      await one.rest.patch(`${path}/members/${other.identifier}/admin`);
      await informed([one, other, third], room, 'upAdmin', { targetName: other.name, targetId: other.id, adminName: one.name });
      assert.equal((await roles(third, path))[other.identifier], 'admin');
      await other.rest.refused(FORBIDDEN, 'PATCH', `${path}/members/${one.identifier}/member`);
      await other.rest.refused(FORBIDDEN, 'PATCH', `${path}/members/${other.identifier}/member`);
      await one.rest.refused(FORBIDDEN, 'PATCH', `${path}/members/${other.identifier}/emperor`);
      await one.rest.patch(`${path}/members/${other.identifier}/member`);
      await informed([one, other, third], room, 'downMember', { targetName: other.name, adminName: one.name });
      assert.equal((await roles(third, path))[other.identifier], 'member');
    },
  },
  {
    row: 40, what: 'kick: the whole group hears it, who was kicked too, and is out',
    async check() {
      const { people: [one, other, third], room, path } = await crew('Kicking');
      await other.rest.refused(FORBIDDEN, 'DELETE', `${path}/members/${third.identifier}`);
      await one.rest.delete(`${path}/members/${third.identifier}`);
      for (const { listener } of [one, other, third]) {
        const event = shape.fields(await listener.next('v1OnKickGroupMember'), { roomId: 'id', userId: 'id' }, 'kick');
        assert.deepEqual([event.roomId, event.userId], [room, third.id]);
      }
      await informed([one, other], room, 'kick', { targetName: third.name, targetId: third.id, adminName: one.name });
      assert.deepEqual(Object.keys(await roles(one, path)).sort(), [one.identifier, other.identifier].sort());
      const out = shape.groupInfo(await third.rest.get(`${path}/my-info`));
      assert.deepEqual([out.isMeOut, out.membersCount, out.totalOnline, out.groupSettings], [true, 0, 0, null]);
      assert.deepEqual(await third.rest.get(`${path}/my-status`), { isMeOut: true });
      await one.send(room, 'without you');
      await third.listener.lacks('v1OnNewMessage', ({ c }) => c === 'without you');
      await third.rest.refused(403, 'POST', `channel/${room}/message/`, form(textParts('let me in')));
      assert.ok(!(await third.rest.history(room)).some(({ c }) => c === 'without you'));
    },
  },
  {
    row: 40, what: 'nobody kicks a superAdmin',
    async check() {
      const { people: [one, other], path } = await crew('Coup');
      await one.rest.patch(`${path}/members/${other.identifier}/admin`);
      await other.rest.refused(FORBIDDEN, 'DELETE', `${path}/members/${one.identifier}`);
      await one.listener.lacks('v1OnKickGroupMember');
    },
  },
  {
    row: 41, what: 'leave: an info to who stays; after the superAdmin another is one; the last ends the group',
    async check() {
      const { people: [one, other, third], room, path } = await crew('Leaving');
      await one.rest.post(`${path}/leave`);
      await informed([other, third], room, 'leave', { targetName: one.name, targetId: one.id });
      assert.equal((await one.rest.get(`${path}/my-status`)).isMeOut, true);
      const left = await roles(other, path);
      assert.deepEqual([one.identifier in left, Object.values(left).includes('superAdmin')], [false, true]);
      await other.send(room, 'gone');
      await one.listener.lacks('v1OnNewMessage', ({ c }) => c === 'gone');
      await one.rest.refused(403, 'POST', `channel/${room}/message/`, form(textParts('still here')));
      await other.rest.post(`${path}/leave`);
      await third.rest.post(`${path}/leave`);
      assert.equal(await third.rest.listed(room), undefined);
    },
  },
  {
    row: 42, what: 'title: any member, an info, and every list',
    async check() {
      const { people: [one, other, third], room, path } = await crew('Old');
      await third.rest.patch(`${path}/title`, { title: 'New' });
      await informed([one, other, third], room, 'updateTitle', { targetName: 'New', adminName: third.name });
      for (const { rest } of [one, other, third]) assert.equal((await rest.listed(room)).t, 'New');
      await (await Person.meet('Outsider')).rest.refused([400, 403, 404], 'PATCH', `${path}/title`, { title: 'Mine' });
    },
  },
  {
    row: 43, what: 'description: in my-info, without an info message',
    async check() {
      const { people: [one, other], room, path } = await crew('Described');
      await other.rest.patch(`${path}/description`, { description: 'All about tea' });
      assert.equal(shape.groupInfo(await one.rest.get(`${path}/my-info`)).groupSettings.desc, 'All about tea');
      await one.listener.lacks('v1OnNewMessage', ({ rId, msgAtt }) => rId === room && msgAtt?.action !== 'createGroup');
    },
  },
  {
    row: 44, what: 'extra-data: in my-info, without an info message; an empty object is refused',
    async check() {
      const { people: [one], room, path } = await crew('Extra');
      await one.rest.patch(`${path}/extra-data`, { pot: { size: 2 } });
      assert.deepEqual(shape.groupInfo(await one.rest.get(`${path}/my-info`)).groupSettings.extraData, { pot: { size: 2 } });
      await one.rest.refused(400, 'PATCH', `${path}/extra-data`, {});
      await one.listener.lacks('v1OnNewMessage', ({ rId, msgAtt }) => rId === room && msgAtt?.action !== 'createGroup');
    },
  },
  {
    row: 45, what: 'image: its address as a string, an info with it, and every list',
    async check() {
      const { people: [one, other], room, path } = await crew('Pictured');
      const address = await other.rest.patch(`${path}/image`, form({ file: png }));
      assert.ok((await download(address, 'image')).length > 0);
      await informed([one, other], room, 'updateImage', { targetName: address, adminName: other.name });
      assert.equal((await one.rest.listed(room)).img, address);
    },
  },
  {
    row: 46, what: 'available-users-to-add: everybody who is not in it, for admins alone',
    async check() {
      const { people: [one, other], path } = await crew('Available');
      const outsider = await Person.meet('Outsider', { socket: false });
      const query = (name) => `${path}/available-users-to-add?limit=20&page=1&name=${encodeURIComponent(name)}`;
      const found = async (name) => shape.page(await one.rest.get(query(name)), shape.baseUser).docs.map(({ _id }) => _id);
      assert.deepEqual(await found(outsider.name), [outsider.id]);
      assert.deepEqual([await found(other.name), await found(one.name)], [[], []]);
      await other.rest.refused(FORBIDDEN, 'GET', query(outsider.name));
    },
  },
  {
    row: 47, what: 'status: delivered, then seen, by person, not the sender; without events',
    async check() {
      const { people: [one, other], room, path } = await crew('Receipts', 'Ann', 'Ben');
      const late = await Person.meet('Late', { socket: false });
      await one.rest.post(`${path}/members`, { identifiers: [late.identifier] });
      const { _id } = await one.send(room, 'have you seen it?');
      const who = async (kind) => (await status(one, path, _id, kind)).map(({ userData }) => userData._id);
      assert.deepEqual(await who('seen'), []);
      other.listener.emit('v1DeliverChatRoom', { roomId: room });
      await other.listener.settled();
      assert.deepEqual([await who('deliver'), await who('seen')], [[other.id], []]);
      other.listener.emit('v1EnterChatRoom', { roomId: room });
      await other.listener.settled();
      assert.deepEqual([await who('deliver'), await who('seen')], [[], [other.id]]);
      shape.fields((await status(one, path, _id, 'seen'))[0], { sAt: 'iso' }, 'status');
      const message = (await one.rest.history(room)).find((each) => each._id === _id);
      assert.deepEqual([message.sAt ?? null, message.dAt ?? null], [null, null]);
      for (const event of ['v1OnEnterChatRoom', 'v1OnDeliverChatRoom']) await one.listener.lacks(event);
    },
  },
  {
    row: 47, what: 'status: who connects has got what was sent meanwhile, silently',
    async check() {
      const { people: [one, other], room, path } = await crew('Connecting', 'Ann', 'Ben');
      const late = await Person.meet('Late', { socket: false });
      await one.rest.post(`${path}/members`, { identifiers: [late.identifier] });
      const { _id } = await one.send(room, 'are you there?');
      await late.goOnline();
      await late.listener.settled();
      assert.ok((await status(one, path, _id, 'deliver')).some(({ userData }) => userData._id === late.id));
      for (const { listener } of [one, other]) await listener.lacks('v1OnDeliverChatRoom');
    },
  },
];
