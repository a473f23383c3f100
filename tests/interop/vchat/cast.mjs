// People of the test: registered over REST, connected by socket. A server may be used for several runs, so that nobody
// is met twice.
import { randomUUID } from 'node:crypto';

import { Ear } from './ear.mjs';
import { connect, form, Rest, textParts } from './http.mjs';

const run = Date.now().toString(36);
let count = 0;

export class Person {
  /** Somebody new; `socket` is whether they are connected, `more` are further parts of `auth/connect`. */
  static async meet(name, { socket = true, ...more } = {}) {
    const person = new Person();
    person.name = `${name} ${(count += 1)} ${run}`;
    person.identifier = `${name.toLowerCase()}-${count}-${run}@example.com`;
    person.deviceId = randomUUID();
    const { accessToken, user } = await connect(person.identifier, person.name, { deviceId: person.deviceId, ...more });
    person.user = user;
    person.id = user._id;
    person.token = accessToken;
    person.rest = new Rest(accessToken);
    if (socket) await person.goOnline();
    return person;
  }

  static all = (...names) => Promise.all(names.map((name) => Person.meet(name)));

  get auth() {
    return `Bearer ${this.token}`;
  }

  /** A further connection of the same device; the first is `ear`. */
  ears = (options) => new Ear(this.name, this.id, this.auth, options).connect();

  async goOnline() {
    this.ear = await this.ears();
    return this.ear;
  }

  send = (room, parts) => this.rest.send(room, parts);

  /** The single room with `peer`, which exists from its first look on. */
  roomWith = async (peer) => (await this.rest.post(`channel/peer-room/${peer.identifier}`)).rId;

  /** A group, and the messages of its making heard by its creator. */
  async group(groupName, ...members) {
    const identifiers = JSON.stringify(members.map(({ identifier }) => identifier));
    return (await this.rest.post('channel/group', form({ identifiers, groupName }))).rId;
  }

  async broadcast(broadcastName, ...members) {
    const identifiers = JSON.stringify(members.map(({ identifier }) => identifier));
    return (await this.rest.post('channel/broadcast', form({ identifiers, broadcastName }))).rId;
  }

  /** The room as `GET channel/{id}` has it. */
  room = (id) => this.rest.get(`channel/${id}`);
}

/** Two people with a single room and a first message in it. */
export async function pair(...names) {
  const [first, second] = await Person.all(...(names.length ? names : ['Ann', 'Ben']));
  const room = await first.roomWith(second);
  const message = await first.send(room, textParts('first'));
  return { first, second, room, message };
}

/** A PNG of 3 by 2. */
export const png = {
  name: 'tea.png',
  type: 'image/png',
  bytes: Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAIAAAASFvFNAAAAEElEQVR42mNocFCAIAY4CwA21AVBiVG2uwAAAABJRU5ErkJggg==', 'base64'),
};
