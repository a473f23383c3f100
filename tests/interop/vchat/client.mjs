// The client at a server, as somebody uses it: what they type, and where on the screen they look.
import assert from 'node:assert/strict';

import { Screen } from '../peer/screen.mjs';
import { KEY } from './server.mjs';

export const limit = { timeout: 120_000 };
export const UUID_V4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

// Esc as CSI u: unlike a bare escape it is never taken for the Alt of the key behind it.
export const ESC = '\u001b[27u';
export const F2 = '\u001bOQ';
export const DOWN = '\u001b[B';
export const UP = '\u001b[A';
export const TO_NEWEST = '\u001b[1;5F';
export const alt = (letter) => `\u001b${letter}`;

export class Client extends Screen {
  /** The client of somebody, with a key; `more` is what a `Screen` takes. */
  constructor(server, { identifier, fullName }, { backend = 'vchat', key = KEY, ...more } = {}) {
    super(more, '--backend', backend, '--url', server.url, '--api-key', key, '--user', identifier, '--name', fullName);
  }

  /** Types a line and sends it. */
  enters = (line) => this.send(`\u0015${line}\r`);

  /** A message stands in the open room: the list on its left may show it too. */
  says = (text, ...marks) => this.shows(`│   ${text}`, ...marks);

  /** Opens a room of the list. */
  async opens(title) {
    await this.enters(`/go ${title}`);
    await this.shows(`› Message ${title}`);
  }

  /** The rows right of the room list. */
  async pane() {
    return (await this.screen()).split('\n').map((row) => row.slice(row.indexOf('│')));
  }

  /** The room list. */
  async list() {
    return (await this.screen()).split('\n').filter((row) => row.includes('│')).map((row) => row.split('│')[0].trimEnd()).join('\n');
  }

  async saysOnce(text) {
    assert.equal((await this.pane()).filter((row) => row.includes(`│   ${text}`)).length, 1, `"${text}" stands there once`);
  }

  /** Presses a key until a text is there: for what becomes possible at a moment that cannot be seen. */
  async pressesFor(key, text) {
    for (const deadline = Date.now() + 20_000; ; await new Promise((resolve) => setTimeout(resolve, 20))) {
      await this.send(key);
      const screen = await this.screen();
      if (screen.includes(text)) return;
      assert.ok(Date.now() < deadline, `"${text}" did not come; the screen was:\n${screen}`);
    }
  }

  /** It ends when it is told to, and well. */
  async quits() {
    await this.send(`${ESC}${ESC}\u0015\u0011`);
    assert.equal(await this.exit(), 0);
  }
}

/** Texts of a form in one object: those that every send has are checked here, the others are returned. */
export function sent({ headers, parts: { localId, isEncrypted, ...parts } }) {
  assert.match(headers['content-type'], /^multipart\/form-data; boundary=/);
  assert.match(localId, UUID_V4);
  assert.equal(isEncrypted, 'false');
  return parts;
}

/** A call without a body says so: no type, no bytes. */
export function bare({ headers, body, parts, files }) {
  assert.equal(headers['content-type'], undefined);
  assert.deepEqual([body, parts, files], [undefined, {}, []]);
}

/** What every run has to keep to, once it is over: one string an emit, a token with every call, nothing unknown asked. */
export function keptTo(server) {
  for (const { event, raw, args } of server.log.filter(({ kind }) => kind === 'emit')) assert.deepEqual([typeof raw, args], ['string', 1], event);
  for (const { call, headers, status } of server.log.filter(({ kind, url }) => kind === 'rest' && url.startsWith('/api/'))) {
    assert.match(headers.authorization ?? '', /^Bearer /, call);
    assert.notEqual(status, 500, call);
  }
}
