// What a test does to the next calls that come to a server: they wait, fail, or are answered otherwise.
export class Faults {
  // `[call, what]`.
  #faults = [];
  // Calls that wait: `[call, before what, promise]`.
  #held = [];
  #note;

  /** `note` puts an entry into the server's log. */
  constructor(note) {
    this.#note = note;
  }

  /**
   * The next such call fails: with a status (400, 403, 500…), 'drop' before it is done, 'lose' after it is done but before
   * the answer, 'swallow' as 'lose' but the sockets are not told either, or 'html' as a proxy does. Or it meets
   * `{ status, headers, page }` as a proxy's answer; or, if that is a function, what it is told is what that makes of it.
   */
  fail = (call, what) => this.#faults.push([call, what === 'html' ? { status: 502, page: '<html>Bad gateway</html>' } : what]);

  /**
   * The next such call waits until the returned function is called: before it is read, so that what it uploads stays under
   * way; before it is carried out ('act'), which it never is when whoever asked is gone by then; or before the 'answer', so
   * that the sockets are told first.
   */
  hold = (call, before = 'read') => {
    let release;
    this.#held.push([call, before, new Promise((resolve) => (release = resolve))]);
    return release;
  };

  /** What this call is to meet. */
  take(call) {
    const index = this.#faults.findIndex(([failing]) => failing === call);
    return index < 0 ? undefined : this.#faults.splice(index, 1)[0][1];
  }

  async wait(call, what) {
    const index = this.#held.findIndex(([waiting, before]) => waiting === call && before === what);
    if (index < 0) return;
    this.#note({ kind: 'held', call });
    await this.#held.splice(index, 1)[0][2];
  }
}

/** All that is sent with a request; nothing if whoever asks is gone before that is read. */
export async function bytesOf(request) {
  const bytes = [];
  try {
    for await (const chunk of request) bytes.push(chunk);
  } catch {
    return undefined;
  }
  return Buffer.concat(bytes);
}
