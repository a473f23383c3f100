// Section 2.3: messages of every type, history, stars and deletion.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';

import { pair, Person, png } from '../people.mjs';
import { download, form, textParts } from '../http.mjs';
import * as shape from '../shapes.mjs';

const file = (name, type, text) => ({ name, type, bytes: Buffer.from(text) });
const media = (messageType, content, more) => textParts(content, { messageType, ...more });

// What the SDK puts into `attachment` of a recording or film: the file map of the sender's own disk.
const local = (name, mimeType, more) =>
  JSON.stringify({
    name, url: null, filePath: `/local/${name}`, assetsPath: null, bytes: null, mimeType, fileSize: 9, fileHash: 'ab', ...more,
  });

const place = (preview) => JSON.stringify({ lat: '30.04', long: '31.23', linkPreviewData: preview });

/** Sends and asserts that both in the room hear the very message that the sender was answered. */
async function told({ first, second, room }, parts) {
  const sent = shape.message(await first.send(room, parts));
  const localId = Array.isArray(parts) ? Object.fromEntries(parts).localId : parts.localId;
  assert.equal(sent.lId, localId);
  for (const { listener } of [first, second]) {
    const heard = shape.message(await listener.message(room, ({ lId }) => lId === localId));
    assert.deepEqual(
      [heard._id, heard.c, heard.mT, heard.msgAtt ?? null], [sent._id, sent.c, sent.mT, sent.msgAtt ?? null], 'event and answer are one message',
    );
  }
  return sent;
}

const refused = (person, room, parts, status = 400) => person.rest.refused(status, 'POST', `channel/${room}/message/`, form(parts));

export default [
  {
    row: 27, what: 'a text: the fields of the sender, the answer and the event to both are one message',
    async check() {
      const pairing = await pair();
      const { first, second, room } = pairing;
      const outsider = await Person.meet('Outsider');
      const sent = await told(pairing, textParts('Tee? ☕ «да» \u{1F375}'));
      assert.deepEqual(
        [sent.c, sent.mT, sent.sId, sent.sIdentifier, sent.sName, sent.rId, sent.plm, sent.isEncrypted],
        ['Tee? ☕ «да» \u{1F375}', 'text', first.id, first.identifier, first.name, room, 'linux', false],
      );
      for (const key of ['rTo', 'sAt', 'dAt', 'forId', 'dltAt', 'pBId']) assert.equal(sent[key] ?? null, null, key);
      assert.deepEqual((await second.rest.history(room)).map(({ _id }) => _id)[0], sent._id);
      await outsider.listener.lacks('v1OnNewMessage');
    },
  },
  {
    row: 27, what: 'ids grow with every message, and the path goes without its trailing slash',
    async check() {
      const { first, room } = await pair();
      const sent = [];
      for (const text of ['a', 'b', 'c', 'd']) sent.push((await first.rest.post(`channel/${room}/message`, form(textParts(text))))._id);
      assert.deepEqual([...sent].sort(), sent);
    },
  },
  {
    row: 27, what: 'the same localId again: 403, one message, also from another person or into another room',
    async check() {
      const { first, second, room } = await pair();
      const parts = textParts('only once');
      await first.send(room, parts);
      assert.match(await refused(first, room, parts, 403), /already in database/i);
      await refused(second, room, parts, 403);
      const other = await first.group('Another', second);
      await refused(first, other, parts, 403);
      assert.equal((await first.rest.history(room)).filter(({ c }) => c === 'only once').length, 1);
    },
  },
  {
    row: 27, what: 'the same localId five times at once: one 201, four 403, one event to each',
    async check() {
      const { first, second, room } = await pair();
      const parts = textParts('at once');
      const path = `channel/${room}/message/`;
      const answers = await Promise.all(Array.from({ length: 5 }, () => first.rest.call('POST', path, form(parts))));
      assert.deepEqual(answers.map(({ status }) => status).sort(), [201, 403, 403, 403, 403]);
      for (const { listener } of [first, second]) {
        await listener.message(room, ({ lId }) => lId === parts.localId);
        await listener.lacks('v1OnNewMessage', ({ lId }) => lId === parts.localId);
      }
    },
  },
  {
    row: 27, what: 'wrong fields are refused with 400, and nothing is sent',
    async check() {
      const { first, second, room } = await pair();
      for (const wrong of [
        { content: '' }, { content: null }, { localId: 'no-uuid' }, { localId: null }, { messageType: 'poem' }, { messageType: null },
        { isEncrypted: 'perhaps' },
      ]) await refused(first, room, textParts('x', wrong));
      assert.equal((await first.rest.history(room)).length, 1);
      await second.listener.message(room);
      await second.listener.lacks('v1OnNewMessage');
    },
  },
  {
    row: 27, what: 'media without a file, and attachments that are missing or no JSON: 400',
    async check() {
      const { first, room } = await pair();
      for (const type of ['image', 'file', 'video', 'voice']) {
        const attachment = local('x', 'x/y', { duration: 1 });
        await refused(first, room, media(type, 'x', { attachment }));
      }
      const voice = file('v.m4a', 'audio/mp4', 'voice');
      await refused(first, room, media('voice', '🎤 00:01', { file: voice, attachment: '{oh' }));
      await refused(first, room, media('voice', '🎤 00:01', { file: voice, attachment: local('v', 'audio/mp4', {}) }));
      await refused(first, room, media('location', '📍'));
      await refused(first, room, media('location', '📍', { attachment: JSON.stringify({ long: '1' }) }));
      await refused(first, room, media('custom', 'x'));
    },
  },
  {
    row: 27, what: 'who is not in the room may not send: 403',
    async check() {
      const { room } = await pair();
      const outsider = await Person.meet('Outsider', { socket: false });
      await refused(outsider, room, textParts('let me in'), 403);
    },
  },
  {
    row: 27, what: 'image: the server measures it',
    async check() {
      const pairing = await pair();
      const { msgAtt } = await told(pairing, media('image', '📷', { file: png }));
      assert.deepEqual([msgAtt.width, msgAtt.height, msgAtt.name, msgAtt.fileSize ?? png.bytes.length], [3, 2, 'tea.png', png.bytes.length]);
      assert.deepEqual(await download(msgAtt.url, 'image'), png.bytes);
    },
  },
  {
    row: 27, what: 'file',
    async check() {
      const sent = await told(await pair(), media('file', '📁', { file: file('Über tea.txt', 'text/plain', 'Darjeeling') }));
      assert.equal(sent.msgAtt.name, 'Über tea.txt');
      assert.equal((await download(sent.msgAtt.url, 'file')).toString(), 'Darjeeling');
    },
  },
  {
    row: 27, what: 'video: two parts named file, the second is the thumbnail',
    async check() {
      const thumb = { name: 'thumb.png', url: null, mimeType: 'image/png', fileSize: 73, width: 3, height: 2 };
      const parts = media('video', '🎥', { attachment: local('film.mp4', 'video/mp4', { duration: 1500, thumbImage: thumb }) });
      const film = file('film.mp4', 'video/mp4', 'nearly a film');
      const { msgAtt } = await told(await pair(), [...Object.entries(parts), ['file', film], ['file', { ...png, name: 'thumb.png' }]]);
      assert.equal(msgAtt.duration, 1500);
      assert.equal((await download(msgAtt.url, 'film')).toString(), 'nearly a film');
      assert.deepEqual(await download(msgAtt.thumbImage.url, 'thumbnail'), png.bytes);
      const bare = media('video', '🎥', { attachment: local('film.mp4', 'video/mp4', { duration: null, thumbImage: null }), file: film });
      assert.equal((await told(await pair(), bare)).msgAtt.thumbImage ?? null, null);
    },
  },
  {
    row: 27, what: 'voice',
    async check() {
      const recording = file('v.m4a', 'audio/mp4', 'hm');
      const parts = media('voice', '🎤 00:02', { file: recording, attachment: local('v.m4a', 'audio/mp4', { duration: 2100 }) });
      const { msgAtt } = await told(await pair(), parts);
      assert.equal(msgAtt.duration, 2100);
      assert.equal((await download(msgAtt.url, 'recording')).toString(), 'hm');
      assert.ok(!JSON.stringify(msgAtt).includes('/local/'), 'the path on the sender\'s disk is told to nobody');
    },
  },
  {
    row: 27, what: 'location: `desc` (SDK) and `description` (sibling) are both read, `desc` is stored',
    async check() {
      for (const key of ['desc', 'description']) {
        const attachment = place({ image: null, title: 'Tea house', [key]: 'by the river', link: 'https://example.com/' });
        const { msgAtt } = await told(await pair(), media('location', '📍', { attachment }));
        assert.deepEqual([msgAtt.lat, msgAtt.long, msgAtt.linkPreviewData.title], ['30.04', '31.23', 'Tea house']);
        assert.equal(msgAtt.linkPreviewData.desc, 'by the river', key);
      }
    },
  },
  {
    row: 27, what: 'custom: whatever data',
    async check() {
      const attachment = JSON.stringify({ data: { cups: 2, sorts: ['green'] } });
      const { msgAtt } = await told(await pair(), media('custom', 'an order', { attachment }));
      assert.deepEqual(msgAtt.data, { cups: 2, sorts: ['green'] });
    },
  },
  {
    row: 27, what: 'reply: the message is embedded whole; a target that is not there: 403',
    async check() {
      const pairing = await pair();
      const { first, room, message } = pairing;
      const sent = await told(pairing, textParts('to that', { replyToLocalId: message.lId }));
      assert.deepEqual([sent.rTo._id, sent.rTo.lId, sent.rTo.c], [message._id, message.lId, 'first']);
      const further = await told(pairing, textParts('to that in turn', { replyToLocalId: sent.lId }));
      assert.deepEqual([further.rTo.c, further.rTo.rTo.c], ['to that', 'first']);
      await refused(first, room, textParts('x', { replyToLocalId: randomUUID() }), 403);
    },
  },
  {
    row: 27, what: 'forward: content, type and attachment of the source, no reply, forId; without a source 403',
    async check() {
      const pairing = await pair();
      const { first, second, room, message } = pairing;
      const image = await first.send(room, media('image', '📷', { file: png }));
      const group = await first.group('Forward', second);
      const parts = media('image', 'ignored', { forwardLocalId: image.lId, replyToLocalId: message.lId });
      const sent = await told({ first, second, room: group }, parts);
      assert.deepEqual([sent.c, sent.mT, sent.msgAtt, sent.forId, sent.rTo ?? null], ['📷', 'image', image.msgAtt, image.lId, null]);
      await refused(first, room, textParts('x', { forwardLocalId: randomUUID() }), 403);
    },
  },
  {
    row: 28, what: 'history: newest first, pages by lastId until an empty one, both slashes',
    async check() {
      const { first, second, room } = await pair();
      for (let number = 0; number < 34; number += 1) await first.send(room, `${number}`);
      const newest = shape.docs(await second.rest.get(`channel/${room}/message/?limit=30&filter=all`), shape.message);
      assert.deepEqual(newest.map(({ c }) => c), Array.from({ length: 30 }, (_, n) => `${33 - n}`));
      assert.deepEqual(await second.rest.get(`channel/${room}/message?limit=30&filter=all`), { docs: newest });
      const older = await second.rest.history(room, `limit=30&lastId=${newest.at(-1)._id}&filter=all`);
      assert.deepEqual(older.map(({ c }) => c), ['3', '2', '1', '0', 'first']);
      assert.deepEqual(await second.rest.history(room, `limit=30&lastId=${older.at(-1)._id}&filter=all`), []);
      assert.equal((await second.rest.history(room, 'limit=4')).length, 4);
      assert.equal((await second.rest.history(room, 'limit=100')).length, 30);
      assert.ok((await second.rest.history(room, 'limit=-5')).length >= 1);
    },
  },
  {
    row: 28, what: 'history: filters by kind',
    async check() {
      const { first, room } = await pair();
      const voice = media('voice', '🎤 00:01', { file: file('v.m4a', 'audio/mp4', 'hm'), attachment: local('v', 'audio/mp4', { duration: 9 }) });
      const doc = media('file', '📁', { file: file('a.txt', 'text/plain', 'a') });
      for (const parts of [media('image', '📷', { file: png }), doc, voice]) await first.send(room, parts);
      for (const [filter, types] of [['media', ['image']], ['file', ['file']], ['voice', ['voice']], ['links', []]]) {
        const found = await first.rest.history(room, `limit=30&filter=${filter}`);
        assert.deepEqual(found.map(({ mT }) => mT), types, filter);
      }
      assert.equal((await first.rest.history(room)).length, 4);
    },
  },
  {
    row: 28, what: 'history of a room that I am not in is empty, with 200',
    async check() {
      const { room } = await pair();
      const outsider = await Person.meet('Outsider', { socket: false });
      assert.deepEqual(await outsider.rest.history(room), []);
    },
  },
  {
    row: 29, what: 'the stars of one room',
    async check() {
      const { first, second, room, message } = await pair();
      const group = await first.group('Elsewhere', second);
      const other = await first.send(group, 'not in this room');
      for (const { rId, _id } of [other, message]) await first.rest.post(`channel/${rId}/message/${_id}/star`);
      const stars = shape.docs(await first.rest.get(`channel/${room}/message/stars`), shape.message);
      assert.deepEqual(stars.map(({ _id }) => _id), [message._id]);
    },
  },
  {
    row: 30, what: 'star and un-star are mine alone',
    async check() {
      const { first, second, room, message } = await pair();
      const stared = async (person) => (await person.rest.history(room))[0].isStared ?? false;
      await first.rest.post(`channel/${room}/message/${message._id}/star`);
      assert.deepEqual([await stared(first), await stared(second)], [true, false]);
      await first.rest.post(`channel/${room}/message/${message._id}/un-star`);
      assert.equal(await stared(first), false);
      assert.deepEqual((await first.rest.get(`channel/${room}/message/stars`)).docs, []);
    },
  },
  {
    row: 31, what: 'one-seen of a message that is none: 400',
    async check() {
      const { second, room, message } = await pair();
      await second.rest.refused(400, 'PATCH', `channel/${room}/message/${message._id}/one-seen`);
    },
  },
  {
    row: 32, what: 'delete/me: gone for me alone, the preview falls back, nobody is told',
    async check() {
      const { first, second, room } = await pair();
      const { _id } = await first.send(room, 'second');
      await second.rest.delete(`channel/${room}/message/${_id}/delete/me`);
      assert.deepEqual((await second.rest.history(room)).map(({ c }) => c), ['first']);
      assert.equal((await second.rest.listed(room)).lastMessage.c, 'first');
      assert.deepEqual((await first.rest.history(room)).map(({ c }) => c), ['second', 'first']);
      for (const { listener } of [first, second]) await listener.lacks('v1OnDeleteMessageFromAll');
    },
  },
  {
    row: 32, what: 'delete/me of the last visible message takes the room off my list',
    async check() {
      const { first, second, room, message } = await pair();
      await second.rest.delete(`channel/${room}/message/${message._id}/delete/me`);
      assert.equal(await second.rest.listed(room), undefined);
      assert.equal((await second.rest.listed(room, '&deletedOnly=true')).isD, true);
      assert.ok(await first.rest.listed(room));
    },
  },
  {
    row: 33, what: 'delete/all: the whole message with dltAt to the room, content kept',
    async check() {
      const { first, second, room, message } = await pair();
      const outsider = await Person.meet('Outsider');
      await first.rest.delete(`channel/${room}/message/${message._id}/delete/all`);
      for (const { listener } of [first, second]) {
        const heard = shape.message(await listener.next('v1OnDeleteMessageFromAll'));
        shape.fields(heard, { dltAt: 'iso' }, 'message');
        assert.deepEqual([heard._id, heard.lId, heard.c], [message._id, message.lId, 'first']);
      }
      const [shown] = await second.rest.history(room);
      shape.fields(shown, { dltAt: 'iso' }, 'message');
      assert.equal(shown.c, 'first');
      shape.fields((await second.rest.listed(room)).lastMessage, { dltAt: 'iso' }, 'lastMessage');
      await outsider.listener.lacks('v1OnDeleteMessageFromAll');
    },
  },
  {
    row: 33, what: 'delete/all is for the sender alone: 403',
    async check() {
      const { first, second, room, message } = await pair();
      await second.rest.refused(403, 'DELETE', `channel/${room}/message/${message._id}/delete/all`);
      await first.listener.lacks('v1OnDeleteMessageFromAll');
      assert.equal((await first.rest.history(room))[0].dltAt ?? null, null);
    },
  },
];
