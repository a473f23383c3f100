// Sections 2.7 and 6: calls as signals. Nobody speaks; who hears what, and what remains of it.
import assert from 'node:assert/strict';

import { pair, Person } from '../people.mjs';
import { Listener } from '../listener.mjs';
import { connect } from '../http.mjs';
import * as shape from '../shapes.mjs';

const RING_MS = Number(process.env.VCHAT_RING_MS ?? 0);
const plain = { payload: null, withVideo: false, meetPlatform: 'agora' };

/** A pair of which the first calls the second, who has heard it. */
async function ringing(body = plain) {
  const pairing = await pair();
  const { first, second, room } = pairing;
  const { meetId } = shape.fields(await first.rest.post(`call/create/${room}`, body), { meetId: 'id' }, 'create');
  const call = shape.newCall(await second.listener.next('v1OnNewCall'));
  return { ...pairing, meetId, call };
}

async function talking() {
  const made = await ringing();
  await made.second.rest.post(`call/accept/${made.meetId}`, { payload: null });
  await made.first.listener.next('v1OnCallAccepted');
  return made;
}

// `person` hears `event` of this call.
async function hears(person, event, { meetId, room }) {
  const value = shape.fields(await person.listener.next(event), { meetId: 'id', roomId: 'id' }, event);
  assert.deepEqual([value.meetId, value.roomId], [meetId, room], event);
}

// Both find a call message of this status in the room.
async function recorded({ first, second, room }, callStatus) {
  for (const { listener } of [first, second]) {
    const { msgAtt } = shape.message(await listener.message(room, ({ mT }) => mT === 'call'));
    assert.equal(msgAtt.callStatus, callStatus);
  }
}

const history = async (person) => {
  const list = await person.rest.get('call/history');
  assert.ok(Array.isArray(list), `history is a list: ${JSON.stringify(list)}`);
  assert.ok(list.length <= 30);
  return list.map((entry) => shape.callHistory(entry));
};

export default [
  {
    row: 57, what: 'active: null, but the ringing call to who is called',
    async check() {
      const { first, second, room } = await pair();
      assert.equal(await second.rest.get('call/active'), null);
      const { meetId } = await first.rest.post(`call/create/${room}`, { ...plain, withVideo: true });
      const call = shape.newCall(await second.rest.get('call/active'));
      assert.deepEqual([call.meetId, call.roomId, call.withVideo, call.userData._id], [meetId, room, true, first.id]);
      assert.equal(await first.rest.get('call/active'), null);
      await first.rest.post(`call/end/v2/${meetId}`);
      assert.equal(await second.rest.get('call/active'), null);
    },
  },
  {
    row: 58, what: 'history: what became of each call, seen from each side',
    async check() {
      const { first, second, room, meetId } = await talking();
      await second.rest.post(`call/end/v2/${meetId}`);
      await first.listener.next('v1OnCallEnded');
      const { meetId: again } = await first.rest.post(`call/create/${room}`, { ...plain, withVideo: true });
      await second.rest.post(`call/reject/${again}`);
      for (const [me, peer] of [[first, second], [second, first]]) {
        const entries = await history(me);
        assert.deepEqual(entries.map(({ callStatus }) => callStatus).sort(), ['finished', 'rejected']);
        for (const entry of entries) assert.deepEqual([entry.roomId, entry.peerUser.identifier], [room, peer.identifier]);
        assert.equal(entries.find(({ callStatus }) => callStatus === 'rejected').withVideo, true);
      }
    },
  },
  {
    row: 59, what: 'agora-access: the channel is the room',
    async check() {
      const { first, room } = await pair();
      const access = shape.fields(await first.rest.get(`call/agora-access/${room}`), { channelName: 'string', uid: 'int', rtcToken: 'string' }, 'access');
      assert.deepEqual([access.channelName, access.uid, 'joinedAt' in access], [room, 0, true]);
    },
  },
  {
    row: 60, what: 'create rings at the callee alone, with the payload',
    async check() {
      const { first, second, room, meetId, call } = await ringing({ payload: { sdp: { v: 0 } }, withVideo: true, meetPlatform: 'agora' });
      assert.deepEqual([call.roomId, call.meetId, call.withVideo, call.payload], [room, meetId, true, { sdp: { v: 0 } }]);
      assert.deepEqual([call.userData._id, call.userData.fullName], [first.id, first.name]);
      await first.listener.lacks('v1OnNewCall');
      assert.notEqual(second.id, first.id);
    },
  },
  {
    row: 60, what: 'create while the room rings or the peer is in a call: 400; not in a group: 404',
    async check() {
      const { first, second, room } = await ringing();
      await first.rest.refused(400, 'POST', `call/create/${room}`, plain);
      await second.rest.refused(400, 'POST', `call/create/${room}`, plain);
      const third = await Person.meet('Cat');
      await third.rest.refused(400, 'POST', `call/create/${await third.roomWith(second)}`, plain);
      await second.listener.lacks('v1OnNewCall');
      const group = await first.group('Conference', second, third);
      await third.rest.refused(404, 'POST', `call/create/${group}`, plain);
    },
  },
  {
    row: 60, what: 'create during a call: 400, from either side and from a third',
    async check() {
      const { first, second, room } = await talking();
      for (const person of [first, second]) await person.rest.refused(400, 'POST', `call/create/${room}`, plain);
      const third = await Person.meet('Cat');
      await third.rest.refused(400, 'POST', `call/create/${await third.roomWith(first)}`, plain);
      for (const { listener } of [first, second]) await listener.lacks('v1OnNewCall');
    },
  },
  {
    row: 60, what: 'create after a ban: 400',
    async check() {
      const { first, second, room } = await pair();
      await second.rest.post(`user-ban/${first.identifier}/ban`);
      await first.rest.refused([400, 403], 'POST', `call/create/${room}`, plain);
      await second.listener.lacks('v1OnNewCall');
    },
  },
  {
    row: 61, what: 'accept: the device that called hears the answer, no other',
    async check() {
      const made = await ringing();
      const { first, second, room, meetId } = made;
      await second.rest.post(`call/accept/${meetId}`, { payload: { answer: { type: 'answer' } } });
      const accepted = shape.fields(await first.listener.next('v1OnCallAccepted'), { roomId: 'id', meetId: 'id', peerAnswer: 'object?' }, 'accepted');
      assert.deepEqual([accepted.roomId, accepted.meetId], [room, meetId]);
      // The payload as it is, or its `answer`: the note shows both ends and not what lies between (§6.1, §6.2).
      const { answer = accepted.peerAnswer } = accepted.peerAnswer;
      assert.deepEqual(answer, { type: 'answer' });
      await second.listener.lacks('v1OnCallAccepted');
      assert.equal(await second.rest.get('call/active'), null);
    },
  },
  {
    row: 61, what: 'every device of the callee rings; of the caller only the one that called hears the answer',
    async check() {
      const { first, second, room } = await pair();
      const others = [];
      for (const { identifier, name, id } of [first, second]) {
        const { accessToken } = await connect(identifier, name);
        others.push(await new Listener(`${name}'s other device`, id, `Bearer ${accessToken}`).connect());
      }
      const [callers, callees] = others;
      const { meetId } = await first.rest.post(`call/create/${room}`, plain);
      for (const listener of [second.listener, callees]) assert.equal((await listener.next('v1OnNewCall')).meetId, meetId);
      await second.rest.post(`call/accept/${meetId}`, { payload: null });
      assert.equal((await first.listener.next('v1OnCallAccepted')).peerAnswer ?? null, null);
      for (const listener of [callers, callees]) await listener.lacks('v1OnCallAccepted');
    },
  },
  {
    row: 61, what: 'accept by the caller, twice, or of a call that is over: 400',
    async check() {
      const { first, second, meetId } = await ringing();
      await first.rest.refused(400, 'POST', `call/accept/${meetId}`, { payload: null });
      await second.rest.post(`call/accept/${meetId}`, { payload: null });
      await second.rest.refused(400, 'POST', `call/accept/${meetId}`, { payload: null });
      await first.rest.post(`call/end/v2/${meetId}`);
      await second.rest.refused(400, 'POST', `call/accept/${meetId}`, { payload: null });
    },
  },
  {
    row: 62, what: 'reject: the caller hears it, and a call message remains',
    async check() {
      const made = await ringing();
      await made.second.rest.post(`call/reject/${made.meetId}`);
      await hears(made.first, 'v1OnCallRejected', made);
      await recorded(made, 'rejected');
      await made.first.rest.refused(400, 'POST', `call/end/v2/${made.meetId}`);
    },
  },
  {
    row: 63, what: 'end by the caller while it rings is a cancel: the callee hears it, no message remains',
    async check() {
      const made = await ringing();
      await made.first.rest.post(`call/end/v2/${made.meetId}`);
      await hears(made.second, 'v1OnCallCanceled', made);
      for (const { listener } of [made.first, made.second]) await listener.lacks('v1OnNewMessage', ({ mT }) => mT === 'call');
      assert.equal((await history(made.first))[0].callStatus, 'canceled');
    },
  },
  {
    row: 63, what: 'end by the callee while it rings is a rejection',
    async check() {
      const made = await ringing();
      await made.second.rest.post(`call/end/v2/${made.meetId}`);
      await hears(made.first, 'v1OnCallRejected', made);
      await recorded(made, 'rejected');
    },
  },
  {
    row: 63, what: 'end of a call: both hear it, and a call message with its times remains',
    async check() {
      const made = await talking();
      await made.first.rest.post(`call/end/v2/${made.meetId}`);
      for (const person of [made.first, made.second]) await hears(person, 'v1OnCallEnded', made);
      await recorded(made, 'finished');
      const [message] = await made.first.rest.history(made.room);
      shape.fields(message.msgAtt, { startAt: 'iso', endAt: 'iso' }, 'msgAtt');
      await made.second.rest.refused(400, 'POST', `call/end/v2/${made.meetId}`);
      const { meetId } = await made.second.rest.post(`call/create/${made.room}`, plain);
      await made.second.rest.post(`call/end/v2/${meetId}`);
    },
  },
  {
    row: 64, what: 'history is cleared by one and altogether',
    async check() {
      const { first, second, room } = await pair();
      for (let number = 0; number < 3; number += 1) {
        const { meetId } = await first.rest.post(`call/create/${room}`, plain);
        await second.rest.post(`call/reject/${meetId}`);
      }
      const [one, ...others] = await history(first);
      await first.rest.delete(`call/history/clear/${one._id}`);
      assert.deepEqual((await history(first)).map(({ _id }) => _id), others.map(({ _id }) => _id));
      await first.rest.delete('call/history/clear');
      assert.deepEqual(await history(first), []);
    },
  },
  {
    row: '§6', what: 'a call that nobody takes times out: a message remains, the room hears it',
    skip: RING_MS ? false : 'a call rings for a minute; set VCHAT_RING_MS=60000 to wait for it, or to what the server was started with',
    timeout: RING_MS + 60_000,
    async check() {
      const made = await ringing();
      await made.first.listener.next('v1OnCallTimeout', ({ meetId }) => meetId === made.meetId, RING_MS);
      await hears(made.second, 'v1OnCallTimeout', made);
      await recorded(made, 'timeout');
      await made.second.rest.refused(400, 'POST', `call/accept/${made.meetId}`, { payload: null });
      assert.equal(await made.second.rest.get('call/active'), null);
      assert.equal((await history(made.second))[0].callStatus, 'timeout');
    },
  },
  {
    row: '§6.2', what: 'a socket that ends in a call ends it: sessionEnd',
    async check() {
      const made = await talking();
      made.second.listener.close();
      await hears(made.first, 'v1OnCallEnded', made);
      assert.equal((await history(made.first))[0].callStatus, 'sessionEnd');
    },
  },
  {
    row: '§6.2', what: 'accept after the caller\'s device is gone: 400',
    async check() {
      const { first, second, meetId, room } = await ringing();
      first.listener.close();
      const path = 'v1OnMyOnline';
      do second.listener.emit('v1MyOnline', [{ peerId: first.id, extra: room }]);
      while ((await second.listener.next(path))[0].isOnline);
      await second.rest.refused(400, 'POST', `call/accept/${meetId}`, { payload: null });
    },
  },
  {
    row: '§6.1', what: 'v1IceCandidate is passed on as it is to the other side alone',
    async check() {
      const made = await talking();
      const candidate = { data: { candidate: 'candidate:1', sdpMid: '0', sdpMLineIndex: 0 }, meetId: made.meetId };
      made.first.listener.emit('v1IceCandidate', candidate);
      assert.deepEqual((await made.second.listener.next('v1OnIceCandidate')).data, candidate.data);
      await made.first.listener.lacks('v1OnIceCandidate');
    },
  },
];
