// Section 2.2: the room list and what a person does to a room for themselves.
import assert from 'node:assert/strict';

import { pair, Person } from '../people.mjs';
import { connect, textParts, url } from '../http.mjs';
import * as shape from '../shapes.mjs';

// A person with `count` single rooms, each with one message of the peer; the newest first.
async function owner(count) {
  const one = await Person.meet('Owner');
  const rooms = [];
  for (let number = 0; number < count; number += 1) {
    const peer = await Person.meet(`Peer${number}`);
    const room = await peer.roomWith(one);
    await peer.send(room, `hello ${number}`);
    rooms.unshift({ room, peer });
  }
  return { one, rooms };
}

const list = async (person, query) => shape.page(await person.rest.get(`channel/?${query}`), shape.room);
const ids = ({ docs }) => docs.map(({ rId }) => rId);

export default [
  {
    row: 13, what: 'the room list is a page of rooms with and without the trailing slash, newest message first',
    async check() {
      const { one, rooms } = await owner(3);
      const page = await list(one, 'limit=20&page=1');
      assert.deepEqual(ids(page), rooms.map(({ room }) => room));
      assert.deepEqual([page.page, page.limit, page.nextPage, page.totalDocs, page.totalPages], [1, 20, null, 3, 1]);
      assert.deepEqual(await one.rest.get('channel?limit=20&page=1'), page);
      await rooms[2].peer.send(rooms[2].room, 'and now I am first');
      assert.equal(ids(await list(one, 'limit=20&page=1'))[0], rooms[2].room);
    },
  },
  {
    row: 13, what: 'pages follow each other, and one after the last is empty',
    async check() {
      const { one, rooms } = await owner(3);
      const pages = [];
      for (const number of [1, 2, 3]) pages.push(await list(one, `limit=2&page=${number}`));
      assert.deepEqual(pages.map(ids), [rooms.slice(0, 2).map(({ room }) => room), [rooms[2].room], []]);
      assert.deepEqual(pages.map(({ nextPage }) => nextPage ?? null), [2, null, null]);
      assert.deepEqual(pages.map(({ page }) => page), [1, 2, 3]);
    },
  },
  {
    row: 13, what: 'limit ≤ 0 or ≥ 50 is 20, page ≤ 0 is 1, no query at all is both',
    async check() {
      const { one } = await owner(1);
      for (const query of ['limit=0&page=0', 'limit=50&page=-1', '']) {
        const { limit, page } = await list(one, query);
        assert.deepEqual([limit, page], [20, 1], query);
      }
      assert.equal((await list(one, 'limit=49')).limit, 49);
    },
  },
  {
    row: 13, what: 'roomType and title select; a title by any part and in any case',
    async check() {
      const { one, rooms: [newest] } = await owner(2);
      const group = await one.group('Tea Round Table', newest.peer);
      assert.deepEqual(ids(await list(one, 'roomType=g')), [group]);
      assert.equal((await list(one, 'roomType=s')).docs.length, 2);
      assert.deepEqual(ids(await list(one, 'roomType=b')), []);
      assert.deepEqual(ids(await list(one, `title=${encodeURIComponent('round tab')}`)), [group]);
      assert.deepEqual(ids(await list(one, `title=${encodeURIComponent(newest.peer.name.toUpperCase())}`)), [newest.room]);
    },
  },
  {
    row: 13, what: 'a single room has the peer\'s name, id and identifier, the unread count and the last message',
    async check() {
      const { first, second, room } = await pair();
      await first.send(room, 'second');
      const [theirs] = (await list(second, 'limit=20&page=1')).docs;
      assert.deepEqual(
        [theirs.rId, theirs.rT, theirs.t, theirs.pId, theirs.pIdentifier, theirs.uC, theirs.lastMessage.c],
        [room, 's', first.name, first.id, first.identifier, 2, 'second'],
      );
      const [mine] = (await list(first, 'limit=20&page=1')).docs;
      assert.deepEqual([mine.t, mine.pId, mine.uC, mine.isA, mine.isM, mine.isD], [second.name, second.id, 0, false, false, false]);
    },
  },
  {
    row: 14, what: 'one room; 404 to who is not in it',
    async check() {
      const { first, second, room } = await pair();
      const value = shape.room(await first.room(room));
      assert.deepEqual([value.rId, value.pIdentifier, value.lastMessage.c], [room, second.identifier, 'first']);
      const outsider = await Person.meet('Outsider', { socket: false });
      await outsider.rest.refused(404, 'GET', `channel/${room}`);
    },
  },
  {
    row: 14, what: 'a room without a message that I can see: 400',
    async check() {
      const [one, other] = await Person.all('Early', 'Bird');
      const room = await one.roomWith(other);
      await one.rest.refused(400, 'GET', `channel/${room}`);
    },
  },
  {
    row: 15, what: 'peer-room is one room from both sides, hidden until its first message',
    async check() {
      const [one, other] = await Person.all('Ann', 'Ben');
      const made = shape.room(await one.rest.post(`channel/peer-room/${other.identifier}`));
      assert.deepEqual([made.rT, made.t, made.pId, made.pIdentifier], ['s', other.name, other.id, other.identifier]);
      assert.equal(made.lastMessage ?? null, null);
      assert.equal(await other.roomWith(one), made.rId);
      assert.equal(await one.roomWith(other), made.rId);
      assert.deepEqual([await one.rest.listed(made.rId), await other.rest.listed(made.rId)], [undefined, undefined]);
      await one.send(made.rId, 'hello');
      for (const person of [one, other]) assert.equal((await person.rest.listed(made.rId)).lastMessage.c, 'hello');
    },
  },
  {
    row: 15, what: 'peer-room joins the sockets that are already there; with oneself 400, with nobody refused',
    async check() {
      const [one, other] = await Person.all('Ann', 'Ben');
      const room = await one.roomWith(other);
      await one.send(room, 'can you hear me?');
      shape.message(await other.listener.message(room));
      shape.message(await one.listener.message(room));
      await one.rest.refused(400, 'POST', `channel/peer-room/${one.identifier}`);
      await one.rest.refused([400, 404], 'POST', 'channel/peer-room/nobody-at-all');
    },
  },
  {
    row: 15, what: 'peer-room from both sides at once is still one room',
    async check() {
      const [one, other] = await Person.all('Ann', 'Ben');
      const made = await Promise.all([one.roomWith(other), other.roomWith(one), one.roomWith(other), other.roomWith(one)]);
      assert.equal(new Set(made).size, 1);
    },
  },
  {
    row: 15, what: 'an identifier of any letters is found in a path',
    async check() {
      const one = await Person.meet('Ann');
      const identifier = `Zoë+tea & co/${one.id}`;
      const { user } = await connect(identifier, 'Zoë');
      assert.equal(user.identifier, identifier);
      const made = shape.room(await one.rest.post(`channel/peer-room/${encodeURIComponent(identifier)}`));
      assert.deepEqual([made.pIdentifier, made.pId], [identifier, user._id]);
    },
  },
  {
    row: 16, what: 'DELETE hides the room from me with its history, and the next message brings it back',
    async check() {
      const { first, second, room } = await pair();
      await first.rest.delete(`channel/${room}`);
      assert.equal(await first.rest.listed(room), undefined);
      assert.equal((await first.rest.listed(room, '&deletedOnly=true')).isD, true);
      assert.deepEqual(await first.rest.history(room), []);
      assert.equal((await second.rest.listed(room)).lastMessage.c, 'first');
      assert.equal((await second.rest.history(room)).length, 1);
      await second.send(room, 'back again');
      assert.equal((await first.rest.listed(room)).isD, false);
      assert.deepEqual((await first.rest.history(room)).map(({ c }) => c), ['back again']);
    },
  },
  {
    row: 17, what: 'deliver over REST: dAt is set, the room hears it once, userId is the sender',
    async check() {
      const { first, second, room } = await pair();
      assert.equal((await second.rest.patch(`channel/${room}/deliver`)).isUpdated, true);
      for (const { listener } of [first, second]) {
        const receipt = shape.receipt(await listener.next('v1OnDeliverChatRoom'));
        assert.deepEqual([receipt.roomId, receipt.userId], [room, first.id]);
      }
      const [message] = await first.rest.history(room);
      shape.fields(message, { dAt: 'iso' }, 'message');
      assert.equal(message.sAt ?? null, null);
      assert.equal((await second.rest.patch(`channel/${room}/deliver`)).isUpdated, false);
      await first.listener.lacks('v1OnDeliverChatRoom');
    },
  },
  {
    row: 18, what: 'mute and un-mute are mine alone; mutedOnly selects',
    async check() {
      const { one: first, rooms: [{ room, peer }] } = await owner(2);
      await first.rest.patch(`channel/${room}/notification/mute`);
      assert.equal((await first.rest.listed(room)).isM, true);
      assert.equal((await peer.rest.listed(room)).isM, false);
      assert.deepEqual(ids(await list(first, 'mutedOnly=true')), [room]);
      assert.equal((await list(first, 'mutedOnly=false')).docs.length, 2);
      await first.rest.patch(`channel/${room}/notification/un-mute`);
      assert.equal((await first.rest.listed(room)).isM, false);
    },
  },
  {
    row: 19, what: 'archive takes the room off my list; archiveOnly selects; un-archive brings it back',
    async check() {
      const { one: first, rooms: [{ room, peer }] } = await owner(2);
      await first.rest.patch(`channel/${room}/archive`);
      assert.equal(await first.rest.listed(room), undefined);
      const archived = await list(first, 'archiveOnly=true');
      assert.deepEqual(archived.docs.map(({ rId, isA }) => [rId, isA]), [[room, true]]);
      assert.equal((await peer.rest.listed(room)).isA, false);
      await first.rest.patch(`channel/${room}/un-archive`);
      assert.equal((await first.rest.listed(room)).isA, false);
    },
  },
  {
    row: 20, what: 'one-seen on and off',
    async check() {
      const { first, room } = await pair();
      for (const [way, expected] of [['on', true], ['off', false]]) {
        await first.rest.patch(`channel/${room}/one-seen/${way}`);
        assert.equal((await first.rest.listed(room)).isOneSeen ?? expected, expected);
      }
    },
  },
  {
    row: 21, what: 'nick-name is mine alone, titles are searched in it, and an empty one clears it',
    async check() {
      const { first, second, room } = await pair();
      await first.rest.patch(`channel/${room}/nick-name`, { name: 'Teapot' });
      assert.equal((await first.rest.listed(room)).nTitle, 'Teapot');
      assert.equal((await second.rest.listed(room)).nTitle ?? null, null);
      assert.deepEqual(ids(await list(first, 'title=teap')), [room]);
      await first.rest.patch(`channel/${room}/nick-name`, { name: '' });
      assert.ok(!(await first.rest.listed(room)).nTitle);
    },
  },
  {
    row: 22, what: 'un-read-count is a number: what others said since I entered',
    async check() {
      const { first, second, room } = await pair();
      await first.send(room, 'second');
      assert.deepEqual([await second.rest.get(`channel/${room}/un-read-count`), await first.rest.get(`channel/${room}/un-read-count`)], [2, 0]);
      second.listener.emit('v1EnterChatRoom', { roomId: room });
      await second.listener.settled();
      assert.equal(await second.rest.get(`channel/${room}/un-read-count`), 0);
      assert.equal((await second.rest.listed(room)).uC, 0);
      await first.send(room, 'third');
      assert.equal((await second.rest.listed(room)).uC, 1);
    },
  },
  {
    row: 23, what: 'url-preview has the fields that the client reads',
    async check() {
      const { first, room } = await pair();
      const value = await first.rest.get(`channel/${room}/url-preview?url=${encodeURIComponent(`${url}/`)}`);
      shape.fields(value, { url: 'string', title: 'string', description: 'string?', images: 'array', favicons: 'array' }, 'preview');
    },
  },
  {
    row: 24, what: 'translate sets the language of the room for me',
    async check() {
      const { first, second, room } = await pair();
      await first.rest.patch(`channel/${room}/translate`, { transTo: 'ar' });
      assert.equal((await first.rest.listed(room)).tTo, 'ar');
      assert.equal((await second.rest.listed(room)).tTo ?? null, null);
    },
  },
  {
    row: 25, what: 'translate/stop takes it back',
    async check() {
      const { first, room } = await pair();
      await first.rest.patch(`channel/${room}/translate`, { transTo: 'ar' });
      await first.rest.patch(`channel/${room}/translate/stop`);
      assert.equal((await first.rest.listed(room)).tTo ?? null, null);
    },
  },
  {
    row: 26, what: 'messages/stars: mine of all rooms, newest first',
    async check() {
      const { first, second, room, message } = await pair();
      const group = await first.group('Stars', second);
      const other = await first.send(group, textParts('in the group'));
      for (const { rId, _id } of [other, message]) await first.rest.post(`channel/${rId}/message/${_id}/star`);
      const stars = shape.docs(await first.rest.get('channel/messages/stars'), shape.message);
      assert.deepEqual(stars.map(({ _id }) => _id), [other._id, message._id]);
      assert.deepEqual(stars.map(({ isStared }) => isStared), [true, true]);
      assert.deepEqual((await second.rest.get('channel/messages/stars')).docs, []);
      assert.notEqual(room, group);
    },
  },
  {
    row: '2.2–2.7', what: 'an outsider does nothing to a room, is told nothing of it, and breaks nothing by asking',
    async check() {
      const { first, second, room, message } = await pair();
      const group = await first.group('Closed', second);
      const { _id } = await first.send(group, 'among us');
      const broadcast = await first.broadcast('Ours', second);
      const { rest } = await Person.meet('Outsider', { socket: false });
      for (const [method, path, body] of [
        ['GET', `channel/${room}/un-read-count`], ['GET', `channel/${group}/group/members`], ['GET', `channel/${broadcast}/broadcast/members`],
        ['GET', `channel/${group}/group/message/${_id}/status/seen`], ['GET', `channel/${group}/group/available-users-to-add`],
        ['GET', `call/agora-access/${room}`], ['DELETE', `channel/${room}`], ['PATCH', `channel/${room}/notification/mute`],
        ['PATCH', `channel/${room}/archive`], ['PATCH', `channel/${room}/deliver`], ['PATCH', `channel/${room}/nick-name`, { name: 'x' }],
        ['POST', `channel/${room}/message/${message._id}/star`], ['DELETE', `channel/${room}/message/${message._id}/delete/me`],
        ['DELETE', `channel/${room}/message/${message._id}/delete/all`], ['PATCH', `channel/${group}/group/description`, { description: 'x' }],
        ['POST', `channel/${group}/group/members`, { identifiers: [first.identifier] }], ['POST', `channel/${group}/group/leave`],
        ['DELETE', `channel/${group}/group/members/${second.identifier}`], ['PATCH', `channel/${broadcast}/broadcast/title`, { title: 'x' }],
        ['POST', `call/create/${room}`, { payload: null, withVideo: false, meetPlatform: 'agora' }],
      ]) await rest.refused([400, 403, 404], method, path, body);
      assert.deepEqual((await rest.get(`channel/${room}/message/stars`).catch(() => ({ docs: [] }))).docs, []);
      assert.deepEqual((await rest.get('channel/?limit=20&page=1')).docs, []);
      for (const event of ['v1OnDeliverChatRoom', 'v1OnKickGroupMember', 'v1OnNewCall', 'v1OnDeleteMessageFromAll']) await second.listener.lacks(event);
    },
  },
  {
    row: '2.6', what: 'order: one room of type o for each order, with its title and its info',
    async check() {
      const [one, other] = await Person.all('Buyer', 'Seller');
      const orderId = `order-${one.id}`;
      // Which key of the peer it takes is not known of v2 (§2.6): the identifier is tried first.
      const body = { peerId: other.identifier, orderId, orderTitle: 'Two pots' };
      if ((await one.rest.call('POST', 'channel/order', body)).status >= 400) body.peerId = other.id;
      const room = shape.room(await one.rest.post('channel/order', body));
      assert.deepEqual([room.rT, room.pIdentifier], ['o', other.identifier]);
      assert.equal((await one.rest.post('channel/order', body)).rId, room.rId);
      assert.notEqual((await one.rest.post('channel/order', { ...body, orderId: `${orderId}-2` })).rId, room.rId);
      assert.notEqual(await one.roomWith(other), room.rId);
      for (const person of [one, other]) {
        const info = shape.fields(await person.rest.get(`channel/${room.rId}/order/my-info`), { lastSeenAt: 'iso?', orderSettings: 'object' }, 'info');
        shape.fields(info.orderSettings, { orderTitle: 'string?', orderImage: 'string?', isClosed: 'bool', orderId: 'string' }, 'orderSettings');
        assert.deepEqual([info.orderSettings.orderId, info.orderSettings.orderTitle], [orderId, 'Two pots']);
      }
      await one.send(room.rId, 'Where are they?');
      await other.listener.message(room.rId);
      other.listener.emit('v1EnterChatRoom', { roomId: room.rId });
      assert.equal((await one.listener.next('v1OnEnterChatRoom')).userId, one.id);
      assert.ok((await other.rest.get('channel/?roomType=o')).docs.some(({ rId }) => rId === room.rId));
    },
  },
];
