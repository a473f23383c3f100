// Calls in the client: accepted, declined, started, cancelled, hung up and timed out (sections 2.7 and 6 of the protocol
// notes), and the call history.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Screen } from '../peer/screen.mjs';
import { alt, bare, Client, ESC, assertProtocol, limit } from './client.mjs';
import { KEY, VChat } from './server.mjs';

const [ACCEPT, DECLINE, HANG_UP] = ['y', 'n', 'h'].map(alt);

let server;
let client;
let [alice, bob, cat] = [];
let room;
let cats;

const lastCall = () => server.world.calls.at(-1);
const lastMessage = (of = room) => server.world.messages.findLast(({ rId }) => rId === of.rId);

// Places a call and returns it as the server knows it.
async function places(command, withVideo) {
  await client.enter(command);
  const { body } = await server.call(`POST call/create/${room.rId}`);
  assert.deepEqual(body, { payload: null, withVideo, meetPlatform: 'agora' });
  await client.shows(`Calling Bob Brown (${withVideo ? 'video' : 'voice'})`, 'Alt+H hang up');
  return lastCall();
}

async function ended(call) {
  bare(await server.call(`POST call/end/v2/${call.meetId}`));
  await client.lacks('Alt+H');
}

before(async () => {
  server = await new VChat().start();
  [alice, bob, cat] = [server.person('alice@example.com', 'Alice'), server.person('bob', 'Bob Brown'), server.person('cat', 'Cat Stone')];
  server.message(server.group('Release crew', cat, alice, bob), cat, 'Welcome on board');
  cats = server.single(alice, cat);
  server.message(cats, cat, 'Meow');
  room = server.single(alice, bob);
  server.message(room, bob, 'May I call?');
  server.pretend(bob);
});

after(async () => {
  await client.close();
  await server.crash();
});

test('shows a call that rang before the client connected', limit, async () => {
  const call = server.ring(room, bob);
  client = new Client(server, alice);
  await server.call('GET call/active');
  await client.shows('Incoming voice call from Bob Brown', 'Alt+Y accept', 'Alt+N decline');
  server.hangUp(call, bob);
  await client.lacks('Alt+Y');
  await client.shows('Bob Brown canceled the call');
});

test('accepts a call that the other side ends', limit, async () => {
  const call = server.ring(room, bob, { withVideo: true });
  await client.shows('Incoming video call from Bob Brown');
  await client.send(ACCEPT);
  assert.deepEqual((await server.call(`POST call/accept/${call.meetId}`)).body, { payload: null });
  await client.shows('In a video call with Bob Brown since', 'Alt+H hang up');
  // No program for calls is configured, and the client says so.
  await client.shows('call_command');
  assert.equal(call.status, 'inCall');
  server.hangUp(call, bob);
  await client.lacks('In a video call');
  await client.shows('The video call with Bob Brown ended after');
  await client.shows('│', 'Video call, 0:0');
});

test('declines a call', limit, async () => {
  const call = server.ring(room, bob);
  await client.shows('Incoming voice call from Bob Brown');
  await client.send(DECLINE);
  bare(await server.call(`POST call/reject/${call.meetId}`));
  await client.lacks('Alt+Y');
  await client.shows('You declined the voice call from Bob Brown.');
  assert.equal(call.status, 'rejected');
  await client.shows('│', 'Declined voice call');
});

test('shows that an unanswered call timed out', limit, async () => {
  server.ringMs = 300;
  server.ring(room, bob);
  await client.shows('Incoming voice call from Bob Brown');
  await client.shows('Missed call from Bob Brown.');
  await client.lacks('Alt+Y');
  await client.shows('│', 'Missed voice call');
  server.ringMs = 60_000;
});

test('explains why a cancelled call cannot be accepted', limit, async () => {
  const call = server.ring(cats, cat);
  await client.shows('call from Cat Stone');
  await client.send(ACCEPT);
  assert.equal((await server.call(`POST call/accept/${call.meetId}`)).status, 400);
  await client.shows('Could not join the call: ', 'The caller is offline');
  await client.lacks('call from Cat Stone');
  server.hangUp(call, cat);
});

test('starts a call that is accepted, and hangs up', limit, async () => {
  const call = await places('/call', false);
  server.accept(call, bob);
  await client.shows('In a voice call with Bob Brown since', 'Alt+H hang up');
  await client.send(HANG_UP);
  await ended(call);
  await client.shows('You ended the voice call with Bob Brown.');
  assert.deepEqual([call.status, lastMessage().msgAtt.callStatus], ['finished', 'finished']);
  await client.shows('│', 'Voice call, 0:0');
});

test('starts a video call and cancels it', limit, async () => {
  const call = await places('/video', true);
  await client.send(HANG_UP);
  await ended(call);
  await client.shows('You canceled the call to Bob Brown.');
  assert.equal(call.status, 'canceled');
});

test('ends a call cancelled before the server answered, as soon as it has an id', limit, async () => {
  const release = server.hold(`POST call/create/${room.rId}`);
  await client.enter('/call');
  await client.shows('Calling Bob Brown (voice)');
  await client.send(HANG_UP);
  await client.lacks('Calling');
  release();
  await server.call(`POST call/create/${room.rId}`);
  await ended(lastCall());
  assert.equal(lastCall().status, 'canceled');
});

test('handles an acceptance that arrives before the answer', limit, async () => {
  const release = server.hold(`POST call/create/${room.rId}`, 'answer');
  const call = await places('/call', false);
  server.accept(call, bob);
  await client.shows('In a voice call with Bob Brown since');
  release();
  server.send(room, bob, 'Do you hear me?');
  await client.showsMessage('Do you hear me?');
  await client.shows('In a voice call with Bob Brown since', 'Alt+H hang up');
  await client.send(HANG_UP);
  await ended(call);
  assert.equal(call.status, 'finished');
});

test('shows that a call was declined', limit, async () => {
  const call = await places('/call', false);
  server.hangUp(call, bob);
  await client.shows('Bob Brown declined the call.');
  await client.lacks('Alt+H');
});

test('shows that nobody answered', limit, async () => {
  server.ringMs = 300;
  const call = await places('/video', true);
  await client.shows('Bob Brown did not answer.');
  await client.lacks('Alt+H');
  await client.shows('│', 'Missed video call');
  assert.equal(call.status, 'timeout');
  server.ringMs = 60_000;
});

test('explains that the person is in another call', limit, async () => {
  const other = server.ring(server.single(bob, cat), cat);
  await client.enter('/call');
  assert.equal((await server.call(`POST call/create/${room.rId}`)).status, 400);
  await client.shows('Call failed: ', 'peerUserInCallNow');
  await client.lacks('Alt+H');
  server.hangUp(other, cat);
});

test('does not call a group', limit, async () => {
  await client.open('Release crew');
  server.forget();
  await client.enter('/call');
  await client.shows('Calls work only in direct messages.');
  assert.equal(server.count(({ call }) => call?.startsWith('POST call/')), 0);
  await client.open('Bob Brown');
});

test('lists the call history', limit, async () => {
  await client.enter('/calls');
  bare(await server.call('GET call/history'));
  await client.shows('─ Calls ─');
  for (const [what, how] of [['video call', 'not answered'], ['voice call', 'declined'], ['voice call', 'canceled'], ['voice call', '0:0']]) {
    await client.shows(`Bob Brown: ${what}, ${how}`);
  }
  await client.shows('Cat Stone: voice call, canceled');
  await client.send(ESC);
  await client.lacks('─ Calls ─');
});

test('2.7: clears the call history', limit, async () => {
  await client.enter('/clear-calls');
  await client.shows('Clear the list of past calls?');
  await client.confirms();
  bare(await server.call('DELETE call/history/clear'));
  await client.shows('The list of past calls was cleared.');
  await client.enter('/calls');
  await client.shows('No calls yet');
  await client.send(ESC);
  await client.lacks('─ Calls ─');
});

test('ends the call when the connection is lost', limit, async () => {
  const call = await places('/call', false);
  server.accept(call, bob);
  await client.shows('In a voice call with Bob Brown since');
  server.forget();
  server.disconnect(alice);
  await client.lacks('voice call with');
  assert.equal(call.status, 'sessionEnd');
  await server.waitFor('a connection', ({ kind }) => kind === 'connect');
  await server.call('GET call/active');
});

test('followed the protocol throughout, and quits cleanly', limit, async () => {
  assertProtocol(server);
  await client.quit();
});

test('starts the configured program with the call', limit, async () => {
  const script = 'fetch(`{url}/called?room={room}&call={call}&name={name}&video={video}&channel={channel}&token=${process.env.MINCHAT_CALL_TOKEN}`)';
  const config = [
    '[profiles.team]', 'backend = "vchat"', `url = "${server.url}"`, `api_key = "${KEY}"`, 'user = "alice@example.com"', 'name = "Alice"',
    `call_command = [${JSON.stringify(process.execPath)}, "-e", ${JSON.stringify(script)}]`,
  ].join('\n');
  server.forget();
  const other = new Screen({ files: { '.config/minchat-tui/config.toml': config } });
  try {
    await other.shows('› Message Bob Brown');
    const call = server.ring(room, bob, { withVideo: true });
    await other.shows('call from Bob Brown');
    await other.send(ACCEPT);
    bare(await server.call(`GET call/agora-access/${room.rId}`));
    const { query: { token, ...query } } = await server.call('GET /called');
    assert.deepEqual(query, { room: room.rId, call: call.meetId, name: 'Bob Brown', video: 'true', channel: room.rId });
    assert.match(token, /^[0-9a-f]{24}$/);
    assert.doesNotMatch(await other.screen(), new RegExp(token));
    await other.shows('In a video call with Bob Brown');
    await other.send('\u0011');
    assert.equal(await other.exit(), 0);
  } finally {
    await other.close();
  }
});
