// Section 1 and 2.1: what a server answers to whom, login, profile and bans.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';

import { pair, Person, png } from '../people.mjs';
import { connect, control, download, form, nobody, password, Rest, textParts } from '../http.mjs';
import * as shape from '../shapes.mjs';

const find = async (asker, fullName) => {
  const query = new URLSearchParams({ limit: 30, page: 1, fullName });
  return shape.page(await asker.rest.get(`profile/users?${query}`), shape.user).docs;
};

// What `GET …/ban` says, without the room.
const bans = async (asker, peer) => {
  const { isMeBanner, isPeerBanner } = shape.ban(await asker.rest.get(`user-ban/${peer.identifier}/ban`));
  return [isMeBanner, isPeerBanner];
};

const soon = async (what, holds) => {
  const deadline = AbortSignal.timeout(10_000);
  while (!(await holds())) assert.ok(!deadline.aborted, `${what} did not come`);
};

const connectParts = (identifier, more = {}) =>
  form({ identifier, fullName: 'No One', deviceId: randomUUID(), password: password(identifier), platform: 'linux', ...more });

export default [
  {
    row: '§1.1', what: 'the root answers a page that says that it works',
    async check() {
      const { status, text } = await nobody.call('GET', '/');
      assert.equal(status, 200);
      assert.match(text, /Congratulations V_Chat_v2 working successfully/);
    },
  },
  {
    row: '§1.2', what: 'without an authorization header: 400, and says which',
    check: async () => assert.match(await nobody.refused(400, 'GET', 'channel/', undefined, {}), /authorization key in headers is required/),
  },
  {
    row: '§1.2', what: 'an authorization that is not Bearer: 400',
    check: () => nobody.refused(400, 'GET', 'channel/', undefined, { authorization: 'Basic dGVzdDp0ZXN0' }),
  },
  {
    row: '§1.2', what: 'a token that is none: 400; `Bearer null` is none either',
    async check() {
      assert.match(await nobody.refused(400, 'GET', 'channel/'), /Jwt access token not valid/i);
      assert.match(await new Rest('a.b.c-nothing-of-ours').refused(400, 'GET', 'channel/'), /Jwt access token not valid/i);
    },
  },
  {
    row: '§1.2', what: 'a token whose signature is not the server\'s: 400',
    async check() {
      const { token } = await Person.meet('Forged', { socket: false });
      const [head, body, signature] = token.split('.');
      const turned = [...signature].reverse().join('');
      await new Rest(`${head}.${body}.${turned}`).refused(400, 'GET', 'channel/');
    },
  },
  { row: '§1.2', what: 'a user who is gone: 403', skip: 'nothing that a client can do removes a user' },
  {
    row: '§1.2', what: 'a device that the server forgot: 450, and login again helps',
    async check() {
      const one = await Person.meet('Expired', { socket: false });
      await one.rest.get('channel/');
      const hook = await control('expire', { identifier: one.identifier });
      assert.ok(hook.status < 300, `the sandbox expires tokens: ${hook.status} ${hook.text}`);
      await one.rest.refused(450, 'GET', 'channel/');
      // The stale token goes with the login, as the SDK's interceptor does.
      const again = await connect(one.identifier, one.name, { token: one.token, deviceId: one.deviceId });
      assert.equal(again.user._id, one.id);
      await new Rest(again.accessToken).get('channel/');
    },
  },
  {
    row: '§1.5', what: 'an unknown path: 404 as JSON with data',
    async check() {
      const one = await Person.meet('Lost', { socket: false });
      await one.rest.refused(404, 'GET', 'no/such/thing');
      await one.rest.refused(404, 'GET', `channel/${'0'.repeat(24)}`);
      await one.rest.refused([400, 404], 'GET', 'channel/no-object-id');
    },
  },
  {
    row: 1, what: 'auth/connect registers, with `Bearer null`, and answers token and user',
    async check() {
      const identifier = `reg-${randomUUID()}`;
      const { accessToken, user } = await connect(identifier, 'Reg Ister');
      shape.user(user);
      shape.fields(user.userImages, { fullImage: 'url', chatImage: 'url', smallImage: 'url' }, 'userImages');
      assert.deepEqual([user.identifier, user.fullName], [identifier, 'Reg Ister']);
      const [, payload] = accessToken.split('.');
      assert.equal(JSON.parse(Buffer.from(payload, 'base64url')).id, user._id, 'the token is a JWT that holds the id');
    },
  },
  {
    row: 1, what: 'auth/connect again is the same user; a second device has its own token',
    async check() {
      const one = await Person.meet('Twice', { socket: false });
      const { accessToken, user } = await connect(one.identifier, one.name);
      assert.equal(user._id, one.id);
      assert.notEqual(accessToken, one.token);
      await new Rest(accessToken).get('channel/');
      await one.rest.get('channel/');
    },
  },
  {
    row: 1, what: 'auth/connect takes a picture as `file`, a push key, and goes without a name',
    async check() {
      const { user } = await connect(`pic-${randomUUID()}`, 'Pic Ture', { file: png, pushKey: 'push' });
      assert.ok((await download(user.userImages.fullImage, 'fullImage')).length > 0);
      await connect(`nameless-${randomUUID()}`, null);
    },
  },
  {
    row: 1, what: 'auth/connect: a wrong password or no identifier is refused',
    async check() {
      const identifier = `wrong-${randomUUID()}`;
      await nobody.refused([400, 403], 'POST', 'auth/connect', connectParts(identifier, { password: password('somebody else') }));
      await nobody.refused([400, 403], 'POST', 'auth/connect', connectParts(identifier, { password: null }));
      await nobody.refused(400, 'POST', 'auth/connect', connectParts(null));
    },
  },
  {
    row: 2, what: 'auth/logout ends this device (450) and no other',
    async check() {
      const one = await Person.meet('Leaver', { socket: false });
      const other = await connect(one.identifier, one.name);
      await one.rest.post('auth/logout');
      await one.rest.refused(450, 'GET', 'channel/');
      await new Rest(other.accessToken).get('channel/');
    },
  },
  {
    row: 3, what: 'profile/image answers three addresses, and others see them',
    async check() {
      const [one, other] = await Person.all('Imaged', 'Viewer');
      const images = shape.images(await one.rest.patch('profile/image', form({ file: png })));
      for (const [name, address] of Object.entries(images)) assert.ok((await download(address, name)).length > 0);
      const [found] = await find(other, one.name);
      assert.deepEqual(found.userImages, images);
    },
  },
  {
    row: 4, what: 'profile/lang',
    check: async () => (await Person.meet('Lingual', { socket: false })).rest.patch('profile/lang', { lang: 'en' }),
  },
  {
    row: 5, what: 'profile/name changes the name that others see',
    async check() {
      const [one, other] = await Person.all('Before', 'Viewer');
      const renamed = `${one.name} renamed`;
      await one.rest.patch('profile/name', { fullName: renamed });
      assert.deepEqual((await find(other, renamed)).map(({ _id, fullName }) => [_id, fullName]), [[one.id, renamed]]);
    },
  },
  {
    row: 6, what: 'profile/push is taken',
    check: async () => (await Person.meet('Pushed', { socket: false })).rest.post('profile/push', { pushKey: 'key' }),
  },
  {
    row: 7, what: 'profile/push is given up',
    check: async () => (await Person.meet('Unpushed', { socket: false })).rest.delete('profile/push'),
  },
  {
    row: 8, what: 'last-seen is always a time, and moves when a socket ends',
    async check() {
      const [one, other] = await Person.all('Seen', 'Watcher');
      const path = `profile/users/${one.identifier}/last-seen`;
      const seen = async () => {
        const at = await other.rest.get(path);
        shape.fields({ at }, { at: 'iso' }, 'last-seen');
        return Date.parse(at);
      };
      await seen();
      const before = Date.now();
      one.listener.close();
      await soon('a last-seen after the end of the socket', async () => (await seen()) >= before);
      await other.rest.refused([400, 404], 'GET', `profile/users/${randomUUID()}/last-seen`);
    },
  },
  {
    row: 9, what: 'profile/users: pages of users without me, found by name',
    async check() {
      const [one, ...others] = await Person.all('Searcher', 'Foundling', 'Foundling', 'Foundling');
      assert.deepEqual(await find(one, one.name), []);
      assert.deepEqual((await find(one, others[0].name)).map(({ _id }) => _id), [others[0].id]);
      assert.deepEqual((await find(one, others[0].name.toUpperCase())).map(({ _id }) => _id), [others[0].id]);
      const pages = [];
      for (const number of [1, 2]) {
        const page = shape.page(await one.rest.get(`profile/users?limit=2&page=${number}&fullName=Foundling`), shape.user);
        assert.deepEqual([page.page, page.limit], [number, 2]);
        pages.push(...page.docs.map(({ _id }) => _id));
      }
      assert.equal(new Set(pages).size, pages.length, 'nobody is on two pages');
      assert.ok(pages.length >= 3);
      assert.ok(!pages.includes(one.id));
      assert.deepEqual((await one.rest.get('profile/users?limit=2&page=4000')).docs, []);
      const all = await one.rest.get('profile/users?limit=500');
      assert.ok(all.limit <= 49 && all.page === 1, `limit ${all.limit}, page ${all.page}`);
      assert.equal((await one.rest.get('profile/users')).limit, 30);
    },
  },
  {
    row: 9, what: 'profile/users leaves out whoever banned, either way',
    async check() {
      const [one, other] = await Person.all('Banning', 'Banned');
      assert.equal((await find(one, other.name)).length, 1);
      await one.rest.post(`user-ban/${other.identifier}/ban`);
      assert.deepEqual([await find(one, other.name), await find(other, one.name)], [[], []]);
    },
  },
  {
    row: 10, what: 'ban: both sides see it mirrored, neither may write, history stays',
    async check() {
      const { first, second, room } = await pair();
      assert.deepEqual([await bans(first, second), await bans(second, first)], [[false, false], [false, false]]);
      await first.rest.post(`user-ban/${second.identifier}/ban`);
      assert.deepEqual([await bans(first, second), await bans(second, first)], [[true, false], [false, true]]);
      await first.rest.refused(403, 'POST', `channel/${room}/message/`, form(textParts('x')));
      await second.rest.refused(403, 'POST', `channel/${room}/message/`, form(textParts('x')));
      await first.rest.refused(400, 'GET', `channel/${room}`);
      assert.deepEqual((await second.rest.history(room)).map(({ c }) => c), ['first']);
    },
  },
  {
    row: 10, what: 'v1OnBanUserChat: the same to both, from the side of who acted, and to nobody else',
    async check() {
      const { first, second, room } = await pair();
      const third = await Person.meet('Cat');
      await third.roomWith(first);
      await second.rest.post(`user-ban/${first.identifier}/ban`);
      for (const { listener } of [first, second]) {
        assert.deepEqual(shape.ban(await listener.next('v1OnBanUserChat')), { isMeBanner: true, isPeerBanner: false, roomId: room });
      }
      await third.listener.lacks('v1OnBanUserChat');
    },
  },
  {
    row: 11, what: 'un-ban opens the room again, but not while the other bans',
    async check() {
      const { first, second, room } = await pair();
      await first.rest.post(`user-ban/${second.identifier}/ban`);
      await second.rest.post(`user-ban/${first.identifier}/ban`);
      assert.deepEqual([await bans(first, second), await bans(second, first)], [[true, true], [true, true]]);
      await first.rest.post(`user-ban/${second.identifier}/un-ban`);
      assert.deepEqual([await bans(first, second), await bans(second, first)], [[false, true], [true, false]]);
      await first.rest.refused(403, 'POST', `channel/${room}/message/`, form(textParts('x')));
      for (const { listener } of [first, second]) {
        const { isMeBanner, isPeerBanner } = await listener.next('v1OnBanUserChat', (it) => !it.isMeBanner);
        assert.deepEqual([isMeBanner, isPeerBanner], [false, true]);
      }
      await second.rest.post(`user-ban/${first.identifier}/un-ban`);
      for (const { listener } of [first, second]) {
        await listener.next('v1OnBanUserChat', (it) => !it.isMeBanner && !it.isPeerBanner);
      }
      await first.send(room, 'again');
      await second.listener.message(room, ({ c }) => c === 'again');
    },
  },
  {
    row: 12, what: 'the ban status names the room when there is one; an unknown person is refused',
    async check() {
      const { first, second, room } = await pair();
      assert.equal((await first.rest.get(`user-ban/${second.identifier}/ban`)).roomId, room);
      const stranger = await Person.meet('Stranger', { socket: false });
      shape.ban(await first.rest.get(`user-ban/${stranger.identifier}/ban`));
      await first.rest.refused([400, 404], 'GET', `user-ban/${randomUUID()}/ban`);
      await first.rest.refused([400, 404], 'POST', `user-ban/${randomUUID()}/ban`);
    },
  },
];
