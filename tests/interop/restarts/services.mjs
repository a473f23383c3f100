// Alice in a chat with Bob, on a server of either kind on the real socket.io. Names that differ between the two services
// have one name here.
import { KEY, Peer } from '../peer/server.mjs';
import { Client } from '../vchat/client.mjs';
import { VChat } from '../vchat/server.mjs';

const alice = { identifier: 'alice', fullName: 'Alice' };

class Side {
  // Calls that sent this text.
  attempts = (text) => this.server.log.filter((entry) => entry.kind === 'rest' && entry.call === this.send && this.textOf(entry) === text);
  locals = (text) => [...new Set(this.attempts(text).map(this.localOf))];
  copies = (text) => this.texts().filter((each) => each === text).length;
  held = () => this.server.waitFor('a waiting call', ({ kind }) => kind === 'held');
  attempt = (text) => this.server.waitFor(`"${text}"`, (entry) => entry.kind === 'rest' && entry.call === this.send && this.textOf(entry) === text);

  async close() {
    await this.client.close();
    await this.server.crash();
  }
}

class MinChat extends Side {
  signIn = 'POST /v1/user';
  send = 'POST /v1/messages';
  page = 'GET /v1/messages';
  textOf = ({ body }) => body.text;
  localOf = ({ body }) => JSON.stringify(body.metadata);
  texts = () => this.server.chats[0].messages.map(({ text }) => text);
  deletion = (text) => `DELETE /v1/messages/${this.server.chats[0].messages.find((message) => message.text === text).id}`;

  async start(options) {
    this.server = await new Peer(options).start();
    this.server.chat('c-room', 'Bob Brown', ['alice', 'bob'], 'Hello Alice');
    this.client = new Client(this.server, alice, { backend: 'minchat', key: KEY });
    await this.client.showsMessage('Hello Alice');
    return this;
  }
}

class VChatSide extends Side {
  signIn = 'POST auth/connect';
  textOf = ({ parts }) => parts.content;
  localOf = ({ parts }) => parts.localId;
  texts = () => this.server.world.messages.map(({ c }) => c);
  deletion = (text) => `DELETE ${this.room}/message/${this.server.world.messages.find(({ c }) => c === text)._id}/delete/all`;

  async start() {
    this.server = await new VChat().start();
    const [me, bob] = [this.server.person(alice.identifier, alice.fullName), this.server.person('bob', 'Bob Brown')];
    const room = this.server.single(me, bob);
    this.room = `channel/${room.rId}`;
    this.send = `POST ${this.room}/message`;
    this.page = `GET ${this.room}/message`;
    this.server.message(room, bob, 'Hello Alice');
    this.client = new Client(this.server, alice);
    await this.client.showsMessage('Hello Alice');
    return this;
  }
}

export const minchat = (options) => new MinChat().start(options);
export const vchat = () => new VChatSide().start();
