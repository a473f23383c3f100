// The data of a V Chat server, and its JSON shapes (section 8 of the protocol notes). Nothing here listens or sends.
import { createHmac } from 'node:crypto';

let count = 0;
let clock = 0;

// Returns unique times, so that times give the same order as ids.
function tick() {
  clock = Math.max(Date.now(), clock + 1);
  return clock;
}

// Object ids as in MongoDB, which increase with time.
export const objectId = () => Math.floor(tick() / 1000).toString(16).padStart(8, '0') + (count += 1).toString(16).padStart(16, '0');

export const now = () => new Date(tick()).toISOString();

export class Refusal extends Error {
  constructor(status, text) {
    super(text);
    this.status = status;
  }
}

const images = (address) => ({ fullImage: address, chatImage: address, smallImage: address });

export class World {
  people = new Map();
  rooms = new Map();
  messages = [];
  // `banner>banned`, by identifier.
  bans = new Set();
  calls = [];
  tokens = new Map();
  files = new Map();
  url = '';

  person(identifier, fullName = identifier) {
    const known = this.people.get(identifier);
    if (known) return known;
    const address = `${this.url}/media/none.png`;
    const person = { _id: objectId(), identifier, fullName, userImages: images(address), lastSeenAt: now(), platform: 'other' };
    this.people.set(identifier, person);
    return person;
  }

  byId = (id) => [...this.people.values()].find(({ _id }) => _id === id);

  /** Whom a path names, or a refusal. */
  named(identifier) {
    const person = this.people.get(identifier);
    if (!person) throw new Refusal(404, 'User not found');
    return person;
  }

  token(person, deviceId) {
    const body = [{ alg: 'HS256', typ: 'JWT' }, { id: person._id, deviceId, accessType: 'access', n: (count += 1) }]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
    const token = `${body}.${createHmac('sha256', 'a secret of the world').update(body).digest('base64url')}`;
    this.tokens.set(token, { person, deviceId, valid: true });
    return token;
  }

  // A session, by `Bearer …`; the texts and statuses are those of section 1.2.
  session(authorization) {
    if (!authorization) throw new Refusal(400, 'authorization key in headers is required');
    if (!authorization.includes('Bearer')) throw new Refusal(400, 'authorization key must be Bearer');
    const session = this.tokens.get(authorization.split(' ')[1]);
    if (!session) throw new Refusal(400, 'Jwt access token not valid, please login again');
    if (!session.valid) throw new Refusal(450, 'You are logged out of this device');
    return session;
  }

  file(name, type, bytes) {
    const address = `/media/${objectId()}-${encodeURIComponent(name)}`;
    this.files.set(address, { type, bytes });
    return { name, url: this.url + address, mimeType: type, fileSize: bytes.length, fileHash: null };
  }

  image = ({ url }) => images(url);

  // Creates a room with a row for each member.
  room(rT, title, people, more = {}) {
    const room = { rId: objectId(), rT, title, img: `${this.url}/media/none.png`, members: new Map(), createdAt: now(), settings: { cId: objectId(), createdAt: now() }, ...more };
    this.rooms.set(room.rId, room);
    for (const [index, person] of people.entries()) this.join(room, person, index === 0 && rT === 'g' ? 'superAdmin' : 'member');
    return room;
  }

  join(room, person, gR = 'member') {
    const row = { _id: objectId(), person, gR, isA: false, isM: false, isD: room.rT === 's', tTo: null, nTitle: null, lSMId: '', since: now(), status: new Map() };
    room.members.set(person.identifier, row);
    return row;
  }

  single(one, other) {
    const found = [...this.rooms.values()].find(({ rT, members }) => rT === 's' && members.has(one.identifier) && members.has(other.identifier));
    return found ?? this.room('s', '', [one, other]);
  }

  order = (orderId) => [...this.rooms.values()].find(({ order }) => order?.orderId === orderId);

  peer = (room, me) => [...room.members.values()].map(({ person }) => person).find((person) => person !== me);

  member(room, me, status = 404) {
    const row = room?.members.get(me.identifier);
    if (!row) throw new Refusal(status, 'You dont have access');
    return row;
  }

  banned(room) {
    if (room.rT !== 's') return false;
    const [one, other] = [...room.members.keys()];
    return this.bans.has(`${one}>${other}`) || this.bans.has(`${other}>${one}`);
  }

  // The body of `GET user-ban/…` and of the event, as seen by `me`.
  banStatus = (me, other) => ({
    isMeBanner: this.bans.has(`${me.identifier}>${other.identifier}`),
    isPeerBanner: this.bans.has(`${other.identifier}>${me.identifier}`),
    roomId: this.single(me, other).rId,
  });

  // Creates a message. The caller sends the events.
  message(room, sender, { c, mT = 'text', msgAtt = null, lId, rTo = null, forId = null, pBId = null, peerData = null }) {
    for (const row of room.members.values()) row.isD = false;
    const message = {
      _id: objectId(), sId: sender._id, sIdentifier: sender.identifier, sName: sender.fullName, sImg: sender.userImages.smallImage,
      plm: sender.platform, rId: room.rId, c, isEncrypted: false, mT, msgAtt, rTo, sAt: null, dAt: null, forId, dltAt: null, pBId,
      dF: [], stars: [], lId, linkAtt: null, peerData, createdAt: now(), updatedAt: now(),
    };
    this.messages.push(message);
    return message;
  }

  // Newest first, without messages deleted for `me` and those sent after `me` had left.
  visible = (rId, me) => this.messages.filter((each) => each.rId === rId && !each.dF.includes(me._id)).reverse();

  find(rId, messageId) {
    const message = this.messages.find((each) => each.rId === rId && each._id === messageId);
    if (!message) throw new Refusal(404, 'Message not found');
    return message;
  }

  show = ({ ...message }, me) => ({ ...message, isStared: message.stars.includes(me._id) });

  user = ({ _id, identifier, fullName, userImages }) => ({ _id, identifier, fullName, userImages });

  unread = (room, row) => this.messages.filter(({ rId, _id, sId, dF }) => rId === room.rId && _id > row.lSMId && sId !== row.person._id && !dF.includes(row.person._id)).length;

  showRoom(room, me) {
    const row = this.member(room, me);
    const peer = ['s', 'o'].includes(room.rT) ? this.peer(room, me) : null;
    const title = room.title || peer?.fullName;
    const [last] = this.visible(room.rId, me);
    const { isA, isM, isD, tTo, nTitle, lSMId } = row;
    return {
      _id: row._id, uId: me._id, rId: room.rId, rT: room.rT, t: title, tEn: title,
      img: peer?.userImages.chatImage ?? room.img, isA, isM, isD, tTo, nTitle, lSMId, uC: this.unread(room, row),
      pId: peer?._id ?? null, pIdentifier: peer?.identifier ?? null, orderId: room.order?.orderId ?? null, createdAt: room.createdAt, ...(last && { lastMessage: this.show(last, me) }),
    };
  }

  // Returns the messages that a receipt of `me` changes. Groups keep a row for each person instead, without events.
  receive(room, me, field) {
    const row = this.member(room, me);
    if (field === 'sAt') row.lSMId = objectId();
    if (room.rT === 'b') return [];
    if (room.rT === 'g') {
      for (const each of this.messages.filter(({ rId, sId }) => rId === room.rId && sId !== me._id)) {
        const status = row.status.get(each._id) ?? { dAt: now() };
        row.status.set(each._id, { ...status, ...(field === 'sAt' && { sAt: status.sAt ?? now() }) });
      }
      return [];
    }
    const changed = this.messages.filter((each) => each.rId === room.rId && each.sId !== me._id && each[field] === null);
    for (const each of changed) each[field] = now();
    return changed;
  }
}

/** A page as mongoose-paginate makes it. */
export function page(all, query, otherwise = 20, top = 49) {
  const [asked, number] = [Number(query.get('limit') ?? 0), Math.max(1, Number(query.get('page') ?? 1))];
  const limit = asked <= 0 || asked > top ? otherwise : asked;
  const totalPages = Math.max(1, Math.ceil(all.length / limit));
  const [prevPage, nextPage] = [number > 1 ? number - 1 : null, number < totalPages ? number + 1 : null];
  const docs = all.slice((number - 1) * limit, number * limit);
  return {
    docs, page: number, limit, prevPage, nextPage, totalDocs: all.length, totalPages, hasNextPage: nextPage !== null,
    hasPrevPage: prevPage !== null, pagingCounter: (number - 1) * limit + 1,
  };
}
