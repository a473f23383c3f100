// REST rows of the protocol notes that a chat client needs, over a `World`: people, rooms, messages and calls;
// `shared_rooms.mjs` has groups and broadcasts. `server` sends the events.
import { createHash } from 'node:crypto';

import './shared_rooms.mjs';
import { contains, json, on, roomOf, stored, wrong } from './routes.mjs';
import { now, objectId, page } from './world.mjs';

export { route } from './routes.mjs';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const TYPES = ['text', 'image', 'file', 'video', 'voice', 'location', 'custom'];

// 1–12: login, profile and blocks.
export function connect(server, { parts, files: [picture] }, hashKey) {
  const { identifier, fullName, password, deviceId } = parts;
  wrong(!identifier || !deviceId, 'identifier should not be empty');
  const expected = createHash('sha512').update(`${hashKey}_${identifier}`).digest('hex');
  wrong(password !== expected, 'Invalid login data');
  const person = server.world.person(identifier, fullName);
  person.platform = parts.platform ?? 'other';
  if (picture) person.userImages = server.world.image(stored(server, picture));
  return { accessToken: server.world.token(person, deviceId), user: server.world.user(person) };
}

on('POST', 'auth/logout', (server, { session }) => void (session.valid = false));
on('POST', 'profile/push', () => null);
on('DELETE', 'profile/push', () => null);
on('PATCH', 'profile/image', (server, { me, files: [picture] }) => {
  wrong(!picture, 'file is required');
  me.userImages = server.world.image(stored(server, picture));
  return me.userImages;
});
on('PATCH', 'profile/lang', () => null);
on('PATCH', 'profile/name', (server, { me, body }) => void (me.fullName = body.fullName));
on('GET', 'profile/users/:/last-seen', ({ world }, _, identifier) => world.named(identifier).lastSeenAt);
on('GET', 'profile/users', ({ world }, { me, query }) => {
  const apart = (other) => world.bans.has(`${me.identifier}>${other.identifier}`) || world.bans.has(`${other.identifier}>${me.identifier}`);
  const found = [...world.people.values()].filter((other) => other !== me && !apart(other) && contains(other.fullName, query.get('fullName')));
  const { docs, ...rest } = page(found, query, 30);
  return { docs: docs.map(world.user), ...rest };
});
on('POST', 'user-ban/:/ban', (server, { me }, identifier) => server.ban(me, server.world.named(identifier), true));
on('POST', 'user-ban/:/un-ban', (server, { me }, identifier) => server.ban(me, server.world.named(identifier), false));
on('GET', 'user-ban/:/ban', ({ world }, { me }, identifier) => world.banStatus(me, world.named(identifier)));

// 13–26: rooms.
on('GET', 'channel', ({ world }, { me, query }) => {
  const asks = (key) => query.get(key) === 'true';
  const found = [...world.rooms.values()]
    .filter((room) => room.members.has(me.identifier))
    .map((room) => world.showRoom(room, me))
    .filter(({ rT, isA, isD, isM }) => {
      const kind = !query.get('roomType') || query.get('roomType') === rT;
      return kind && isD === asks('deletedOnly') && (asks('deletedOnly') || isA === asks('archiveOnly')) && (!asks('mutedOnly') || isM);
    })
    .filter(({ tEn, nTitle }) => contains(tEn, query.get('title')) || contains(nTitle ?? '', query.get('title') ?? '\0'))
    .sort((one, other) => ((one.lastMessage?._id ?? '') < (other.lastMessage?._id ?? '') ? 1 : -1));
  return page(found, query);
});
on('GET', 'channel/messages/stars', ({ world }, { me }) => ({ docs: world.messages.filter(({ stars }) => stars.includes(me._id)).reverse().map((each) => world.show(each, me)) }));
on('POST', 'channel/peer-room/:', (server, { me }, identifier) => {
  const peer = server.world.named(identifier);
  wrong(peer === me, 'You cant chat with yourself');
  const room = server.world.single(me, peer);
  server.enterSockets(room);
  return server.world.showRoom(room, me);
});

on('GET', 'channel/:', (server, { me }, id) => {
  const [room] = roomOf(server, id, me);
  wrong(server.world.banned(room), 'There is a ban');
  wrong(server.world.visible(id, me).length === 0, 'There is no message in this room');
  return server.world.showRoom(room, me);
});
on('DELETE', 'channel/:', (server, { me }, id) => {
  const [, row] = roomOf(server, id, me);
  row.isD = true;
  for (const each of server.world.visible(id, me)) each.dF.push(me._id);
});
on('PATCH', 'channel/:/deliver', (server, { me }, id) => ({ isUpdated: server.receipt(roomOf(server, id, me)[0], me, 'dAt', true) }));
const flags = {
  'notification/mute': ['isM', true], 'notification/un-mute': ['isM', false], archive: ['isA', true], 'un-archive': ['isA', false],
  'one-seen/on': ['isOneSeen', true], 'one-seen/off': ['isOneSeen', false], 'translate/stop': ['tTo', null],
};
for (const [path, [key, value]] of Object.entries(flags)) {
  on('PATCH', `channel/:/${path}`, (server, { me }, id) => void (roomOf(server, id, me)[1][key] = value));
}
on('PATCH', 'channel/:/nick-name', (server, { me, body }, id) => void (roomOf(server, id, me)[1].nTitle = body.name || null));
on('PATCH', 'channel/:/translate', (server, { me, body }, id) => void (roomOf(server, id, me)[1].tTo = body.transTo));
on('GET', 'channel/:/un-read-count', (server, { me }, id) => server.world.unread(...roomOf(server, id, me)));

// 27–33: messages.
function attachment(server, type, parts, [main, thumb]) {
  const given = ['video', 'voice', 'location', 'custom'].includes(type) ? json(parts.attachment ?? '', 'attachment') : {};
  wrong(type !== 'location' && type !== 'custom' && !main, 'file is required');
  const file = stored(server, main);
  const size = { width: 3, height: 2 };
  if (type === 'image') return { ...file, ...size };
  if (type === 'file') return file;
  if (type === 'voice') {
    wrong(!given.duration, 'duration is required');
    return { ...file, duration: given.duration };
  }
  if (type === 'video') {
    const thumbImage = thumb ? { ...stored(server, thumb), ...size } : null;
    return { ...file, duration: given.duration ?? null, thumbImage };
  }
  if (type === 'custom') return { data: given.data ?? {} };
  wrong(!given.lat || !given.long, 'lat and long are required');
  const { description, desc = description, ...preview } = given.linkPreviewData ?? {};
  return { lat: given.lat, long: given.long, linkPreviewData: { ...preview, desc } };
}

on('POST', 'channel/:/message', (server, { me, parts, files }, id) => {
  const { content, localId, isEncrypted, messageType } = parts;
  wrong(!content, 'content should not be empty');
  wrong(!UUID.test(localId ?? ''), 'localId must be a UUID');
  wrong(!TYPES.includes(messageType), 'messageType must be one of the enum');
  wrong(!['true', 'false'].includes(isEncrypted), 'isEncrypted must be a boolean string');
  const [room] = roomOf(server, id, me, 403);
  wrong(server.world.banned(room), 'You dont have access', 403);
  const known = (lId) => server.world.messages.find((each) => each.lId === lId);
  wrong(known(localId), 'Message already in database', 403);
  const { forwardLocalId, replyToLocalId } = parts;
  const [source, target] = [forwardLocalId && known(forwardLocalId), !forwardLocalId && replyToLocalId && known(replyToLocalId)];
  wrong((forwardLocalId && !source) || (!forwardLocalId && replyToLocalId && !target), 'The message is not there', 403);
  const shape = source
    ? { c: source.c, mT: source.mT, msgAtt: source.msgAtt, forId: source.lId }
    : { c: content, mT: messageType, msgAtt: messageType === 'text' ? null : attachment(server, messageType, parts, files), rTo: target || null };
  const message = server.tell(room, me, { ...shape, lId: localId });
  if (room.rT === 'b') server.copy(room, message);
  return server.world.show(message, me);
});
on('GET', 'channel/:/message', ({ world }, { me, query }, id) => {
  if (!world.rooms.get(id)?.members.has(me.identifier)) return { docs: [] };
  const kinds = { media: ['image', 'video'], file: ['file'], voice: ['voice'], links: [] }[query.get('filter')];
  const last = query.get('lastId');
  const found = world.visible(id, me).filter(({ _id, mT }) => (!last || _id < last) && (!kinds || kinds.includes(mT)));
  const limit = Math.min(30, Math.max(1, Number(query.get('limit') ?? 30)));
  return { docs: found.slice(0, limit).map((each) => world.show(each, me)) };
});
on('GET', 'channel/:/message/stars', ({ world }, { me }, id) => ({ docs: world.visible(id, me).filter(({ stars }) => stars.includes(me._id)).map((each) => world.show(each, me)) }));
const unstar = (server, { me }, id, message) => {
  roomOf(server, id, me);
  const found = server.world.find(id, message);
  found.stars = found.stars.filter((each) => each !== me._id);
  return found;
};
on('POST', 'channel/:/message/:/star', (server, request, id, message) => void unstar(server, request, id, message).stars.push(request.me._id));
on('POST', 'channel/:/message/:/un-star', (server, request, id, message) => void unstar(server, request, id, message));
on('DELETE', 'channel/:/message/:/delete/me', (server, { me }, id, message) => {
  const [, row] = roomOf(server, id, me);
  server.world.find(id, message).dF.push(me._id);
  row.isD = server.world.visible(id, me).length === 0;
});
on('DELETE', 'channel/:/message/:/delete/all', (server, { me }, id, message) => {
  roomOf(server, id, me);
  const found = server.world.find(id, message);
  wrong(found.sId !== me._id, 'You dont have access', 403);
  server.remove(found);
});

// 57–64: calls.
const call = ({ world }, meetId) => world.calls.find((each) => each.meetId === meetId) ?? wrong(true, 'Call not found', 404);
on('GET', 'call/active', (server, { me }) => {
  const found = server.world.calls.find(({ status, callee }) => status === 'ring' && callee === me);
  return found ? server.newCall(found) : null;
});
on('GET', 'call/history', ({ world }, { me }) =>
  world.calls.filter(({ caller, callee, cleared }) => (caller === me || callee === me) && !cleared.has(me)).reverse().slice(0, 30).map((each) => ({
    _id: each.meetId, roomId: each.room.rId, callStatus: each.status, withVideo: each.withVideo, endAt: each.endAt, createdAt: each.createdAt,
    peerUser: world.user(each.caller === me ? each.callee : each.caller), meetPlatform: 'agora',
  })));
on('GET', 'call/agora-access/:', (server, { me }, id) => ({ channelName: roomOf(server, id, me)[0].rId, uid: 0, rtcToken: objectId(), joinedAt: now() }));
on('POST', 'call/create/:', (server, { me, session, body }, id) => {
  const [room] = roomOf(server, id, me);
  wrong(room.rT !== 's', 'The room is not direct', 404);
  wrong(server.world.banned(room), 'callNotAllowed');
  return { meetId: server.ring(room, me, { ...body, deviceId: session.deviceId }).meetId };
});
on('POST', 'call/accept/:', (server, { me, body }, meetId) => server.accept(call(server, meetId), me, body?.payload ?? null));
on('POST', 'call/reject/:', (server, { me }, meetId) => server.hangUp(call(server, meetId), me));
on('POST', 'call/end/v2/:', (server, { me }, meetId) => server.hangUp(call(server, meetId), me));
on('DELETE', 'call/history/clear', ({ world }, { me }) => world.calls.forEach(({ cleared }) => cleared.add(me)));
on('DELETE', 'call/history/clear/:', (server, { me }, meetId) => void call(server, meetId).cleared.add(me));
