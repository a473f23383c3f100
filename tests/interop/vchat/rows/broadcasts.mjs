// Section 2.5: broadcasts, whose messages arrive as copies in single rooms.
import assert from 'node:assert/strict';

import { Person, png } from '../people.mjs';
import { download, form } from '../http.mjs';
import * as shape from '../shapes.mjs';

async function station(name, ...names) {
  const people = await Person.all(...(names.length ? names : ['Ann', 'Ben', 'Cat']));
  const room = await people[0].broadcast(name, ...people.slice(1));
  return { people, room, path: `channel/${room}/broadcast` };
}

const members = async (person, path, query = 'limit=20&page=1') =>
  shape.page(await person.rest.get(`${path}/members?${query}`), shape.broadcastMember).docs.map(({ userData }) => userData._id);

const total = async (person, path) =>
  shape.fields(await person.rest.get(`${path}/my-info`), { totalUsers: 'int' }, 'my-info').totalUsers;

export default [
  {
    row: 48, what: 'a broadcast is a room of its maker alone',
    async check() {
      const [one, other] = await Person.all('Ann', 'Ben');
      const identifiers = JSON.stringify([other.identifier]);
      const room = shape.room(await one.rest.post('channel/broadcast', form({ identifiers, broadcastName: 'Tea news', file: png })));
      assert.deepEqual([room.rT, room.t], ['b', 'Tea news']);
      assert.equal((await one.rest.listed(room.rId)).rT, 'b');
      assert.equal(await other.rest.listed(room.rId), undefined);
      await other.rest.refused(404, 'GET', `channel/${room.rId}`);
    },
  },
  {
    row: 48, what: 'its message: one copy for each member in their single room, with its own ids and pBId',
    async check() {
      const { people: [one, ...others], room } = await station('Copies');
      const sent = shape.message(await one.send(room, 'fresh tea'));
      assert.deepEqual([sent.rId, sent.pBId ?? null], [room, null]);
      shape.message(await one.listener.message(room, ({ c }) => c === 'fresh tea'));
      const copies = [];
      for (const other of others) {
        const single = await other.roomWith(one);
        const copy = shape.message(await other.listener.message(single, ({ c }) => c === 'fresh tea'));
        assert.deepEqual([copy.sId, copy.pBId, copy.mT], [one.id, sent._id, 'text']);
        if (copy.peerData) assert.equal(copy.peerData._id, other.id);
        // The maker is in that room too.
        assert.equal((await one.listener.message(single, ({ c }) => c === 'fresh tea'))._id, copy._id);
        assert.equal((await other.rest.listed(single)).lastMessage._id, copy._id);
        await other.listener.lacks('v1OnNewMessage', ({ c, rId }) => c === 'fresh tea' && rId !== single);
        copies.push(copy);
      }
      const all = [sent, ...copies];
      assert.equal(new Set(all.map(({ _id }) => _id)).size, 3, 'every copy has its own _id');
      assert.equal(new Set(all.map(({ lId }) => lId)).size, 3, 'every copy has its own lId');
    },
  },
  {
    row: 49, what: 'my-info counts the members',
    async check() {
      const { people: [one], path } = await station('Info');
      assert.equal(await total(one, path), 2);
    },
  },
  {
    row: 50, what: 'members: pages, found by name',
    async check() {
      const { people: [one, ...others], path } = await station('Members', 'Ann', 'Ben', 'Cat', 'Dan');
      assert.deepEqual((await members(one, path)).sort(), others.map(({ id }) => id).sort());
      const pages = [];
      for (const number of [1, 2, 3]) pages.push((await members(one, path, `limit=2&page=${number}`)).length);
      assert.deepEqual(pages, [2, 1, 0]);
      assert.deepEqual(await members(one, path, `limit=20&page=1&name=${encodeURIComponent(others[1].name)}`), [others[1].id]);
    },
  },
  {
    row: 51, what: 'a member is added and gets the next message',
    async check() {
      const { people: [one], room, path } = await station('Adding');
      const added = await Person.meet('Added');
      await one.rest.post(`${path}/members`, { identifiers: [added.identifier] });
      assert.equal(await total(one, path), 3);
      const { _id } = await one.send(room, 'also for you');
      const single = await added.roomWith(one);
      assert.equal((await added.listener.message(single, ({ c }) => c === 'also for you')).pBId, _id);
    },
  },
  {
    row: 52, what: 'a member is removed and gets nothing more; the SDK\'s literal {peerId} does no harm',
    async check() {
      const { people: [one, other, third], room, path } = await station('Removing');
      // Chopper leaves the placeholder in the address (§2.5 row 52); it names nobody.
      const literal = await one.rest.call('DELETE', `${path}/members/%7BpeerId%7D`);
      assert.ok(literal.status < 500 && typeof JSON.parse(literal.text).data !== 'undefined', `${literal.status} ${literal.text}`);
      assert.equal(await total(one, path), 2);
      // By identifier as everywhere in v2; by id where the sibling's way was kept.
      const answer = await one.rest.call('DELETE', `${path}/members/${other.identifier}`);
      if (answer.status >= 400) await one.rest.delete(`${path}/members/${other.id}`);
      assert.deepEqual(await members(one, path), [third.id]);
      await one.send(room, 'for who is left');
      await third.listener.next('v1OnNewMessage', ({ c }) => c === 'for who is left');
      await other.listener.lacks('v1OnNewMessage', ({ c }) => c === 'for who is left');
    },
  },
  {
    row: 53, what: 'title',
    async check() {
      const { people: [one], room, path } = await station('Old');
      await one.rest.patch(`${path}/title`, { title: 'New' });
      assert.equal((await one.rest.listed(room)).t, 'New');
    },
  },
  {
    row: 54, what: 'image: its address as a string',
    async check() {
      const { people: [one], room, path } = await station('Pictured');
      const address = await one.rest.patch(`${path}/image`, form({ file: png }));
      assert.ok((await download(address, 'image')).length > 0);
      assert.equal((await one.rest.listed(room)).img, address);
    },
  },
  {
    row: 55, what: 'available-users-to-add: everybody who is not in it',
    async check() {
      const { people: [one, other], path } = await station('Available');
      const outsider = await Person.meet('Outsider', { socket: false });
      const found = async (name) => {
        const query = `limit=20&page=1&name=${encodeURIComponent(name)}`;
        return shape.page(await one.rest.get(`${path}/available-users-to-add?${query}`), shape.baseUser).docs.map(({ _id }) => _id);
      };
      assert.deepEqual([await found(outsider.name), await found(other.name)], [[outsider.id], []]);
    },
  },
  {
    row: 56, what: 'status of a broadcast message: delivered, then seen',
    async check() {
      const { people: [one, other], room, path } = await station('Receipts');
      const { _id } = await one.send(room, 'seen?');
      const who = async (kind) =>
        shape.page(await one.rest.get(`${path}/message/${_id}/status/${kind}?limit=20&page=1`), shape.messageStatus)
          .docs.map(({ userData }) => userData._id);
      assert.deepEqual(await who('seen'), []);
      const single = await other.roomWith(one);
      other.listener.emit('v1DeliverChatRoom', { roomId: single });
      await other.listener.settled();
      assert.deepEqual([await who('deliver'), await who('seen')], [[other.id], []]);
      other.listener.emit('v1EnterChatRoom', { roomId: single });
      await other.listener.settled();
      assert.deepEqual([await who('deliver'), await who('seen')], [[], [other.id]]);
    },
  },
];
