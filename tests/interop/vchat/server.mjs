// A V Chat server on the real socket.io, written from the protocol notes. This file listens, sends events and logs
// everything that a client sends. `world.mjs` holds the data, `actions.mjs` what people do, and `rest.mjs` the responses.
import { createServer } from 'node:http';
import { Server } from 'socket.io';

import { bytesOf, Faults } from '../peer/faults.mjs';
import { Actions } from './actions.mjs';
import { connect, route } from './rest.mjs';
import { now, Refusal } from './world.mjs';

export const KEY = 'VCHAT_KEY';
const TIMEOUT = 20_000;

export class VChat extends Actions {
  // Entries `{ kind: 'rest' | 'held' | 'connect' | 'packet' | 'emit' | 'disconnect', … }` in order of arrival.
  log = [];
  #mark = 0;
  #waiting = [];
  #taken = new Set();
  #faults = new Faults((entry) => this.#note(entry));
  // Error with which new sockets are refused, if any.
  #refusal;
  // People who count as online without a socket.
  #present = new Set();

  constructor({ key = KEY, ringMs = 60_000 } = {}) {
    super();
    Object.assign(this, { key, ringMs });
  }

  /** Starts listening, on the given `port` after a restart. */
  async start(port = 0) {
    this.http = createServer((request, response) => this.#rest(request, response));
    this.io = new Server(this.http, { transports: ['websocket'], pingInterval: 15_000, pingTimeout: 5_000 });
    this.io.engine.on('connection', (engine) => engine.once('data', (packet) => this.#note({ kind: 'packet', packet: String(packet) })));
    this.io.use((socket, next) => this.#admit(socket, next));
    this.io.on('connection', (socket) => this.#welcome(socket));
    await new Promise((resolve) => this.http.listen(port, '127.0.0.1', resolve));
    this.port = this.http.address().port;
    this.url = this.world.url = `http://127.0.0.1:${this.port}`;
    return this;
  }

  /** Ends like a crashed server: every connection is cut, and the port is closed. */
  async crash() {
    for (const { timer } of this.world.calls) clearTimeout(timer);
    for (const socket of this.io.of('/').sockets.values()) socket.conn.transport.socket.terminate();
    this.http.closeAllConnections();
    await new Promise((resolve) => this.io.close(resolve));
  }

  // The log.

  #note(entry) {
    this.log.push(entry);
    for (const wake of this.#waiting.splice(0)) wake();
    return entry;
  }

  /** Waits for the next entry that satisfies `holds` and was not returned before. Skipped entries stay in the log. */
  async waitFor(what, holds) {
    const deadline = AbortSignal.timeout(TIMEOUT);
    for (;;) {
      const found = this.since().find((entry) => !this.#taken.has(entry) && holds(entry));
      if (found) {
        this.#taken.add(found);
        return found;
      }
      if (deadline.aborted) throw new Error(`${what} did not arrive; the log ends with:\n${this.log.slice(-20).map(brief).join('\n')}`);
      await new Promise((resolve) => {
        this.#waiting.push(resolve);
        deadline.addEventListener('abort', resolve, { once: true });
      });
    }
  }

  /** The next REST call: method and path below `/api/v2/`, without a trailing slash. */
  call = (call) => this.waitFor(call, (entry) => entry.kind === 'rest' && entry.call === call);
  event = (name, holds = () => true) => this.waitFor(name, (entry) => entry.kind === 'emit' && entry.event === name && holds(entry.payload));
  count = (holds) => this.since().filter(holds).length;
  since = () => this.log.slice(this.#mark);
  /** Ignores all entries so far when waiting and counting; they stay in `log`. */
  forget = () => void (this.#mark = this.log.length);

  // Controls of the server for tests. What a test can do as a person is in `actions.mjs`.

  /** Makes every token of this person fail with 450 from now on. */
  expire(person) {
    for (const session of this.world.tokens.values()) if (session.person === person) session.valid = false;
  }

  disconnect = (person) => this.io.in(person._id).disconnectSockets(true);
  /** Sends an event with any arguments, unchanged. */
  raw = (person, event, ...args) => this.io.to(person._id).emit(event, ...args);

  fail = this.#faults.fail;
  hold = this.#faults.hold;

  /** Refuses new sockets with this `connect_error`, or accepts them again without a text. */
  refuseSockets = (text) => void (this.#refusal = text);
  /** Makes this person count as online, as if an app of theirs were connected. */
  pretend = (person) => void this.#present.add(person);

  // Events of an action, whether a test or a client acts.

  toRoom = (room, event, payload) => this.io.to(room.rId).emit(event, JSON.stringify(payload));
  toPerson = (person, event, payload) => this.io.to(person._id).emit(event, JSON.stringify(payload));
  online = (person) => this.#present.has(person) || (this.io.of('/').adapter.rooms.get(person._id)?.size ?? 0) > 0;

  enterSockets(room) {
    for (const { person } of room.members.values()) this.io.in(person._id).socketsJoin(room.rId);
  }

  leaveSockets = (room, person) => this.io.in(person._id).socketsLeave(room.rId);

  // Sockets.

  #admit(socket, next) {
    const { headers, query, auth } = socket.handshake;
    const { transport } = { transport: socket.conn.transport.name };
    const authorization = headers.authorization ?? query.auth;
    this.#note({ kind: 'connect', headers: { ...headers }, query: { ...query }, auth, transport });
    try {
      if (this.#refusal) throw new Error(this.#refusal);
      if (!authorization) throw new Error('Auth must be provided !');
      const { person, deviceId } = this.world.session(authorization);
      Object.assign(socket.data, { person, deviceId });
      next();
    } catch (error) {
      next(error);
    }
  }

  #welcome(socket) {
    const { person, deviceId } = socket.data;
    socket.join([person._id, `device:${deviceId}`]);
    for (const room of this.world.rooms.values()) {
      if (!room.members.has(person.identifier)) continue;
      socket.join(room.rId);
      this.receipt(room, person, 'dAt', true);
    }
    socket.onAny((event, ...args) => {
      const [raw] = args;
      let payload = raw;
      try {
        if (typeof raw === 'string') payload = JSON.parse(raw);
        this.#note({ kind: 'emit', event, raw, payload, args: args.length, identifier: person.identifier });
        this.#handle(socket, person, event, payload);
      } catch (error) {
        socket.emit('v1OnException', JSON.stringify({ error: error.message }));
      }
    });
    socket.on('disconnect', (reason) => {
      person.lastSeenAt = now();
      this.#note({ kind: 'disconnect', identifier: person.identifier, reason });
      const roomId = socket.data.typed;
      if (roomId) this.io.to(roomId).emit('v1OnRoomStatusChange', JSON.stringify({ roomId, status: 'stop', name: '', userId: person._id }));
      const call = this.world.calls.find((each) => each.status === 'inCall' && [each.caller, each.callee].includes(person));
      if (call) this.finish(call, 'sessionEnd', '', 'v1OnCallEnded');
    });
  }

  #handle(socket, person, event, payload) {
    const room = () => {
      const found = this.world.rooms.get(payload.roomId);
      this.world.member(found, person);
      return found;
    };
    if (event === 'v1MyOnline') {
      if (!Array.isArray(payload)) throw new Error('v1MyOnline needs a list');
      const list = payload.map(({ peerId, extra }) => ({ peerId, isOnline: this.online({ _id: peerId }), extra }));
      socket.emit('v1OnMyOnline', JSON.stringify(list));
    } else if (event === 'v1EnterChatRoom') {
      this.receipt(room(), person, 'sAt');
    } else if (event === 'v1DeliverChatRoom') {
      this.receipt(room(), person, 'dAt');
    } else if (event === 'v1RoomStatusChange') {
      if (payload.status !== 'stop') socket.data.typed = payload.roomId;
      this.typing({ rId: payload.roomId }, person, payload.status);
    } else if (event === 'v1IceCandidate') {
      const { caller, callee } = this.world.calls.find(({ meetId }) => meetId === payload.meetId);
      this.toPerson(caller === person ? callee : caller, 'v1OnIceCandidate', payload);
    }
  }

  // REST.

  async #rest(request, response) {
    const url = new URL(request.url, this.url);
    const path = url.pathname.replace(/^\/api\/v2\//, '').replace(/\/$/, '');
    const call = `${request.method} ${path}`;
    await this.#faults.wait(call, 'read');
    const bytes = await bytesOf(request);
    if (bytes === undefined) return;
    const answer = (status, type, body, more = {}) => response.writeHead(status, { 'content-type': type, ...more }).end(body);
    const stored = this.world.files.get(url.pathname);
    if (stored) return answer(200, stored.type, stored.bytes);
    if (url.pathname === '/') return answer(200, 'text/html', '<h1>Congratulations V_Chat_v2 working successfully</h1>');
    const [parts, files, body] = await read(request.headers['content-type'] ?? '', bytes);
    const entry = this.#note({ kind: 'rest', at: performance.now(), call, url: request.url, query: Object.fromEntries(url.searchParams), headers: request.headers, body, parts, files });
    const fault = this.#faults.take(call);
    await this.#faults.wait(call, 'act');
    if (response.destroyed) return;
    if (fault === 'drop') return response.destroy();
    if (fault?.page) return answer(fault.status, 'text/html', fault.page, fault.headers);
    let [status, value] = [request.method === 'POST' ? 201 : 200];
    try {
      if (typeof fault === 'number') throw new Refusal(fault, `The test wants ${fault}`);
      this.silent = fault === 'swallow';
      const data = this.#answer(request, path, url.searchParams, { body, parts, files }) ?? null;
      value = { code: 2000, data: typeof fault === 'function' ? fault(data) : data };
    } catch (error) {
      status = error.status ?? 500;
      const requestInfo = { path: url.pathname, method: request.method };
      value = { statusCode: status, timestamp: now(), path: url.pathname, data: error.message, requestInfo };
    }
    this.silent = false;
    entry.status = status;
    await this.#faults.wait(call, 'answer');
    if (fault === 'lose' || fault === 'swallow') return response.destroy();
    return answer(status, 'application/json; charset=utf-8', JSON.stringify(value));
  }

  #answer(request, path, query, given) {
    if (request.method === 'POST' && path === 'auth/connect') {
      if (!request.headers.authorization) throw new Refusal(400, 'authorization key in headers is required');
      return connect(this, given, this.key);
    }
    const session = this.world.session(request.headers.authorization);
    const handler = route(request.method, path);
    if (!handler) throw new Refusal(404, `Cannot ${request.method} ${path}`);
    return handler(this, { me: session.person, session, query, ...given });
  }
}

// An entry of the log in a line.
const brief = ({ kind, call, url, event, status, parts, body, payload }) =>
  [kind, call ?? event, url, status, JSON.stringify(body ?? payload ?? parts)?.slice(0, 200)].filter(Boolean).join(' ');

// Text parts of a form, its files, and a JSON body.
async function read(type, bytes) {
  if (type.startsWith('application/json')) return [{}, [], bytes.length > 0 ? JSON.parse(bytes) : undefined];
  if (!type.startsWith('multipart/form-data')) return [{}, [], undefined];
  const form = await new Response(bytes, { headers: { 'content-type': type } }).formData();
  const [parts, files] = [{}, []];
  for (const [field, value] of form) {
    if (typeof value === 'string') parts[field] = value;
    else files.push({ field, name: value.name, type: value.type, bytes: Buffer.from(await value.arrayBuffer()) });
  }
  return [parts, files, undefined];
}
