// V Chat's REST API as its client uses it: a bearer header on every call, JSON or multipart, and an envelope with `data`
// for success and failure alike. Every answer is checked against that envelope.
import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';

export const url = process.env.VCHAT_URL ?? 'http://127.0.0.1:4001';
export const hashKey = process.env.VCHAT_KEY ?? 'k';

/** The password that the SDK derives; nobody types it. */
export const password = (identifier) => createHash('sha512').update(`${hashKey}_${identifier}`).digest('hex');

/** A multipart body; parts that are null or undefined are left out, as the SDK does. A file is `{ name, type, bytes }`. */
export function form(parts) {
  const body = new FormData();
  for (const [name, value] of Array.isArray(parts) ? parts : Object.entries(parts)) {
    if (value === null || value === undefined) continue;
    if (typeof value === 'object' && value.bytes) body.append(name, new Blob([value.bytes], { type: value.type }), value.name);
    else body.append(name, String(value));
  }
  return body;
}

/** The parts of a message; `more` are added to or replace those of a text. */
export const textParts = (content, more = {}) => ({
  content,
  localId: randomUUID(),
  isEncrypted: 'false',
  messageType: 'text',
  ...more,
});

const created = { GET: 200, POST: 201, PATCH: 200, DELETE: 200 };

export class Rest {
  constructor(token) {
    this.authorization = `Bearer ${token}`;
  }

  /** One call, unchecked. `body` is FormData, or something to send as JSON, or nothing at all. */
  async call(method, path, body, headers = { authorization: this.authorization }) {
    const json = body !== undefined && !(body instanceof FormData);
    const response = await fetch(path.startsWith('/') ? `${url}${path}` : `${url}/api/v2/${path}`, {
      method,
      headers: { ...headers, ...(json && { 'content-type': 'application/json; charset=utf-8' }) },
      body: json ? JSON.stringify(body) : body,
      signal: AbortSignal.timeout(20_000),
    });
    const text = await response.text();
    return { status: response.status, type: response.headers.get('content-type') ?? '', text, what: `${method} ${path}` };
  }

  /** A call that has to go well: the status of its method, `{ code: 2000, data }`; resolves with `data`. */
  async ok(method, path, body, headers) {
    const answer = await this.call(method, path, body, headers);
    assert.equal(answer.status, created[method], `${answer.what}: ${answer.text}`);
    const envelope = read(answer);
    assert.equal(envelope.code, 2000, `${answer.what}: code of ${answer.text}`);
    assert.ok('data' in envelope, `${answer.what}: no data in ${answer.text}`);
    assert.ok(!('msg' in envelope), `${answer.what}: msg in ${answer.text}`);
    return envelope.data;
  }

  get = (path) => this.ok('GET', path);
  post = (path, body) => this.ok('POST', path, body);
  patch = (path, body) => this.ok('PATCH', path, body);
  delete = (path) => this.ok('DELETE', path);

  /** A call that has to fail with one of `statuses`: an error body that does not repeat the token; resolves with its text. */
  async refused(statuses, method, path, body, headers) {
    const answer = await this.call(method, path, body, headers);
    const expected = [statuses].flat();
    assert.ok(expected.includes(answer.status), `${answer.what}: ${answer.status} for ${expected.join(' or ')}: ${answer.text}`);
    const error = read(answer);
    assert.equal(error.statusCode, answer.status, `${answer.what}: statusCode of ${answer.text}`);
    assert.equal(typeof error.data, 'string', `${answer.what}: data of ${answer.text}`);
    assert.notEqual(error.data, '', `${answer.what}: data of ${answer.text}`);
    const [, token = this.authorization] = this.authorization.split(' ');
    if (token.length > 10) assert.ok(!answer.text.includes(token), `${answer.what}: the error repeats the caller's token`);
    assert.ok(!/"authorization"\s*:/i.test(answer.text), `${answer.what}: the error repeats the authorization header`);
    return error.data;
  }

  /** Sends a message to a room. */
  send = (room, parts) => this.post(`channel/${room}/message/`, form(typeof parts === 'string' ? textParts(parts) : parts));

  /** The newest messages of a room, newest first. */
  history = async (room, query = 'limit=30&filter=all') => (await this.get(`channel/${room}/message/?${query}`)).docs;

  /** The room as the list has it, or undefined. */
  listed = async (room, query = '') => (await this.get(`channel/?limit=49&page=1${query}`)).docs.find(({ rId }) => rId === room);
}

function read({ what, type, text }) {
  assert.match(type, /^application\/json/, `${what}: content-type, with ${text}`);
  try {
    return JSON.parse(text);
  } catch {
    return assert.fail(`${what}: not JSON: ${text}`);
  }
}

/** Logs in, or registers; more parts are added to what the SDK always sends. */
export async function connect(identifier, fullName, more = {}) {
  const { token, ...parts } = more;
  const body = form({
    identifier, fullName, deviceId: randomUUID(), password: password(identifier), language: 'en', platform: 'linux', ...parts,
  });
  // Sends `Bearer null` without a token, as the SDK does.
  return new Rest(token ?? null).post('auth/connect', body);
}

/** Somebody without a token, for calls whose header is given. */
export const nobody = new Rest(null);

/** Calls one of the sandbox's own paths, which make it do what no client can cause. They need the hash key. */
export const control = (path, body) => nobody.call('POST', `/__sandbox/${path}`, body, { authorization: `Bearer ${hashKey}` });

/** An uploaded file can be had again: resolves with its bytes. */
export async function download(address, what) {
  assert.match(address, /^https?:\/\//, `${what} is an absolute address`);
  const response = await fetch(address, { signal: AbortSignal.timeout(20_000) });
  assert.equal(response.status, 200, `${what}: ${address}`);
  return Buffer.from(await response.arrayBuffer());
}
