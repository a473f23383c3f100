// Copied JavaScript with texts that must not become code, for `copied.test.mjs`. Written by
// `UPDATE_DOCS=1 cargo test --test meta copied`.
export const cases = [
{
text: String.fromCodePoint(...[8232, 103, 108, 111, 98, 97, 108, 84, 104, 105, 115, 46, 104, 97, 99, 107, 101, 100, 32, 61, 32, 116, 114, 117, 101, 59, 32, 47, 47]),
call: async (fetch, console) => {
const response = await fetch("https://chat.example/v1/x", {
  method: "POST",
  headers: {  },
  body: JSON.stringify({
    ["__proto__"]: 1,
    "text": "\u2028globalThis.hacked = true; //"
  }),
});
console.log(response.status, await response.text());
},
emit: (io) => {
const socket = io("https://chat.example", { transports: ['websocket'] });
socket.emit("event", {
  ["__proto__"]: 1,
  "text": "\u2028globalThis.hacked = true; //"
});
},
listen: (io) => {
const socket = io("https://chat.example", { transports: ['websocket'] });
socket.on("event", (...args) => console.log(args));
// {
//   ["__proto__"]: 1,
//   "text": "\u2028globalThis.hacked = true; //"
// }
},
},
{
text: String.fromCodePoint(...[8233, 103, 108, 111, 98, 97, 108, 84, 104, 105, 115, 46, 104, 97, 99, 107, 101, 100, 32, 61, 32, 116, 114, 117, 101, 59, 32, 47, 47, 133, 103, 108, 111, 98, 97, 108, 84, 104, 105, 115, 46, 104, 97, 99, 107, 101, 100, 32, 61, 32, 116, 114, 117, 101, 59, 32, 47, 47]),
call: async (fetch, console) => {
const response = await fetch("https://chat.example/v1/x", {
  method: "POST",
  headers: {  },
  body: JSON.stringify({
    ["__proto__"]: 1,
    "text": "\u2029globalThis.hacked = true; //\u0085globalThis.hacked = true; //"
  }),
});
console.log(response.status, await response.text());
},
emit: (io) => {
const socket = io("https://chat.example", { transports: ['websocket'] });
socket.emit("event", {
  ["__proto__"]: 1,
  "text": "\u2029globalThis.hacked = true; //\u0085globalThis.hacked = true; //"
});
},
listen: (io) => {
const socket = io("https://chat.example", { transports: ['websocket'] });
socket.on("event", (...args) => console.log(args));
// {
//   ["__proto__"]: 1,
//   "text": "\u2029globalThis.hacked = true; //\u0085globalThis.hacked = true; //"
// }
},
},
{
text: String.fromCodePoint(...[34, 125, 41, 59, 32, 103, 108, 111, 98, 97, 108, 84, 104, 105, 115, 46, 104, 97, 99, 107, 101, 100, 32, 61, 32, 116, 114, 117, 101, 59, 32, 40, 123, 34, 97, 34, 58, 32, 34]),
call: async (fetch, console) => {
const response = await fetch("https://chat.example/v1/x", {
  method: "POST",
  headers: {  },
  body: JSON.stringify({
    ["__proto__"]: 1,
    "text": "\"}); globalThis.hacked = true; ({\"a\": \""
  }),
});
console.log(response.status, await response.text());
},
emit: (io) => {
const socket = io("https://chat.example", { transports: ['websocket'] });
socket.emit("event", {
  ["__proto__"]: 1,
  "text": "\"}); globalThis.hacked = true; ({\"a\": \""
});
},
listen: (io) => {
const socket = io("https://chat.example", { transports: ['websocket'] });
socket.on("event", (...args) => console.log(args));
// {
//   ["__proto__"]: 1,
//   "text": "\"}); globalThis.hacked = true; ({\"a\": \""
// }
},
},
{
text: String.fromCodePoint(...[36, 123, 103, 108, 111, 98, 97, 108, 84, 104, 105, 115, 46, 104, 97, 99, 107, 101, 100, 32, 61, 32, 116, 114, 117, 101, 125, 32, 36, 110, 97, 109, 101, 32, 96, 36, 123, 103, 108, 111, 98, 97, 108, 84, 104, 105, 115, 46, 104, 97, 99, 107, 101, 100, 32, 61, 32, 116, 114, 117, 101, 125, 96]),
call: async (fetch, console) => {
const response = await fetch("https://chat.example/v1/x", {
  method: "POST",
  headers: {  },
  body: JSON.stringify({
    ["__proto__"]: 1,
    "text": "${globalThis.hacked = true} $name `${globalThis.hacked = true}`"
  }),
});
console.log(response.status, await response.text());
},
emit: (io) => {
const socket = io("https://chat.example", { transports: ['websocket'] });
socket.emit("event", {
  ["__proto__"]: 1,
  "text": "${globalThis.hacked = true} $name `${globalThis.hacked = true}`"
});
},
listen: (io) => {
const socket = io("https://chat.example", { transports: ['websocket'] });
socket.on("event", (...args) => console.log(args));
// {
//   ["__proto__"]: 1,
//   "text": "${globalThis.hacked = true} $name `${globalThis.hacked = true}`"
// }
},
},
{
text: String.fromCodePoint(...[92, 34, 32, 43, 32, 40, 103, 108, 111, 98, 97, 108, 84, 104, 105, 115, 46, 104, 97, 99, 107, 101, 100, 32, 61, 32, 116, 114, 117, 101, 41, 32, 43, 32, 34, 92]),
call: async (fetch, console) => {
const response = await fetch("https://chat.example/v1/x", {
  method: "POST",
  headers: {  },
  body: JSON.stringify({
    ["__proto__"]: 1,
    "text": "\\\" + (globalThis.hacked = true) + \"\\"
  }),
});
console.log(response.status, await response.text());
},
emit: (io) => {
const socket = io("https://chat.example", { transports: ['websocket'] });
socket.emit("event", {
  ["__proto__"]: 1,
  "text": "\\\" + (globalThis.hacked = true) + \"\\"
});
},
listen: (io) => {
const socket = io("https://chat.example", { transports: ['websocket'] });
socket.on("event", (...args) => console.log(args));
// {
//   ["__proto__"]: 1,
//   "text": "\\\" + (globalThis.hacked = true) + \"\\"
// }
},
},
{
text: String.fromCodePoint(...[42, 47, 32, 103, 108, 111, 98, 97, 108, 84, 104, 105, 115, 46, 104, 97, 99, 107, 101, 100, 32, 61, 32, 116, 114, 117, 101, 59, 32, 47, 42, 13, 10, 103, 108, 111, 98, 97, 108, 84, 104, 105, 115, 46, 104, 97, 99, 107, 101, 100, 32, 61, 32, 116, 114, 117, 101]),
call: async (fetch, console) => {
const response = await fetch("https://chat.example/v1/x", {
  method: "POST",
  headers: {  },
  body: JSON.stringify({
    ["__proto__"]: 1,
    "text": "*/ globalThis.hacked = true; /*\r\nglobalThis.hacked = true"
  }),
});
console.log(response.status, await response.text());
},
emit: (io) => {
const socket = io("https://chat.example", { transports: ['websocket'] });
socket.emit("event", {
  ["__proto__"]: 1,
  "text": "*/ globalThis.hacked = true; /*\r\nglobalThis.hacked = true"
});
},
listen: (io) => {
const socket = io("https://chat.example", { transports: ['websocket'] });
socket.on("event", (...args) => console.log(args));
// {
//   ["__proto__"]: 1,
//   "text": "*/ globalThis.hacked = true; /*\r\nglobalThis.hacked = true"
// }
},
},
{
text: String.fromCodePoint(...[8238, 101, 117, 114, 116, 32, 61, 32, 100, 101, 107, 99, 97, 104, 8236, 32, 8203, 65279, 0, 127, 27, 91, 51, 49, 109]),
call: async (fetch, console) => {
const response = await fetch("https://chat.example/v1/x", {
  method: "POST",
  headers: {  },
  body: JSON.stringify({
    ["__proto__"]: 1,
    "text": "\u202eeurt = dekcah\u202c \u200b\ufeff\u0000\u007f\u001b[31m"
  }),
});
console.log(response.status, await response.text());
},
emit: (io) => {
const socket = io("https://chat.example", { transports: ['websocket'] });
socket.emit("event", {
  ["__proto__"]: 1,
  "text": "\u202eeurt = dekcah\u202c \u200b\ufeff\u0000\u007f\u001b[31m"
});
},
listen: (io) => {
const socket = io("https://chat.example", { transports: ['websocket'] });
socket.on("event", (...args) => console.log(args));
// {
//   ["__proto__"]: 1,
//   "text": "\u202eeurt = dekcah\u202c \u200b\ufeff\u0000\u007f\u001b[31m"
// }
},
},
{
text: String.fromCodePoint(...[26481, 20140, 32, 127881, 32, 128105, 8205, 128103, 32, 101, 769, 32, 1513, 1500, 1493, 1501, 32, 126, 32, 9, 46]),
call: async (fetch, console) => {
const response = await fetch("https://chat.example/v1/x", {
  method: "POST",
  headers: {  },
  body: JSON.stringify({
    ["__proto__"]: 1,
    "text": "東京 🎉 👩\u200d👧 e\u0301 \u05e9\u05dc\u05d5\u05dd ~ \t."
  }),
});
console.log(response.status, await response.text());
},
emit: (io) => {
const socket = io("https://chat.example", { transports: ['websocket'] });
socket.emit("event", {
  ["__proto__"]: 1,
  "text": "東京 🎉 👩\u200d👧 e\u0301 \u05e9\u05dc\u05d5\u05dd ~ \t."
});
},
listen: (io) => {
const socket = io("https://chat.example", { transports: ['websocket'] });
socket.on("event", (...args) => console.log(args));
// {
//   ["__proto__"]: 1,
//   "text": "東京 🎉 👩\u200d👧 e\u0301 \u05e9\u05dc\u05d5\u05dd ~ \t."
// }
},
},
];
