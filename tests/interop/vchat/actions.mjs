// Actions on the server, by a test as any person or by a client over REST, and the events they cause (sections 2.2.2
// to 2.5, 5 and 6 of the protocol notes). `toRoom`, `toPerson`, `online`, `enterSockets` and `leaveSockets` are in
// `server.mjs`.
import { now, objectId, Refusal, World } from './world.mjs';

export class Actions {
  world = new World();
  // Whether message events are suppressed.
  silent = false;

  person = (identifier, fullName) => this.world.person(identifier, fullName);
  single = (one, other) => this.world.single(one, other);
  group = (title, ...people) => this.world.room('g', title, people);
  broadcast = (title, maker) => this.world.room('b', title, [maker], { audience: new Map() });
  order = (one, other, { orderId, orderTitle = null, orderImage = null, isClosed = false }) =>
    this.world.order(orderId) ?? this.world.room('o', orderTitle ?? '', [one, other], { order: { orderId, orderTitle, orderImage, isClosed } });

  /** Creates a message without an event. */
  message = (room, sender, c, more = {}) => this.world.message(room, sender, { c, lId: crypto.randomUUID(), ...more });
  /** Creates a message as if `sender` had sent it. */
  send = (room, sender, c, more = {}) => this.tell(room, sender, { c, lId: crypto.randomUUID(), ...more });
  typing = (room, person, status) => this.toRoom(room, 'v1OnRoomStatusChange', { name: person.fullName, status, userId: person._id, roomId: room.rId });
  read = (room, person) => this.receipt(room, person, 'sAt');
  deliver = (room, person) => this.receipt(room, person, 'dAt');

  tell(room, sender, more) {
    const message = this.world.message(room, sender, more);
    this.enterSockets(room);
    if (!this.silent) this.toRoom(room, 'v1OnNewMessage', message);
    return message;
  }

  remove(message) {
    message.dltAt = now();
    this.toRoom(this.world.rooms.get(message.rId), 'v1OnDeleteMessageFromAll', message);
  }

  // `userId` is the author of the changed messages, not their reader.
  receipt(room, reader, field, wholeRoom = false) {
    const changed = this.world.receive(room, reader, field);
    const event = field === 'sAt' ? 'v1OnEnterChatRoom' : 'v1OnDeliverChatRoom';
    if (changed.length > 0) {
      const sender = this.world.peer(room, reader);
      const payload = { roomId: room.rId, userId: sender._id, date: now() };
      if (wholeRoom) this.toRoom(room, event, payload);
      else this.toPerson(sender, event, payload);
    }
    return changed.length > 0;
  }

  ban(actor, other, on) {
    const key = `${actor.identifier}>${other.identifier}`;
    if (on) this.world.bans.add(key);
    else this.world.bans.delete(key);
    // Both people receive the view of the one who acted.
    this.toRoom(this.world.single(actor, other), 'v1OnBanUserChat', this.world.banStatus(actor, other));
  }

  kick(room, admin, person) {
    this.toRoom(room, 'v1OnKickGroupMember', { roomId: room.rId, userId: person._id });
    room.members.delete(person.identifier);
    this.leaveSockets(room, person);
    this.info(room, admin, 'kick', person.fullName, person._id);
  }

  /** What happened in a room, as a message of whoever did it. */
  info(room, admin, action, targetName, targetId) {
    return this.send(room, admin, targetName, { mT: 'info', msgAtt: { action, targetName, targetId, adminName: admin.fullName } });
  }

  add(room, admin, person) {
    this.world.join(room, person);
    this.enterSockets(room);
    this.info(room, admin, 'addGroupMember', person.fullName, person._id);
  }

  promote(room, admin, person, role) {
    this.world.member(room, person).gR = role;
    this.info(room, admin, role === 'member' ? 'downMember' : 'upAdmin', person.fullName, person._id);
  }

  leave(room, person) {
    const { gR } = room.members.get(person.identifier);
    room.members.delete(person.identifier);
    this.leaveSockets(room, person);
    const [heir] = room.members.values();
    if (heir && gR === 'superAdmin') heir.gR = 'superAdmin';
    this.info(room, person, 'leave', person.fullName, person._id);
  }

  rename(room, person, title) {
    room.title = title;
    this.info(room, person, 'updateTitle', title, room.rId);
  }

  // Broadcasts. The notes do not say where a member gets the info message; here it is the single room they share.

  reach(room, maker, person) {
    room.audience.set(person.identifier, { person, createdAt: now() });
    this.info(this.world.single(maker, person), maker, 'addToBroadcast', room.title, person._id);
  }

  /** The copies of a message of a broadcast, each in the single room of one of the audience. */
  copy(room, { _id, c, mT, msgAtt, rTo, forId }) {
    const [{ person: maker }] = room.members.values();
    return [...room.audience.values()].map(({ person }) =>
      this.send(this.world.single(maker, person), maker, c, { mT, msgAtt, rTo, forId, pBId: _id, peerData: this.world.user(person) }));
  }

  newCall = ({ room, meetId, withVideo, payload, caller }) => ({ roomId: room.rId, meetId, withVideo, payload, userData: this.world.user(caller) });

  ring(room, caller, { withVideo = false, payload = null, deviceId } = {}) {
    const callee = this.world.peer(room, caller);
    const busy = (person) => this.world.calls.some((each) => ['ring', 'inCall'].includes(each.status) && [each.caller, each.callee].includes(person));
    if (busy(caller)) throw new Refusal(400, 'roomAlreadyInCall');
    if (busy(callee)) throw new Refusal(400, 'peerUserInCallNow');
    const call = { meetId: objectId(), room, caller, callee, deviceId, withVideo, payload, status: 'ring', createdAt: now(), endAt: null, cleared: new Set() };
    call.timer = setTimeout(() => call.status === 'ring' && this.finish(call, 'timeout', '📞 Missed Call', 'v1OnCallTimeout'), this.ringMs).unref();
    this.world.calls.push(call);
    this.toPerson(callee, 'v1OnNewCall', this.newCall(call));
    return call;
  }

  accept(call, person, payload = null) {
    if (call.status !== 'ring' || person !== call.callee) throw new Refusal(400, 'The call does not ring');
    if (!this.online(call.caller)) throw new Refusal(400, 'The caller is offline');
    Object.assign(call, { status: 'inCall', startAt: now() });
    const value = { roomId: call.room.rId, meetId: call.meetId, peerAnswer: payload };
    const device = call.deviceId ? `device:${call.deviceId}` : call.caller._id;
    this.io.to(device).emit('v1OnCallAccepted', JSON.stringify(value));
  }

  /** Cancel, reject or end: the state and who it is decide. */
  hangUp(call, person) {
    const { meetId, room } = call;
    if (call.status === 'ring' && person === call.caller) {
      Object.assign(call, { status: 'canceled', endAt: now() });
      this.toPerson(call.callee, 'v1OnCallCanceled', { meetId, roomId: room.rId });
    } else if (call.status === 'ring') {
      this.finish(call, 'rejected', '📞 Rejected call', 'v1OnCallRejected', call.caller);
    } else if (call.status === 'inCall') {
      this.finish(call, 'finished', '📞 Call', 'v1OnCallEnded');
    } else {
      throw new Refusal(400, 'There is no such call');
    }
  }

  finish(call, status, c, event, person) {
    Object.assign(call, { status, endAt: now() });
    const value = { meetId: call.meetId, roomId: call.room.rId };
    if (person) this.toPerson(person, event, value);
    else this.toRoom(call.room, event, value);
    const msgAtt = { callStatus: status, startAt: call.startAt ?? null, endAt: call.endAt, withVideo: call.withVideo };
    if (status !== 'sessionEnd') this.send(call.room, call.caller, c, { mT: 'call', msgAtt });
  }
}
