// A V Chat server, judged by code that is not ours: `fetch` and the real `socket.io-client` against every row of the
// protocol note. One test for one thing of one row, so that the report reads as the note does.
import { test } from 'node:test';

import { closeAll } from './ear.mjs';
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
