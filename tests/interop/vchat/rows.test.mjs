// A V Chat server tested with independent code: `fetch` and the real `socket.io-client` against every row of the protocol
// notes. Each test covers one fact of one row, so that the report follows the notes.
import { test } from 'node:test';

import { closeAll } from './listener.mjs';
import broadcasts from './rows/broadcasts.mjs';
import calls from './rows/calls.mjs';
import groups from './rows/groups.mjs';
import messages from './rows/messages.mjs';
import people from './rows/people.mjs';
import rooms from './rows/rooms.mjs';
import socket from './rows/socket.mjs';

for (const { row, what, skip = false, timeout = 60_000, check } of [people, rooms, messages, groups, broadcasts, calls, socket].flat()) {
  test(`${row}  ${what}`, { skip, timeout }, async (context) => {
    try {
      await check(context);
    } finally {
      closeAll();
    }
  });
}
