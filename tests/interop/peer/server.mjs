// A MinChat-like server on the real socket.io: the REST calls that the client needs, socket rooms, and a log of everything
// it receives. It does nothing by itself; the test decides. The shapes are those of the official SDK.
import { createServer } from 'node:http';
import { Server } from 'socket.io';

import { bytesOf, Faults } from './faults.mjs';

export const KEY = 'PEERKEY';

// Returns unique times, so that times give the order of arrival.
let clock = 0;
function now() {
  clock = Math.max(Date.now(), clock + 1);
  return new Date(clock).toISOString();
}

function user(username, name) {
  const metadata = username === 'bot' ? { chatbotId: 'b1' } : {};
  return { id: `u-${username}`, username, name, metadata, created_at: now(), last_active: now() };
}

export class Peer {
  users = [user('alice', 'Alice'), user('bob', 'Bob Brown'), user('bot', 'Sample Bot')];
  chats = [];
  // `{ event, payload }` of sockets, `{ kind: 'rest' | 'held', call, body, key, at }` of REST, in order of arrival.
  log = [];
  #waiting = [];
  #count = 0;
  #taken = new Set();
  #faults = new Faults((entry) => this.#note(entry));
  fail = this.#faults.fail;
  hold = this.#faults.hold;

  /** `returnsMetadata`: what a message is sent with is told with it again. */
  constructor({ returnsMetadata = true } = {}) {
    this.returnsMetadata = returnsMetadata;
  }

  // Starts listening, on the given `port` after a restart.
  async start(port = 0) {
    this.http = createServer((request, response) => this.#rest(request, response));
    this.io = new Server(this.http, { transports: ['websocket'] });
    this.io.on('connection', (socket) => this.#welcome(socket));
    await new Promise((resolve) => this.http.listen(port, '127.0.0.1', resolve));
    this.port = this.http.address().port;
    this.url = `http://127.0.0.1:${this.port}`;
    return this;
  }

  // Ends like a crashed server: every connection is cut, and the port is closed.
  async crash() {
    for (const socket of this.io.of('/').sockets.values()) socket.conn.transport.socket.terminate();
    this.http.closeAllConnections();
    await new Promise((resolve) => this.io.close(resolve));
  }

  find = (username) => this.users.find((user) => user.username === username);

  // Creates a chat with a first message, without events.
  chat(id, title, usernames, first) {
    const chat = { id, title, members: usernames.map((name) => this.find(name).id), created_at: now(), messages: [] };
    this.chats.push(chat);
    this.message(id, 'bob', first);
    return chat;
  }

  message(chatId, username, text, more = {}) {
    const count = (this.#count += 1);
    const author = this.find(username);
    const message = {
      id: `m-${count}`, chat_id: chatId, user_id: author.id, text, seen: false, created_at: now(), user: author,
      success: true, ...more,
    };
    this.chats.find((chat) => chat.id === chatId).messages.push(message);
    return message;
  }

  show = (chat) => ({
    success: true, id: chat.id, title: chat.title, participant_user_ids: chat.members, metadata: {}, created_at: chat.created_at,
    last_message: chat.messages.at(-1) ?? null,
  });

  toRoom = (id, event, payload) => this.io.to(`#${id}`).emit(event, payload);
  toPerson = (username, event, payload) => this.io.to(`@${this.find(username).id}`).emit(event, payload);

  // Waits for the next entry that satisfies `holds` and was not returned before. Skipped entries stay in the log.
  async waitFor(what, holds) {
    const deadline = AbortSignal.timeout(20_000);
    for (;;) {
      const found = this.log.find((entry) => !this.#taken.has(entry) && holds(entry));
      if (found) {
        this.#taken.add(found);
        return found;
      }
      if (deadline.aborted) throw new Error(`${what} did not come; the log: ${JSON.stringify(this.log, null, 1)}`);
      await new Promise((resolve) => {
        this.#waiting.push(resolve);
        deadline.addEventListener('abort', resolve, { once: true });
      });
    }
  }

  event = (name) => this.waitFor(name, (entry) => entry.event === name);
  call = (call) => this.waitFor(call, (entry) => entry.kind === 'rest' && entry.call === call);
  // Ignores all entries so far.
  forget = () => this.log.splice(0);

  #note(entry) {
    this.log.push(entry);
    for (const wake of this.#waiting.splice(0)) wake();
  }

  #welcome(socket) {
    const { transport, query } = { transport: socket.conn.transport.name, query: socket.handshake.query };
    this.#note({ event: 'connection', payload: { transport, eio: query.EIO, auth: socket.handshake.auth } });
    socket.onAny((event, payload, ...more) => {
      if (event === 'room.user.join') socket.join(`@${payload.channelUserId}`);
      if (event === 'room.join') socket.join(`#${payload.channelId}`);
      if (event === 'room.leave') socket.leave(`#${payload.channelId}`);
      this.#note({ event, payload, more: more.length });
    });
  }

  async #rest(request, response) {
    const url = new URL(request.url, this.url);
    const call = `${request.method} ${url.pathname}`;
    await this.#faults.wait(call, 'read');
    const bytes = await bytesOf(request);
    if (bytes === undefined) return;
    const [body, files] = await read(request.headers['content-type'] ?? '', bytes);
    const key = request.headers.authorization;
    this.#note({ kind: 'rest', at: performance.now(), call, body, files, query: Object.fromEntries(url.searchParams), key });
    const fault = this.#faults.take(call);
    await this.#faults.wait(call, 'act');
    if (response.destroyed) return;
    if (fault === 'drop') return response.destroy();
    if (fault?.page) return response.writeHead(fault.status, { 'content-type': 'text/html', ...fault.headers }).end(fault.page);
    this.silent = fault === 'swallow';
    const [status, answer] = key === `Bearer ${KEY}` ? this.#answer(call, url.searchParams, body, files) : [401, { message: 'Invalid API key' }];
    this.silent = false;
    await this.#faults.wait(call, 'answer');
    if (fault === 'lose' || fault === 'swallow') return response.destroy();
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(status < 300 ? answer : { success: false, ...answer }));
  }

  #answer(call, query, body, [file] = []) {
    const [, , , kind, id, rest] = call.split(/[ /]/);
    const found = (user) => (user ? [200, { success: true, user }] : [400, { message: 'user not found' }]);
    const message = this.chats.flatMap((chat) => chat.messages).find((message) => message.id === id);
    const chat = this.chats.find((chat) => chat.id === (query.get('chat_id') ?? body.chat_id ?? id));
    switch (`${call.split(' ')[0]} ${kind}${id === undefined ? '' : id === 'list' ? '/list' : '/id'}${rest ? `/${rest}` : ''}`) {
      case 'POST user': return found(this.find(body.username));
      case 'GET user': return found(this.users.find((user) => user.id === query.get('id') || user.username === query.get('username')));
      case 'GET chat/list': {
        const chats = this.chats.filter((chat) => chat.messages.length > 0).map(this.show);
        return [200, { success: true, chats, page: 1, total_chats: chats.length, total_pages: 1 }];
      }
      case 'GET messages': {
        const page = Number(query.get('page') ?? 1);
        const end = chat.messages.length - (page - 1) * 25;
        const messages = chat.messages.slice(Math.max(0, end - 25), Math.max(0, end));
        return [200, { success: true, messages, page, total_messages: chat.messages.length, total_pages: Math.ceil(chat.messages.length / 25) }];
      }
      // No client reads the answer to a REST send, an edit or a deletion, so it may be this short.
      case 'POST messages': {
        // Metadata in a form is a JSON string.
        const metadata = typeof body.metadata === 'string' ? JSON.parse(body.metadata) : body.metadata;
        const stored = file && { file: { type: file.type.split('/')[0], url: `${this.url}/${file.name}`, name: file.name, size: '2 MB' } };
        const sent = this.message(body.chat_id, 'alice', body.text, { ...(this.returnsMetadata && { metadata }), ...stored });
        if (!this.silent) this.toRoom(body.chat_id, 'message', sent);
        return [201, { success: true }];
      }
      case 'PATCH messages/id': {
        this.toRoom(message.chat_id, 'message.update', Object.assign(message, { text: body.text }));
        return [200, { success: true }];
      }
      case 'DELETE messages/id': {
        this.toRoom(message.chat_id, 'message.delete', id);
        return [200, { success: true }];
      }
      default: return [404, { message: `no such endpoint: ${call}` }];
    }
  }
}

// The JSON body or the text fields of a form, and the files of a form.
async function read(type, bytes) {
  const [fields, files] = [{}, []];
  if (!type.startsWith('multipart/form-data')) return [bytes.length > 0 ? JSON.parse(bytes) : fields, files];
  for (const [field, value] of await new Response(bytes, { headers: { 'content-type': type } }).formData()) {
    if (typeof value === 'string') fields[field] = value;
    else files.push({ field, name: value.name, type: value.type, bytes: Buffer.from(await value.arrayBuffer()) });
  }
  return [fields, files];
}
