// REST rows of the protocol notes about groups, broadcasts and orders, their members and message status.
import { contains, json, nameOf, on, roomOf, stored, wrong } from './routes.mjs';
import { page } from './world.mjs';

// 34–47: groups. The creator is the superAdmin; any member may change title, image and description.
const group = (server, id, me, ...allowed) => {
  const [room, row] = roomOf(server, id, me, 403);
  wrong(allowed.length > 0 && !allowed.includes(row.gR), 'You dont have access', 403);
  return room;
};
const ADMINS = ['admin', 'superAdmin'];

// A page of people who are not members yet.
function outside({ world }, me, query, there) {
  const people = [...world.people.values()].filter((person) => person !== me && !there.has(person.identifier) && contains(person.fullName, nameOf(query)));
  const { docs, ...rest } = page(people, query, 30);
  return { docs: docs.map(world.user), ...rest };
}

// A page of the people who have seen a message, or who have received it without seeing it.
function watchers({ world }, rows, kind, query) {
  const fits = kind === 'seen' ? ({ sAt }) => sAt : ({ dAt, sAt }) => dAt && !sAt;
  const { docs, ...rest } = page(rows.filter(fits), query, 30);
  return { docs: docs.map(({ person, dAt, sAt }) => ({ dAt: dAt ?? sAt, sAt: sAt ?? null, userData: world.user(person) })), ...rest };
}

const target = (server, room, me, identifier) => {
  const row = server.world.member(room, server.world.named(identifier));
  wrong(row.gR === 'superAdmin' || row.person === me, 'You dont have access', 403);
  return row;
};

on('POST', 'channel/group', (server, { me, parts, files: [picture] }) => {
  const identifiers = json(parts.identifiers ?? '', 'identifiers');
  wrong(!parts.groupName || identifiers.includes(me.identifier), 'identifiers must be others');
  const room = server.world.room('g', parts.groupName, [me, ...identifiers.map((each) => server.world.named(each))]);
  if (picture) room.img = stored(server, picture).url;
  server.enterSockets(room);
  server.info(room, me, 'createGroup', room.title, room.rId);
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
  for (const person of body.identifiers.map((each) => server.world.named(each))) server.add(room, me, person);
});
on('PATCH', 'channel/:/group/members/:/:', (server, { me }, id, identifier, role) => {
  const room = group(server, id, me, ...ADMINS);
  wrong(!['member', ...ADMINS].includes(role), 'There is no such role');
  server.promote(room, me, target(server, room, me, identifier).person, role);
});
on('DELETE', 'channel/:/group/members/:', (server, { me }, id, identifier) => {
  const room = group(server, id, me, ...ADMINS);
  server.kick(room, me, target(server, room, me, identifier).person);
});
on('POST', 'channel/:/group/leave', (server, { me }, id) => server.leave(group(server, id, me), me));
on('PATCH', 'channel/:/group/title', (server, { me, body }, id) => server.rename(group(server, id, me), me, body.title));
on('PATCH', 'channel/:/group/description', (server, { me, body }, id) => void (group(server, id, me).settings.desc = body.description));
on('PATCH', 'channel/:/group/extra-data', (server, { me, body }, id) => void (group(server, id, me).settings.extraData = body));
on('PATCH', 'channel/:/group/image', (server, { me, files: [picture] }, id) => {
  const room = group(server, id, me);
  wrong(!picture, 'file is required');
  room.img = stored(server, picture).url;
  server.info(room, me, 'updateImage', room.img, room.rId);
  return room.img;
});
on('GET', 'channel/:/group/available-users-to-add', (server, { me, query }, id) => outside(server, me, query, group(server, id, me, ...ADMINS).members));
on('GET', 'channel/:/group/message/:/status/:', (server, { me, query }, id, message, kind) => {
  const rows = [...group(server, id, me).members.values()].map(({ person, status }) => ({ person, ...status.get(message) }));
  return watchers(server, rows, kind, query);
});

// 48–56: broadcasts. Only the creator sees the room; its messages are copied to each recipient.
const broadcast = (server, id, me) => {
  const [room] = roomOf(server, id, me);
  wrong(room.rT !== 'b', 'This is no broadcast', 404);
  return room;
};

on('POST', 'channel/broadcast', (server, { me, parts, files: [picture] }) => {
  const identifiers = json(parts.identifiers ?? '', 'identifiers');
  wrong(!parts.broadcastName || identifiers.includes(me.identifier), 'identifiers must be others');
  const people = identifiers.map((each) => server.world.named(each));
  const room = server.broadcast(parts.broadcastName, me);
  if (picture) room.img = stored(server, picture).url;
  server.enterSockets(room);
  for (const person of people) server.reach(room, me, person);
  return server.world.showRoom(room, me);
});
on('GET', 'channel/:/broadcast/my-info', (server, { me }, id) => ({ totalUsers: broadcast(server, id, me).audience.size }));
on('GET', 'channel/:/broadcast/members', (server, { me, query }, id) => {
  const rows = [...broadcast(server, id, me).audience.values()].filter(({ person }) => contains(person.fullName, nameOf(query)));
  const { docs, ...rest } = page(rows, query, 30);
  return { docs: docs.map(({ person, createdAt }) => ({ userData: server.world.user(person), createdAt })), ...rest };
});
on('POST', 'channel/:/broadcast/members', (server, { me, body }, id) => {
  const room = broadcast(server, id, me);
  for (const person of body.identifiers.map((each) => server.world.named(each))) server.reach(room, me, person);
});
on('DELETE', 'channel/:/broadcast/members/:', (server, { me }, id, identifier) => {
  wrong(!broadcast(server, id, me).audience.delete(identifier), 'Member not found', 404);
});
on('PATCH', 'channel/:/broadcast/title', (server, { me, body }, id) => void (broadcast(server, id, me).title = body.title));
on('PATCH', 'channel/:/broadcast/image', (server, { me, files: [picture] }, id) => {
  wrong(!picture, 'file is required');
  return (broadcast(server, id, me).img = stored(server, picture).url);
});
on('GET', 'channel/:/broadcast/available-users-to-add', (server, { me, query }, id) => outside(server, me, query, broadcast(server, id, me).audience));
on('GET', 'channel/:/broadcast/message/:/status/:', (server, { me, query }, id, message, kind) => {
  broadcast(server, id, me);
  const copies = server.world.messages.filter(({ pBId }) => pBId === message);
  return watchers(server, copies.map(({ peerData, dAt, sAt }) => ({ person: server.world.byId(peerData._id), dAt, sAt })), kind, query);
});

// 2.6: orders. No client creates them; the meaning of their two sides is inferred.
on('POST', 'channel/order', (server, { me, body }) => {
  const peer = body.identifier ? server.world.named(body.identifier) : server.world.byId(body.peerId);
  wrong(!peer || !body.orderId, 'orderId and peer are required');
  return server.world.showRoom(server.order(me, peer, body), me);
});
on('GET', 'channel/:/order/my-info', (server, { me }, id) => {
  const [room] = roomOf(server, id, me);
  wrong(room.rT !== 'o', 'This is no order', 404);
  return { lastSeenAt: server.world.peer(room, me).lastSeenAt, orderSettings: room.order };
});
