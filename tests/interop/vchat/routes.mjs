// The table of REST routes and their common helpers. `rest.mjs` and `shared_rooms.mjs` fill the table.
import { Refusal } from './world.mjs';

export const wrong = (condition, text, status = 400) => {
  if (condition) throw new Refusal(status, text);
};

export const json = (text, what) => {
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal(400, `${what} must be a json string`);
  }
};

export const contains = (text, part) => text.toLowerCase().includes((part ?? '').toLowerCase());
export const nameOf = (query) => query.get('name') ?? query.get('fullName');

// `handler(server, { me, session, query, body, parts, files }, ...path)`; body is JSON, parts are texts of a form.
const routes = [];
export const on = (method, path, handler) => routes.push([method, new RegExp(`^${path.replaceAll(':', '([^/]+)')}/?$`), handler]);

export function route(method, path) {
  for (const [allowed, pattern, handler] of routes) {
    const found = allowed === method && pattern.exec(path);
    if (found) return (server, request) => handler(server, request, ...found.slice(1).map(decodeURIComponent));
  }
  return undefined;
}

/** A room and the row of one of its members, or a refusal. */
export const roomOf = ({ world }, id, me, status) => {
  const room = world.rooms.get(id);
  return [room, world.member(room, me, status)];
};

/** A file of a form as the server stores it; nothing if there is none. */
export const stored = ({ world }, file) => file && world.file(file.name, file.type, file.bytes);
