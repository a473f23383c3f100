// Sections 3 to 5: the socket, its encoding, presence, typing and receipts.
import assert from 'node:assert/strict';

import { pair, Person } from '../people.mjs';
import { badlyEncoded, Listener } from '../listener.mjs';
import { control } from '../http.mjs';
import * as shape from '../shapes.mjs';

const other = (name) => (value) => value.roomId === name;

// Asks until the answer to `asker` about `peer` is `expected`: how the server hears of an end takes its time.
async function online(asker, peer, expected, room = peer.id) {
  const ask = async () => {
    asker.listener.emit('v1MyOnline', [{ peerId: peer.id, extra: room }]);
    return (await asker.listener.next('v1OnMyOnline', ([item]) => item.extra === room))[0];
  };
  const deadline = AbortSignal.timeout(10_000);
  let answer = await ask();
  while (answer.isOnline !== expected) {
    assert.ok(!deadline.aborted, `${peer.name} did not become ${expected ? 'online' : 'offline'}`);
    answer = await ask();
  }
  return shape.fields(answer, { peerId: 'id', isOnline: 'bool', extra: 'string' }, 'online');
}

const rejects = async (opening, reason) => assert.rejects(opening, (error) => reason.test(error.message) || assert.fail(`connect_error says ${error.message}`));

export default [
  {
    row: '§3', what: 'a bare CONNECT packet with header and query: in; heartbeat of 15 and 5 s',
    async check() {
      const one = await Person.meet('Bare', { socket: false });
      const listener = new Listener(one.name, one.id, one.auth);
      const opening = listener.connect();
      const { engine } = listener.socket.io;
      const sent = [];
      const handshake = new Promise((resolve) => engine.once('handshake', resolve));
      engine.on('packetCreate', ({ type, data }) => sent.push([type, data]));
      const { pingInterval, pingTimeout, upgrades } = await handshake;
      await opening;
      assert.deepEqual(sent[0], ['message', '0'], 'socket.io-client sent a bare 40');
      assert.deepEqual([pingInterval, pingTimeout, upgrades], [15_000, 5_000, []]);
      await listener.settled();
    },
  },
  {
    row: '§3', what: 'header alone or query alone will do; the header goes first',
    async check() {
      const one = await Person.meet('Either', { socket: false });
      for (const options of [{ query: null }, { header: null }, { query: 'Bearer nonsense' }]) {
        const listener = await one.listen(options);
        await listener.settled();
        listener.close();
      }
      await rejects(one.listen({ header: 'Bearer nonsense' }), /./);
    },
  },
  {
    row: '§3', what: 'no auth, or only a Socket.IO auth payload: connect_error "Auth must be provided !"',
    async check() {
      const one = await Person.meet('Authless', { socket: false });
      for (const payload of [undefined, { token: one.token }]) {
        await rejects(one.listen({ query: null, header: null, payload }), /^Auth must be provided !$/);
      }
    },
  },
  {
    row: '§3', what: 'a token that is none, or of a device that logged out: connect_error with a reason',
    async check() {
      const one = await Person.meet('Tokenless', { socket: false });
      await rejects(new Listener(one.name, one.id, 'Bearer a.b.c').connect(), /./);
      await one.rest.post('auth/logout');
      await rejects(one.listen(), /./);
    },
  },
  {
    row: '§3.1', what: 'arguments are taken as a string and as an object',
    async check() {
      const { first, second, room } = await pair();
      first.listener.socket.emit('v1RoomStatusChange', { status: 'typing', roomId: room });
      assert.equal((await second.listener.next('v1OnRoomStatusChange')).status, 'typing');
      first.listener.socket.emit('v1MyOnline', [{ peerId: second.id, extra: 'as-array' }]);
      assert.equal((await first.listener.next('v1OnMyOnline'))[0].extra, 'as-array');
      second.listener.socket.emit('v1EnterChatRoom', { roomId: room });
      assert.equal((await first.listener.next('v1OnEnterChatRoom')).userId, first.id);
    },
  },
  {
    row: '§3', what: 'what is asked at once after a connection is answered, every time',
    async check() {
      const one = await Person.meet('Hasty', { socket: false });
      for (let time = 0; time < 150; time += 1) {
        const listener = await one.listen();
        await listener.settled();
        listener.close();
      }
    },
  },
  {
    row: '§3.2', what: 'who connects is in the rooms of before, on every connection, and is told nothing twice',
    async check() {
      const { first, second, room } = await pair();
      const two = await second.listen();
      await two.settled();
      await first.send(room, 'to both of yours');
      for (const listener of [second.listener, two]) await listener.message(room, ({ c }) => c === 'to both of yours');
      for (const listener of [second.listener, two]) await listener.lacks('v1OnNewMessage', ({ c }) => c === 'to both of yours');
    },
  },
  {
    row: '§3.2', what: 'connecting delivers what was sent meanwhile, and the senders hear it once',
    async check() {
      const [one, late] = [await Person.meet('Ann'), await Person.meet('Late', { socket: false })];
      const room = await one.roomWith(late);
      await one.send(room, 'are you there?');
      await late.goOnline();
      const receipt = shape.receipt(await one.listener.next('v1OnDeliverChatRoom'));
      assert.deepEqual([receipt.roomId, receipt.userId], [room, one.id]);
      shape.fields((await one.rest.history(room))[0], { dAt: 'iso' }, 'message');
      const again = await late.listen();
      await again.settled();
      await one.listener.lacks('v1OnDeliverChatRoom');
    },
  },
  {
    row: '§3.2', what: 'a disconnect while typing says stop, with an empty name',
    async check() {
      const { first, second, room } = await pair();
      first.listener.emit('v1RoomStatusChange', { status: 'typing', roomId: room });
      await second.listener.next('v1OnRoomStatusChange', ({ status }) => status === 'typing');
      first.listener.close();
      const { name, status, userId, roomId } = await second.listener.next('v1OnRoomStatusChange');
      assert.deepEqual([name, status, userId, roomId], ['', 'stop', first.id, room]);
    },
  },
  {
    row: '§3.2', what: 'a disconnect of who never typed says nothing',
    async check() {
      const { first, second } = await pair();
      first.listener.close();
      await online(second, first, false);
      await second.listener.lacks('v1OnRoomStatusChange');
    },
  },
  {
    row: '§4', what: 'v1MyOnline: in order, extra as it was given, to the asking socket alone',
    async check() {
      const { first, second, room } = await pair();
      const away = await Person.meet('Away', { socket: false });
      const two = await first.listen();
      first.listener.emit('v1MyOnline', [{ peerId: second.id, extra: room }, { peerId: away.id, extra: 'f'.repeat(24) }]);
      assert.deepEqual(await first.listener.next('v1OnMyOnline'), [
        { peerId: second.id, isOnline: true, extra: room },
        { peerId: away.id, isOnline: false, extra: 'f'.repeat(24) },
      ]);
      for (const listener of [two, second.listener]) await listener.lacks('v1OnMyOnline');
    },
  },
  {
    row: '§5.1', what: 'online is who has a socket, until the last one ends; nobody is told unasked',
    async check() {
      const { first, second, room } = await pair();
      const two = await second.listen();
      two.close();
      assert.deepEqual(await online(first, second, true, room), { peerId: second.id, isOnline: true, extra: room });
      second.listener.close();
      await online(first, second, false, room);
      await first.listener.lacks('v1OnMyOnline');
    },
  },
  {
    row: '§4', what: 'v1RoomStatusChange: typing, recording, stop to the room with who types; the name is theirs',
    async check() {
      const { first, second, room } = await pair();
      const outsider = await Person.meet('Outsider');
      for (const status of ['typing', 'recording', 'stop']) {
        first.listener.emit('v1RoomStatusChange', { status, roomId: room });
        for (const { listener } of [first, second]) {
          const heard = await listener.next('v1OnRoomStatusChange', other(room));
          assert.deepEqual([heard.name, heard.status, heard.userId, heard.roomId], [first.name, status, first.id, room]);
        }
      }
      await outsider.listener.lacks('v1OnRoomStatusChange');
    },
  },
  {
    row: '§4', what: 'v1RoomStatusChange in a group reaches every member',
    async check() {
      const people = await Person.all('Ann', 'Ben', 'Cat');
      const room = await people[0].group('Typing', ...people.slice(1));
      people[1].listener.emit('v1RoomStatusChange', { status: 'typing', roomId: room });
      for (const { listener } of people) {
        const { name, userId } = await listener.next('v1OnRoomStatusChange', other(room));
        assert.deepEqual([name, userId], [people[1].name, people[1].id]);
      }
    },
  },
  {
    row: '§5', what: 'v1EnterChatRoom: the senders hear it, userId is theirs; the reader and others do not',
    async check() {
      const { first, second, room } = await pair();
      await first.send(room, 'second');
      second.listener.emit('v1EnterChatRoom', { roomId: room });
      const receipt = shape.receipt(await first.listener.next('v1OnEnterChatRoom'));
      assert.deepEqual([receipt.roomId, receipt.userId], [room, first.id]);
      for (const message of await first.rest.history(room)) shape.fields(message, { sAt: 'iso' }, 'message');
      await second.listener.lacks('v1OnEnterChatRoom');
    },
  },
  {
    row: '§5.2', what: 'v1EnterChatRoom that changes nothing, or of my own messages, is told to nobody',
    async check() {
      const { first, second, room } = await pair();
      first.listener.emit('v1EnterChatRoom', { roomId: room });
      await first.listener.settled();
      await second.listener.lacks('v1OnEnterChatRoom');
      assert.equal((await first.rest.history(room))[0].sAt ?? null, null);
      for (let time = 0; time < 2; time += 1) second.listener.emit('v1EnterChatRoom', { roomId: room });
      await first.listener.next('v1OnEnterChatRoom');
      await second.listener.settled();
      await first.listener.lacks('v1OnEnterChatRoom');
    },
  },
  {
    row: '§5', what: 'v1DeliverChatRoom: the senders hear it once, dAt is set, sAt is not',
    async check() {
      const { first, second, room } = await pair();
      for (let time = 0; time < 2; time += 1) second.listener.emit('v1DeliverChatRoom', { roomId: room });
      const receipt = shape.receipt(await first.listener.next('v1OnDeliverChatRoom'));
      assert.deepEqual([receipt.roomId, receipt.userId], [room, first.id]);
      const [message] = await first.rest.history(room);
      shape.fields(message, { dAt: 'iso' }, 'message');
      assert.equal(message.sAt ?? null, null);
      await second.listener.settled();
      await first.listener.lacks('v1OnDeliverChatRoom');
      await second.listener.lacks('v1OnDeliverChatRoom');
    },
  },
  {
    row: '§5', what: 'v1OnException: to who erred alone, who may go on; for a poll that is no list, a room of others',
    async check() {
      const { first, second, room } = await pair();
      const outsider = await Person.meet('Outsider');
      outsider.listener.emit('v1MyOnline', { peerId: first.id });
      assert.equal(typeof (await outsider.listener.next('v1OnException')), 'string');
      for (const event of ['v1DeliverChatRoom', 'v1EnterChatRoom']) {
        outsider.listener.emit(event, { roomId: room });
        assert.equal(typeof (await outsider.listener.next('v1OnException')), 'string');
      }
      await outsider.listener.settled();
      for (const { listener } of [first, second]) {
        for (const event of ['v1OnException', 'v1OnEnterChatRoom', 'v1OnDeliverChatRoom']) await listener.lacks(event);
      }
      assert.equal((await first.rest.history(room))[0].dAt ?? null, null);
    },
  },
  {
    row: '§4', what: 'events that nobody knows and arguments that cannot be read do no harm',
    async check() {
      const { first, second, room } = await pair();
      first.listener.emit('v1KickGroupMember', { roomId: room });
      first.listener.emit('noSuchEvent', { a: 1 });
      for (const event of ['v1MyOnline', 'v1EnterChatRoom', 'v1DeliverChatRoom', 'v1RoomStatusChange', 'v1IceCandidate']) {
        first.listener.socket.emit(event);
        for (const argument of ['{oh', 'null', null, 7, '[]', '"x"', { roomId: 'short' }]) first.listener.socket.emit(event, argument);
      }
      await first.listener.settled();
      await second.listener.settled();
      await first.send(room, 'still here');
      await second.listener.message(room, ({ c }) => c === 'still here');
    },
  },
  {
    row: '§3.1', what: 'what the sandbox injects arrives as it was given, at that person alone',
    async check() {
      const { first, second, room } = await pair();
      const value = { roomId: room, userId: second.id };
      const body = { identifier: second.identifier, event: 'v1OnKickGroupMember', arg: JSON.stringify(value) };
      const hook = await control('emit', body);
      assert.ok(hook.status < 300, `${hook.status} ${hook.text}`);
      assert.deepEqual(await second.listener.next('v1OnKickGroupMember'), value);
      await first.listener.lacks('v1OnKickGroupMember');
    },
  },
  {
    row: '§5', what: 'a burst arrives whole and in order',
    async check() {
      const { first, second, room } = await pair();
      const texts = Array.from({ length: 60 }, (_, number) => `burst ${number}`);
      for (const text of texts) await first.send(room, text);
      const heard = [];
      for (const text of texts) heard.push((await second.listener.message(room, ({ c }) => c.startsWith('burst'))).c === text);
      assert.ok(heard.every(Boolean));
    },
  },
  {
    row: '§3.1', what: 'every argument of every event of this whole run was one JSON string',
    // Not compared as lists: a server that does it wrong does it a thousand times, and the difference takes minutes.
    check: () => assert.ok(badlyEncoded.length === 0, `${badlyEncoded.length} were not, first ${badlyEncoded.slice(0, 5).join('\n')}`),
  },
];
