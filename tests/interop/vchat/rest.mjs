// The REST rows of the note that a chat client needs, over a `World`; `server` tells the sockets.
import { createHash } from 'node:crypto';

import { objectId, now, page, Refusal } from './world.mjs';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const TYPES = ['text', 'image', 'file', 'video', 'voice', 'location', 'custom'];

const wrong = (condition, text, status = 400) => {
  if (condition) throw new Refusal(status, text);
};

const json = (text, what) => {
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal(400, `${what} must be a json string`);
  }
};

const contains = (text, part) => text.toLowerCase().includes((part ?? '').toLowerCase());
const nameOf = (query) => query.get('name') ?? query.get('fullName');

// `handler(server, { me, session, query, body, parts, files }, ...path)`; body is JSON, parts are texts of a form.
const routes = [];
const on = (method, path, handler) => routes.push([method, new RegExp(`^${path.replaceAll(':', '([^/]+)')}/?$`), handler]);

export function route(method, path) {
  for (const [allowed, pattern, handler] of routes) {
    const found = allowed === method && pattern.exec(path);
    if (found) return (server, request) => handler(server, request, ...found.slice(1).map(decodeURIComponent));
  }
  return undefined;
}

// 1–12: who one is, and whom one does not want.
export function connect(server, { parts, files: [picture] }, hashKey) {
  const { identifier, fullName, password, deviceId } = parts;
  wrong(!identifier || !deviceId, 'identifier should not be empty');
  const expected = createHash('sha512').update(`${hashKey}_${identifier}`).digest('hex');
  wrong(password !== expected, 'Invalid login data');
  const person = server.world.person(identifier, fullName);
  person.platform = parts.platform ?? 'other';
  if (picture) person.userImages = server.world.image(server.world.file(picture.name, picture.type, picture.bytes));
  return { accessToken: server.world.token(person, deviceId), user: server.world.user(person) };
}

on('POST', 'auth/logout', (server, { session }) => void (session.valid = false));
on('POST', 'profile/push', () => null);
on('DELETE', 'profile/push', () => null);
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

const roomOf = ({ world }, id, me, status) => {
  const room = world.rooms.get(id);
  return [room, world.member(room, me, status)];
};

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
const flags = { 'notification/mute': ['isM', true], 'notification/un-mute': ['isM', false], archive: ['isA', true], 'un-archive': ['isA', false] };
for (const [path, [key, value]] of Object.entries(flags)) {
  on('PATCH', `channel/:/${path}`, (server, { me }, id) => void (roomOf(server, id, me)[1][key] = value));
}
on('PATCH', 'channel/:/nick-name', (server, { me, body }, id) => void (roomOf(server, id, me)[1].nTitle = body.name || null));
on('GET', 'channel/:/un-read-count', (server, { me }, id) => server.world.unread(...roomOf(server, id, me)));

// 27–33: messages.
function attachment(server, type, parts, [main, thumb]) {
  const given = ['video', 'voice', 'location', 'custom'].includes(type) ? json(parts.attachment ?? '', 'attachment') : {};
  wrong(type !== 'location' && type !== 'custom' && !main, 'file is required');
  const stored = main && server.world.file(main.name, main.type, main.bytes);
  const size = { width: 3, height: 2 };
  if (type === 'image') return { ...stored, ...size };
  if (type === 'file') return stored;
  if (type === 'voice') {
    wrong(!given.duration, 'duration is required');
    return { ...stored, duration: given.duration };
  }
  if (type === 'video') {
    const thumbImage = thumb ? { ...server.world.file(thumb.name, thumb.type, thumb.bytes), ...size } : null;
    return { ...stored, duration: given.duration ?? null, thumbImage };
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
  return server.world.show(server.tell(room, me, { ...shape, lId: localId }), me);
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
on('POST', 'channel/:/message/:/star', ({ world }, { me }, id, message) => void world.find(id, message).stars.push(me._id));
on('POST', 'channel/:/message/:/un-star', ({ world }, { me }, id, message) => {
  const found = world.find(id, message);
  found.stars = found.stars.filter((each) => each !== me._id);
});
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

// 34–47: groups.
const group = (server, id, me, ...allowed) => {
  const [room, row] = roomOf(server, id, me, 403);
  wrong(allowed.length > 0 && !allowed.includes(row.gR), 'You dont have access', 403);
  return room;
};
const ADMINS = ['admin', 'superAdmin'];
const info = (server, room, me, action, targetName, targetId) => server.tell(room, me, { c: targetName, mT: 'info', lId: crypto.randomUUID(), msgAtt: { action, targetName, targetId, adminName: me.fullName } });
const target = (server, room, me, identifier) => {
  const row = server.world.member(room, server.world.named(identifier));
  wrong(row.gR === 'superAdmin' || row.person === me, 'You dont have access', 403);
  return row;
};

on('POST', 'channel/group', (server, { me, parts, files: [picture] }) => {
  const identifiers = json(parts.identifiers ?? '', 'identifiers');
  wrong(!parts.groupName || identifiers.includes(me.identifier), 'identifiers must be others');
  const room = server.world.room('g', parts.groupName, [me, ...identifiers.map((each) => server.world.named(each))]);
  if (picture) room.img = server.world.file(picture.name, picture.type, picture.bytes).url;
  server.enterSockets(room);
  info(server, room, me, 'createGroup', room.title, room.rId);
  return server.world.showRoom(room, me);
});
on('GET', 'channel/:/group/my-info', (server, { me }, id) => {
  const room = server.world.rooms.get(id);
  const row = room?.members.get(me.identifier);
  if (!row) return { isMeOut: true, membersCount: 0, totalOnline: 0, myRole: 'member', groupSettings: null };
  const totalOnline = [...room.members.values()].filter(({ person }) => server.online(person)).length;
  return { isMeOut: false, membersCount: room.members.size, totalOnline, myRole: row.gR, groupSettings: room.settings };
});
on('GET', 'channel/:/group/my-status', ({ world }, { me }, id) => ({ isMeOut: !world.rooms.get(id)?.members.has(me.identifier) }));
on('GET', 'channel/:/group/members', (server, { me, query }, id) => {
  const rows = [...group(server, id, me).members.values()].filter(({ person }) => contains(person.fullName, nameOf(query)));
  const { docs, ...rest } = page(rows, query, 30);
  return { docs: docs.map(({ person, gR }) => ({ userData: server.world.user(person), gR })), ...rest };
});
on('POST', 'channel/:/group/members', (server, { me, body }, id) => {
  const room = group(server, id, me, ...ADMINS);
  for (const person of body.identifiers.map((each) => server.world.named(each))) {
    server.world.join(room, person);
    server.enterSockets(room);
    info(server, room, me, 'addGroupMember', person.fullName, person._id);
  }
});
on('PATCH', 'channel/:/group/members/:/:', (server, { me }, id, identifier, role) => {
  const room = group(server, id, me, ...ADMINS);
  wrong(!['member', ...ADMINS].includes(role), 'There is no such role');
  const row = target(server, room, me, identifier);
  row.gR = role;
  info(server, room, me, role === 'member' ? 'downMember' : 'upAdmin', row.person.fullName, row.person._id);
});
on('DELETE', 'channel/:/group/members/:', (server, { me }, id, identifier) => {
  const room = group(server, id, me, ...ADMINS);
  server.kick(room, me, target(server, room, me, identifier).person);
});
on('POST', 'channel/:/group/leave', (server, { me }, id) => {
  const room = group(server, id, me);
  const { gR } = room.members.get(me.identifier);
  room.members.delete(me.identifier);
  server.leaveSockets(room, me);
  const [heir] = room.members.values();
  if (heir && gR === 'superAdmin') heir.gR = 'superAdmin';
  info(server, room, me, 'leave', me.fullName, me._id);
});
on('PATCH', 'channel/:/group/title', (server, { me, body }, id) => {
  const room = group(server, id, me);
  room.title = body.title;
  info(server, room, me, 'updateTitle', body.title, room.rId);
});
on('PATCH', 'channel/:/group/description', (server, { me, body }, id) => void (group(server, id, me).settings.desc = body.description));
on('GET', 'channel/:/group/message/:/status/:', (server, { me, query }, id, message, kind) => {
  const rows = [...group(server, id, me).members.values()].flatMap(({ person, status }) => {
    const at = status.get(message);
    return at && Boolean(at.sAt) === (kind === 'seen') ? [{ dAt: at.dAt, sAt: at.sAt ?? null, userData: server.world.user(person) }] : [];
  });
  return page(rows, query);
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
