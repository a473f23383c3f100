// Faults that a test injects into the next calls of a server: they wait, fail, or get another answer.
export class Faults {
  // `[call, what]`.
  #faults = [];
  // Waiting calls: `[call, phase, promise]`.
  #held = [];
  #note;

  /** `note` adds an entry to the server's log. */
  constructor(note) {
    this.#note = note;
  }

  /**
   * Makes the next such call fail: with a status (400, 403, 500…), with 'drop' before it is carried out, 'lose' after it
   * is carried out but before the answer, 'swallow' like 'lose' but without events, or 'html' as a proxy does. Or it gets
   * `{ status, headers, page }` as a proxy's answer; or the result of a function that is called with the usual answer.
   */
  fail = (call, what) => this.#faults.push([call, what === 'html' ? { status: 502, page: '<html>Bad gateway</html>' } : what]);

  /**
   * Makes the next such call wait until the returned function is called: before it is read, so that an upload stays
   * unfinished; before it is carried out ('act'), which never happens if the client has gone by then; or before the
   * 'answer', so that events are sent first.
   */
  hold = (call, before = 'read') => {
    let release;
    this.#held.push([call, before, new Promise((resolve) => (release = resolve))]);
    return release;
  };

  /** Takes the fault for this call, if any. */
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

/** The body of a request; undefined if the client goes away before it is read. */
export async function bytesOf(request) {
  const bytes = [];
  try {
    for await (const chunk of request) bytes.push(chunk);
  } catch {
    return undefined;
  }
  return Buffer.concat(bytes);
}
