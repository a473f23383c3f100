// One connection of the real `socket.io-client`, opened as the SDK opens it, and a log of all events it receives.
//
// Nothing waits for a fixed time: expected events are awaited with a timeout, and unexpected ones are looked for after
// the server has answered a later request on the same socket (`settled`).
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { io } from 'socket.io-client';

import { url } from './http.mjs';

const TIMEOUT = 10_000;
const open = new Set();

// Events of all connections in this process whose arguments are not exactly one string.
export const badlyEncoded = [];

// An event whose argument is a text that is not JSON.
const OPAQUE = 'v1OnException';

export class Listener {
  log = [];
  #taken = new Set();
  #waiting = [];

  /** `auth` in query and header, as the SDK does; `query`, `header` and `payload` replace one of them. */
  constructor(who, id, auth, { query = auth, header = auth, payload } = {}) {
    this.who = who;
    this.id = id;
    this.socket = io(url, {
      transports: ['websocket'],
      forceNew: true,
      autoConnect: false,
      reconnection: false,
      query: query ? { auth: query } : {},
      extraHeaders: { 'clint-version': '2.0.0', ...(header && { authorization: header }) },
      ...(payload && { auth: payload }),
    });
    this.socket.onAny((event, ...args) => this.#receive(event, args));
    open.add(this.socket);
  }

  /** Opens the connection; rejects with the text of `connect_error`. */
  connect() {
    this.socket.connect();
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`the server neither accepted nor refused ${this.who}`)), TIMEOUT);
      const settle = (done) => (argument) => {
        clearTimeout(timer);
        done(argument);
      };
      this.socket.once('connect', settle(() => resolve(this)));
      this.socket.once('connect_error', settle(reject));
    });
  }

  close() {
    this.socket.disconnect();
    open.delete(this.socket);
  }

  #receive(event, args) {
    let value = args[0];
    if (args.length !== 1 || typeof value !== 'string') {
      badlyEncoded.push(`${event} to ${this.who}: ${JSON.stringify(args)}`);
    } else if (event !== OPAQUE) {
      try {
        value = JSON.parse(value);
      } catch {
        badlyEncoded.push(`${event} to ${this.who}: ${value}`);
      }
    }
    this.log.push({ event, value });
    for (const wake of this.#waiting.splice(0)) wake();
  }

  #find = (event, holds) => this.log.find((entry) => entry.event === event && !this.#taken.has(entry) && holds(entry.value));

  /** The next `event` that satisfies `holds` and was not returned before; `longer` extends the timeout, in milliseconds. */
  async next(event, holds = () => true, longer = 0) {
    const deadline = AbortSignal.timeout(TIMEOUT + longer);
    for (;;) {
      const found = this.#find(event, holds);
      if (found) {
        this.#taken.add(found);
        return found.value;
      }
      if (deadline.aborted) {
        const last = this.log.slice(-6).map((entry) => JSON.stringify(entry)).join('\n  ');
        throw new Error(`${event} did not reach ${this.who}, whose last events were:\n  ${last || 'none'}`);
      }
      await new Promise((resolve) => {
        this.#waiting.push(resolve);
        deadline.addEventListener('abort', resolve, { once: true });
      });
    }
  }

  /** The next message of this room that satisfies `holds`. */
  message = (room, holds = () => true) => this.next('v1OnNewMessage', (value) => value?.rId === room && holds(value));

  /** The next info message of this room with this action. */
  info = (room, action) => this.message(room, ({ mT, msgAtt }) => mT === 'info' && msgAtt?.action === action);

  /** Emits as the SDK does, with one JSON string as its argument. */
  emit = (event, payload) => this.socket.emit(event, JSON.stringify(payload));

  /** Resolves when the server has handled everything that this socket emitted before, since it answers in order. */
  async settled() {
    const extra = randomBytes(12).toString('hex');
    this.emit('v1MyOnline', [{ peerId: this.id, extra }]);
    await this.next('v1OnMyOnline', (list) => Array.isArray(list) && list[0]?.extra === extra);
  }

  /** Fails if `event` has arrived. */
  async lacks(event, holds = () => true) {
    await this.settled();
    const found = this.#find(event, holds);
    assert.equal(found, undefined, `${this.who} must not receive ${event}: ${JSON.stringify(found?.value)}`);
  }
}

export function closeAll() {
  for (const socket of open) socket.disconnect();
  open.clear();
}
