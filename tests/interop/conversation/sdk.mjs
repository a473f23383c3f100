// The official SDK, connected to the server under test, with helpers to wait for its events.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
// See ../official/form-data.cjs.
globalThis.FormData = require('form-data');

const MinChat = require('@minchat/js').default;

export const url = process.env.SANDBOX_URL ?? 'http://127.0.0.1:4000';
export const apiKey = process.env.SANDBOX_KEY ?? 'k';

const instances = [];

/** An instance of the SDK in which `username` is connected, joined and heard by the server. */
export async function connect(username, name, options = {}) {
  const instance = MinChat.getInstance(apiKey);
  instance.config.localhostPath = url;
  instance.init({ test: true, ...options });
  instances.push(instance);
  await instance.connectUser({ username, name });
  await settled(instance);
  return instance;
}

/** Resolves when the server has dealt with everything that the instance emitted: it answers in order. */
export function settled(instance) {
  const { socket, user } = instance.config;
  return new Promise((resolve) => socket.emit('user.status', { memberId: user.id, apiKey }, resolve));
}

export function disconnectAll() {
  for (const instance of instances) instance.config.socket.disconnect();
}

/** Records the calls of a listener: `next()` waits for the next argument list, `all` has those so far. */
export function recorder() {
  const waiting = [];
  const unread = [];
  const all = [];
  const listener = (...args) => {
    all.push(args);
    const resolve = waiting.shift();
    if (resolve) resolve(args);
    else unread.push(args);
  };
  const next = () =>
    unread.length > 0 ? Promise.resolve(unread.shift()) : new Promise((resolve) => waiting.push(resolve));
  return { listener, next, all };
}

/** `sendMessage` as a promise of its acknowledgement. */
export const send = (chat, message) => new Promise((resolve) => chat.sendMessage(message, resolve));

/** `updateMessage` as a promise of its acknowledgement. */
export const update = (chat, id, message) => new Promise((resolve) => chat.updateMessage(id, message, resolve));
