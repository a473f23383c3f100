// The people of the tests, who are registered over REST and connected by websocket. Names are unique, because several
// runs may use one server.
import { randomUUID } from 'node:crypto';

import { Listener } from './listener.mjs';
import { connect, form, Rest, textParts } from './http.mjs';

const run = Date.now().toString(36);
let count = 0;

export class Person {
  /** Registers a new person; `socket` decides whether they are connected, `more` are further parts of `auth/connect`. */
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

  /** Opens a further connection of the same device; the first one is `listener`. */
  listen = (options) => new Listener(this.name, this.id, this.auth, options).connect();

  async goOnline() {
    this.listener = await this.listen();
    return this.listener;
  }

  send = (room, parts) => this.rest.send(room, parts);

  /** The single room with `peer`, which is created if it does not exist. */
  roomWith = async (peer) => (await this.rest.post(`channel/peer-room/${peer.identifier}`)).rId;

  /** Creates a group; returns its id. */
  async group(groupName, ...members) {
    const identifiers = JSON.stringify(members.map(({ identifier }) => identifier));
    return (await this.rest.post('channel/group', form({ identifiers, groupName }))).rId;
  }

  async broadcast(broadcastName, ...members) {
    const identifiers = JSON.stringify(members.map(({ identifier }) => identifier));
    return (await this.rest.post('channel/broadcast', form({ identifiers, broadcastName }))).rId;
  }

  /** The room as `GET channel/{id}` returns it. */
  room = (id) => this.rest.get(`channel/${id}`);
}

/** Two people with a single room that has one message. */
export async function pair(...names) {
  const [first, second] = await Person.all(...(names.length ? names : ['Ann', 'Ben']));
  const room = await first.roomWith(second);
  const message = await first.send(room, textParts('first'));
  return { first, second, room, message };
}

/** A PNG of 3 by 2 pixels. */
export const png = {
  name: 'tea.png',
  type: 'image/png',
  bytes: Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAIAAAASFvFNAAAAEElEQVR42mNocFCAIAY4CwA21AVBiVG2uwAAAABJRU5ErkJggg==', 'base64'),
};
