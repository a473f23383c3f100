// JavaScript programs that the inspector copies, run by Node.js with the official SDK and the real socket.io-client: they
// do against the server what the client did. A reader replaces the mask of the secrets; the tests also replace addresses
// and ids. SANDBOX_URL or VCHAT_URL says which server runs.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { io } from 'socket.io-client';

import * as programs from './programs.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const { SANDBOX_URL, SANDBOX_KEY = 'k', VCHAT_URL, VCHAT_KEY = 'k' } = process.env;
const limit = { timeout: 30_000 };
const run = Date.now().toString(36);
const running = [];
const pause = () => new Promise((resolve) => setTimeout(resolve, 100));
let folder;

before(async () => {
  // Below node_modules, where the programs find their packages.
  folder = await mkdtemp(join(here, '.run-'));
  await copyFile(join(here, '../../../assets/demo-kettle.png'), join(folder, 'tea.png'));
});

after(async () => {
  for (const child of running) child.kill('SIGKILL');
  await rm(folder, { recursive: true });
});

/** Line breaks as the client sends them: FormData sends CRLF. */
const plain = (text) => text?.replaceAll('\r\n', '\n');

/** Starts a program. `printed(pattern)` waits until it has printed something like that. */
async function start(name, values) {
  let code = programs[name];
  for (const [placeholder, value] of Object.entries(values)) code = code.replaceAll(placeholder, value);
  const file = join(folder, `${name}.mjs`);
  await writeFile(file, code);
  const child = spawn(process.execPath, [file], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  running.push(child);
  let output = '';
  const ended = once(child, 'exit');
  const waiting = new Set();
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (data) => {
      output += data;
      for (const check of waiting) check();
    });
  }
  const printed = (pattern) => {
    const found = new Promise((resolve) => {
      const check = () => pattern.test(output) && resolve(output);
      waiting.add(check);
      check();
    });
    return Promise.race([found, ended.then(() => assert.match(output, pattern))]);
  };
  return { child, printed, ended };
}

/** Runs a call to its end and returns its status and the text of the answer. */
async function call(name, values) {
  const { printed, ended } = await start(name, values);
  const [code] = await ended;
  const output = await printed(/^\d{3} /);
  assert.equal(code, 0, output);
  assert.match(output, /^20[01] /);
  return output;
}

async function rest(url, key, method, path, body) {
  const headers = { authorization: `Bearer ${key}`, ...(body && { 'content-type': 'application/json' }) };
  const response = await fetch(url + path, { method, headers, body: body && JSON.stringify(body) });
  assert.ok(response.ok, `${method} ${path}: ${response.status}`);
  return response.json();
}

const forMinchat = { ...limit, skip: !SANDBOX_URL };

test('copied programs of MinChat do what the client did', forMinchat, async () => {
  const api = (method, path, body) => rest(SANDBOX_URL, SANDBOX_KEY, method, path, body);
  const [al, bo] = [`al-${run}`, `bo-${run}`];
  const { user: alice } = await api('POST', '/v1/user', { username: al, name: 'Al' });
  const { user: bob } = await api('POST', '/v1/user', { username: bo, name: 'Bo' });
  const chat = await api('POST', '/v1/chat', { usernames: [al, bo], user_id: alice.id });
  const message = await api('POST', '/v1/messages', { chat_id: chat.id, user_id: alice.id, text: 'Before' });
  const values = {
    'https://minchat.example': SANDBOX_URL,
    '***': SANDBOX_KEY,
    'CHAT-ID': chat.id,
    'PERSON-ID': alice.id,
    'MESSAGE-ID': message.id,
  };
  assert.match(await call('minchat_history', values), /Before/);
  await call('minchat_edit', values);
  await call('minchat_upload', values);
  // It hears nothing, because only sockets that joined a chat do. It must connect and go on.
  const listener = await start('minchat_listen', values);
  await start('minchat_join', values);
  const sent = await start('minchat_send', values);
  await sent.printed(/success: true/);
  const { messages } = await api('GET', `/v1/messages?chat_id=${chat.id}&user_id=${bob.id}&page=1`);
  assert.equal(messages.filter(({ text }) => plain(text) === programs.odd).length, 2, JSON.stringify(messages));
  assert.ok(JSON.stringify(messages).includes('tea.png'));
  // The server knows the socket of the program as Alice's.
  const socket = io(SANDBOX_URL, { transports: ['websocket'] });
  const status = () => socket.emitWithAck('user.status', { memberId: alice.id, apiKey: SANDBOX_KEY });
  while ((await status()).status !== 'online') await pause();
  socket.disconnect();
  assert.equal(listener.child.exitCode, null);
});

const forVchat = { ...limit, skip: !VCHAT_URL };

test('copied programs of V Chat do what the client did', forVchat, async () => {
  const sign = async (identifier, name) => {
    const form = new FormData();
    const password = createHash('sha512').update(`${VCHAT_KEY}_${identifier}`).digest('hex');
    const fields = { identifier, fullName: name, deviceId: identifier, password, platform: 'linux' };
    for (const [field, value] of Object.entries(fields)) form.append(field, value);
    const response = await fetch(`${VCHAT_URL}/api/v2/auth/connect`, { method: 'POST', body: form });
    return (await response.json()).data.accessToken;
  };
  const [al, bo] = [`al-${run}@example.org`, `bo-${run}@example.org`];
  const [alice, bob] = [await sign(al, 'Al'), await sign(bo, 'Bo')];
  const form = new FormData();
  form.append('identifiers', JSON.stringify([bo]));
  form.append('groupName', 'Before');
  const headers = { authorization: `Bearer ${alice}` };
  const made = await fetch(`${VCHAT_URL}/api/v2/channel/group`, { method: 'POST', headers, body: form });
  const room = (await made.json()).data.rId;
  const values = {
    'https://vchat.example': VCHAT_URL,
    '***': alice,
    'CHAT-ID': room,
    'b4a974e5-6cb3-4c52-a9d4-2f5f4ea5d6a1': randomUUID(),
  };
  assert.match(await call('vchat_rooms', values), /Before/);
  const socket = io(VCHAT_URL, { transports: ['websocket'], query: { auth: `Bearer ${bob}` }, forceNew: true });
  await once(socket, 'connect');
  const typing = once(socket, 'v1OnRoomStatusChange');
  await start('vchat_typing', values);
  assert.equal(JSON.parse((await typing)[0]).status, 'typing');
  await call('vchat_rename', values);
  const message = once(socket, 'v1OnNewMessage');
  await call('vchat_send', values);
  assert.equal(plain(JSON.parse((await message)[0]).c), programs.odd);
  const listener = await start('vchat_listen', { ...values, '***': bob });
  let heard = false;
  listener.printed(/v1 is heard/).then(() => (heard = true));
  // Nobody else learns when it is connected.
  while (!heard) {
    const again = new FormData();
    const fields = { content: 'v1 is heard', localId: randomUUID(), isEncrypted: 'false', messageType: 'text' };
    for (const [field, value] of Object.entries(fields)) again.append(field, value);
    await fetch(`${VCHAT_URL}/api/v2/channel/${room}/message/`, { method: 'POST', headers, body: again });
    await pause();
  }
  socket.disconnect();
});
