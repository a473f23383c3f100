// The client at a V Chat server, with the steps and checks of a user: what they type, and where they look on the screen.
import assert from 'node:assert/strict';

import { Screen } from '../peer/screen.mjs';
import { KEY } from './server.mjs';

export const limit = { timeout: 120_000 };
export const UUID_V4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

// Esc as CSI u: unlike a bare escape byte, it is never read as the Alt of the next key.
export const ESC = '\u001b[27u';
export const F2 = '\u001bOQ';
export const DOWN = '\u001b[B';
export const UP = '\u001b[A';
export const TO_NEWEST = '\u001b[1;5F';
export const alt = (letter) => `\u001b${letter}`;

const optionsOf = (server, { identifier, fullName }, backend = 'vchat', key = KEY) => ['--backend', backend, '--url', server.url, '--api-key', key, '--user', identifier, '--name', fullName];

export class Client extends Screen {
  /** A client of this person with an API key; `more` are the options of a `Screen`. */
  constructor(server, person, { backend = 'vchat', key = KEY, ...more } = {}) {
    super(more, ...optionsOf(server, person, backend, key));
  }

  /** The next start is as another person, or with other options. */
  use(server, person, ...options) {
    this.program.splice(1, Infinity, ...optionsOf(server, person), ...options);
  }

  /** Replaces the draft and sends it. */
  enter = (line) => this.send(`\u0015${line}\r`);

  /** Waits for a message in the open room; the room list may show its text too. */
  showsMessage = (text, ...marks) => this.shows(`│   ${text}`, ...marks);

  /** Opens a room of the list. */
  async open(title) {
    await this.enter(`/go ${title}`);
    await this.shows(`› Message ${title}`);
  }

  /** Rows of the pane, without the room list. */
  async pane() {
    return (await this.screen()).split('\n').map((row) => row.slice(row.indexOf('│')));
  }

  /** Rows of the room list. */
  async list() {
    return (await this.screen()).split('\n').filter((row) => row.includes('│')).map((row) => row.split('│')[0].trimEnd()).join('\n');
  }

  /** Fails unless the open room shows the message exactly once. */
  async showsMessageOnce(text) {
    assert.equal((await this.pane()).filter((row) => row.includes(`│   ${text}`)).length, 1, `"${text}" is shown once`);
  }

  /** Presses a key until a text appears, for actions that become possible at an invisible moment. */
  async pressUntil(key, text) {
    for (const deadline = Date.now() + 20_000; ; await new Promise((resolve) => setTimeout(resolve, 20))) {
      await this.send(key);
      const screen = await this.screen();
      if (screen.includes(text)) return;
      assert.ok(Date.now() < deadline, `"${text}" did not appear; the screen was:\n${screen}`);
    }
  }

  /** Quits with Ctrl+Q; the exit code must be 0. */
  async quit() {
    await this.send(`${ESC}${ESC}\u0015\u0011`);
    assert.equal(await this.exit(), 0);
  }
}

/** Checks the form fields that every send has, and returns the others. */
export function sent({ headers, parts: { localId, isEncrypted, ...parts } }) {
  assert.match(headers['content-type'], /^multipart\/form-data; boundary=/);
  assert.match(localId, UUID_V4);
  assert.equal(isEncrypted, 'false');
  return parts;
}

/** Fails unless the call has no body and no content type. */
export function bare({ headers, body, parts, files }) {
  assert.equal(headers['content-type'], undefined);
  assert.deepEqual([body, parts, files], [undefined, {}, []]);
}

/** Checks the whole log after a run: one string per emit, a token with every call, and no unknown path. */
export function assertProtocol(server) {
  for (const { event, raw, args } of server.log.filter(({ kind }) => kind === 'emit')) assert.deepEqual([typeof raw, args], ['string', 1], event);
  for (const { call, headers, status } of server.log.filter(({ kind, url }) => kind === 'rest' && url.startsWith('/api/'))) {
    assert.match(headers.authorization ?? '', /^Bearer /, call);
    assert.notEqual(status, 500, call);
  }
}
