// The client in a pseudo-terminal, driven through `examples/screen.rs`.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');
const target = process.env.CARGO_TARGET_DIR ?? join(root, 'target');

export class Screen {
  /** `options` are the program's. `{ env, files }` may precede them: variables, and files in the home folder. */
  constructor(...options) {
    const { env: variables, files = {} } = typeof options[0] === 'object' ? options.shift() : {};
    this.home = mkdtempSync(join(tmpdir(), 'peer-'));
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(this.home, path)), { recursive: true });
      writeFileSync(join(this.home, path), content);
    }
    this.program = [join(target, 'debug/minchat-tui'), ...options];
    this.env = { HOME: this.home, LANG: 'C.UTF-8', TZ: 'UTC', ...variables };
    this.#start();
  }

  #start() {
    const { env, program } = this;
    this.child = spawn(join(target, 'debug/examples/screen'), ['100', '30', ...program], { env, stdio: ['pipe', 'pipe', 'inherit'] });
    this.lines = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
  }

  async #do(...command) {
    this.child.stdin.write(`${JSON.stringify(command)}\n`);
    const { value: line, done } = await this.lines.next();
    assert.ok(!done, 'the terminal ended; is it built? cargo build --bins --example screen');
    const { ok, value, why } = JSON.parse(line);
    assert.ok(ok, why);
    return value;
  }

  send = (text) => this.#do('send', text);
  // Waits for a row that contains all parts.
  shows = (...parts) => this.#do('shows', ...parts);
  lacks = (text) => this.#do('lacks', text);
  // Answers a question with yes, as soon as it accepts that.
  confirms = async () => { await this.shows('y yes'); await this.send('y'); };
  screen = () => this.#do('screen');
  exit = () => this.#do('exit');

  async #end() {
    const ended = this.child.exitCode === null ? once(this.child, 'exit') : undefined;
    this.child.stdin.end();
    await ended;
  }

  /** `kill -9`. */
  async kill() {
    await this.#do('signal', 'KILL');
    assert.equal(await this.exit(), null);
  }

  /** Starts the program again with the same home folder. */
  async restart() {
    await this.#end();
    this.#start();
  }

  async close() {
    await this.#end();
    rmSync(this.home, { recursive: true, force: true });
  }
}
