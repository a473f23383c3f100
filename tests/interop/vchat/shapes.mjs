// The data models of section 8 of the protocol notes: required fields with their types. A wrong or missing field makes
// the Flutter client drop the whole page or list.
import assert from 'node:assert/strict';

const OBJECT_ID = /^[0-9a-f]{24}$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;
const TYPES = ['text', 'image', 'file', 'video', 'voice', 'location', 'call', 'custom', 'info', 'allDeleted'];
const STATUSES = ['ring', 'canceled', 'timeout', 'rejected', 'finished', 'inCall', 'sessionEnd'];
const ACTIONS = [
  'updateTitle', 'updateImage', 'addGroupMember', 'upAdmin', 'downMember', 'leave', 'kick', 'createGroup', 'addToBroadcast',
];

const kinds = {
  string: (value) => typeof value === 'string',
  bool: (value) => typeof value === 'boolean',
  int: (value) => Number.isInteger(value),
  array: Array.isArray,
  object: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  id: (value) => typeof value === 'string' && OBJECT_ID.test(value),
  uuid: (value) => typeof value === 'string' && UUID.test(value),
  iso: (value) => typeof value === 'string' && ISO.test(value) && !Number.isNaN(Date.parse(value)),
  url: (value) => typeof value === 'string' && /^https?:\/\//.test(value),
};

/** Every field of `fields` is of its kind; a kind that ends with `?` may also be null or absent. */
export function fields(value, fields, what) {
  assert.ok(kinds.object(value), `${what} is an object: ${JSON.stringify(value)}`);
  for (const [name, kind] of Object.entries(fields)) {
    const optional = kind.endsWith('?');
    if (optional && (value[name] === null || value[name] === undefined)) continue;
    const found = kinds[optional ? kind.slice(0, -1) : kind](value[name]);
    assert.ok(found, `${what}.${name} is ${kind}: ${JSON.stringify(value[name])} in ${JSON.stringify(value)}`);
  }
  return value;
}

const oneOf = (value, all, what) => assert.ok(all.includes(value), `${what} is one of ${all.join(', ')}: ${JSON.stringify(value)}`);

export const images = (value, what = 'userImages') => fields(value, { fullImage: 'string', chatImage: 'string', smallImage: 'string' }, what);

export function baseUser(value, what = 'user') {
  fields(value, { _id: 'id', fullName: 'string' }, what);
  images(value.userImages, `${what}.userImages`);
  return value;
}

export function user(value, what = 'user') {
  baseUser(value, what);
  return fields(value, { identifier: 'string' }, what);
}

const FILE = { name: 'string', url: 'url', mimeType: 'string?', fileSize: 'int?', fileHash: 'string?' };
const IMAGE = { ...FILE, width: 'int', height: 'int' };

const attachments = {
  text: (value, what) => assert.ok(value === null || value === undefined, `${what} is null for a text: ${JSON.stringify(value)}`),
  image: (value, what) => fields(value, IMAGE, what),
  file: (value, what) => fields(value, FILE, what),
  video: (value, what) => {
    fields(value, { ...FILE, duration: 'int?', thumbImage: 'object?' }, what);
    if (value.thumbImage) fields(value.thumbImage, IMAGE, `${what}.thumbImage`);
  },
  voice: (value, what) => fields(value, { ...FILE, duration: 'int' }, what),
  location: (value, what) => {
    fields(value, { lat: 'string', long: 'string', linkPreviewData: 'object' }, what);
    fields(value.linkPreviewData, { image: 'object?', title: 'string?', desc: 'string?', link: 'string?' }, `${what}.linkPreviewData`);
  },
  call: (value, what) => {
    fields(value, { callStatus: 'string', startAt: 'iso?', endAt: 'iso?', withVideo: 'bool' }, what);
    oneOf(value.callStatus, STATUSES, `${what}.callStatus`);
  },
  custom: (value, what) => fields(value, { data: 'object' }, what),
  info: (value, what) => {
    fields(value, { action: 'string', targetName: 'string', targetId: 'string', adminName: 'string' }, what);
    oneOf(value.action, ACTIONS, `${what}.action`);
  },
  allDeleted: () => {},
};

export function message(value, what = 'message') {
  fields(value, {
    _id: 'id', sId: 'id', sIdentifier: 'string?', sName: 'string', sImg: 'string', plm: 'string', rId: 'id', c: 'string',
    isEncrypted: 'bool', mT: 'string', rTo: 'object?', sAt: 'iso?', dAt: 'iso?', forId: 'string?', dltAt: 'iso?', pBId: 'id?',
    dF: 'array?', stars: 'array?', isStared: 'bool?', lId: 'string', linkAtt: 'object?', peerData: 'object?',
    createdAt: 'iso', updatedAt: 'iso',
  }, what);
  oneOf(value.mT, TYPES, `${what}.mT`);
  attachments[value.mT](value.msgAtt, `${what}.msgAtt`);
  if (value.rTo) message(value.rTo, `${what}.rTo`);
  return value;
}

export function room(value, what = 'room') {
  fields(value, {
    rId: 'id', rT: 'string', t: 'string', img: 'string', uC: 'int', isA: 'bool', isM: 'bool', isD: 'bool', createdAt: 'iso',
    tTo: 'string?', pId: 'id?', pIdentifier: 'string?', lastMessage: 'object?', nTitle: 'string?',
  }, what);
  oneOf(value.rT, ['s', 'g', 'b', 'o'], `${what}.rT`);
  if (value.rT === 's' || value.rT === 'o') fields(value, { pId: 'id', pIdentifier: 'string' }, what);
  if (value.lastMessage) message(value.lastMessage, `${what}.lastMessage`);
  return value;
}

/** A page as mongoose-paginate makes it; each of its `docs` is passed to `check`. */
export function page(value, check, what = 'page') {
  fields(value, {
    docs: 'array', page: 'int', limit: 'int', nextPage: 'int?', prevPage: 'int?', totalDocs: 'int', totalPages: 'int',
    hasNextPage: 'bool', hasPrevPage: 'bool', pagingCounter: 'int',
  }, what);
  assert.equal(value.hasNextPage, Number.isInteger(value.nextPage), `${what}: hasNextPage with nextPage`);
  assert.ok(value.docs.length <= value.limit, `${what}: more than ${value.limit} docs`);
  value.docs.forEach((doc, index) => check(doc, `${what}.docs[${index}]`));
  return value;
}

export function docs(value, check, what = 'list') {
  fields(value, { docs: 'array' }, what);
  value.docs.forEach((doc, index) => check(doc, `${what}.docs[${index}]`));
  return value.docs;
}

export const groupMember = (value, what) => {
  fields(value, { userData: 'object', gR: 'string' }, what);
  oneOf(value.gR, ['member', 'admin', 'superAdmin'], `${what}.gR`);
  user(value.userData, `${what}.userData`);
};

export const broadcastMember = (value, what) => {
  fields(value, { userData: 'object', createdAt: 'iso' }, what);
  user(value.userData, `${what}.userData`);
};

export const messageStatus = (value, what) => {
  fields(value, { dAt: 'iso', sAt: 'iso?', userData: 'object' }, what);
  user(value.userData, `${what}.userData`);
};

export function groupInfo(value, what = 'my-info') {
  fields(value, { isMeOut: 'bool', membersCount: 'int', totalOnline: 'int', myRole: 'string', groupSettings: 'object?' }, what);
  oneOf(value.myRole, ['member', 'admin', 'superAdmin'], `${what}.myRole`);
  if (value.groupSettings) {
    fields(value.groupSettings, { cId: 'id', createdAt: 'iso', desc: 'string?', pinMsg: 'object?', extraData: 'object?' }, `${what}.groupSettings`);
  }
  return value;
}

export function ban(value, what = 'ban') {
  return fields(value, { isMeBanner: 'bool', isPeerBanner: 'bool', roomId: 'string?' }, what);
}

export const receipt = (value, what) => fields(value, { roomId: 'id', userId: 'id', date: 'iso' }, what);

export function newCall(value, what = 'call') {
  fields(value, { roomId: 'id', meetId: 'id', withVideo: 'bool', payload: 'object?', userData: 'object' }, what);
  baseUser(value.userData, `${what}.userData`);
  return value;
}

export function callHistory(value, what = 'history') {
  fields(value, {
    _id: 'id', roomId: 'id', callStatus: 'string', withVideo: 'bool', endAt: 'iso?', createdAt: 'iso', peerUser: 'object',
  }, what);
  oneOf(value.callStatus, STATUSES, `${what}.callStatus`);
  user(value.peerUser, `${what}.peerUser`);
  return value;
}
