// The official SDK, pointed at the server under test, and the waiting that its events need.
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

/** Collects the calls of a listener: `next()` is the next argument list, `all` are those that came until now. */
export function ear() {
  const waiting = [];
  const unheard = [];
  const all = [];
  const listener = (...args) => {
    all.push(args);
    const resolve = waiting.shift();
    if (resolve) resolve(args);
    else unheard.push(args);
  };
  const next = () =>
    unheard.length > 0 ? Promise.resolve(unheard.shift()) : new Promise((resolve) => waiting.push(resolve));
  return { listener, next, all };
}

/** `sendMessage` as a promise of its acknowledgement. */
export const send = (chat, message) => new Promise((resolve) => chat.sendMessage(message, resolve));

/** `updateMessage` as a promise of its acknowledgement. */
export const update = (chat, id, message) => new Promise((resolve) => chat.updateMessage(id, message, resolve));
