// The live channel's handshake and frames, as far as the wire goes; what is said on it is
// live.test.ts's.
import { once } from "node:events";
import { afterAll, beforeAll, expect, test } from "vitest";
import WebSocket from "ws";
import { RawClient, request } from "./raw.ts";
import { type Server, start } from "./server.ts";

const protocol = "cronotopo.live.1";
let server: Server;
beforeAll(async () => {
  server = await start();
});
afterAll(async () => {
  await server.stop();
});

function handshake(changes: Record<string, string | null> = {}): string[] {
  const headers: Record<string, string | null> = {
    Connection: "Upgrade",
    Upgrade: "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Protocol": protocol,
    Origin: server.url,
    ...changes,
  };
  return Object.entries(headers).flatMap(([name, value]) =>
    value === null ? [] : [`${name}: ${value}`],
  );
}

async function shake(changes: Record<string, string | null>, path = "/api/v1/live") {
  const client = await RawClient.open(server.port);
  client.send(request("GET", path, handshake(changes)));
  const answer = await client.answer(changes["expect"] === "101");
  return { client, answer };
}

test("a handshake with our origin and subprotocol is accepted, without extensions", async () => {
  const offer = { "Sec-WebSocket-Extensions": "permessage-deflate" };
  const { client, answer } = await shake(offer);
  expect(answer?.status).toBe(101);
  expect(answer?.headers["sec-websocket-accept"]).toBe("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
  expect(answer?.headers["sec-websocket-protocol"]).toBe(protocol);
  expect(answer?.headers["sec-websocket-extensions"]).toBeUndefined();
  client.close();
});

test("localhost is our origin too", async () => {
  const { client, answer } = await shake({ Origin: `http://localhost:${server.port}` });
  expect(answer?.status).toBe(101);
  client.close();
});

const refused: [string, number, Record<string, string | null>][] = [
  ["a foreign origin", 403, { Origin: "https://elsewhere.example" }],
  ["our origin with another port", 403, { Origin: "http://127.0.0.1:1" }],
  ["the origin null", 403, { Origin: "null" }],
  ["no origin", 403, { Origin: null }],
  ["version 8", 426, { "Sec-WebSocket-Version": "8" }],
  ["no version", 426, { "Sec-WebSocket-Version": null }],
  ["no subprotocol", 400, { "Sec-WebSocket-Protocol": null }],
  ["the raw parser as subprotocol", 400, { "Sec-WebSocket-Protocol": "dav" }],
  ["the page parser as subprotocol", 400, { "Sec-WebSocket-Protocol": "http" }],
  ["two subprotocols", 400, { "Sec-WebSocket-Protocol": `dav, ${protocol}` }],
  ["no key", 400, { "Sec-WebSocket-Key": null }],
  ["a short key", 400, { "Sec-WebSocket-Key": "abc" }],
  ["no host", 400, { Host: "" }],
  ["an upgrade to HTTP/2", 501, { Upgrade: "h2c" }],
];

test.each(refused)("%s is refused with %i", async (_, status, changes) => {
  const { client, answer } = await shake(changes);
  expect(answer?.status).toBe(status);
  await client.end();
  client.close();
});

test("a path that only begins like the live one is no live connection", async () => {
  const { client, answer } = await shake({}, "/api/v1/lively");
  expect(answer?.status).toBe(426);
  client.close();
});

test("a handshake in small pieces is accepted", async () => {
  const client = await RawClient.open(server.port);
  const text = request("GET", "/api/v1/live", handshake());
  for (const at of [3, 9, 16, 40]) {
    client.send(text.slice({ 3: 0, 9: 3, 16: 9, 40: 16 }[at], at));
    await (await fetch(server.url + "/healthz")).text();
  }
  client.send(text.slice(40));
  expect((await client.answer())?.status).toBe(101);
  client.close();
});

async function open(): Promise<WebSocket> {
  const socket = new WebSocket(server.url.replace("http", "ws") + "/api/v1/live", protocol, {
    origin: server.url,
  });
  await once(socket, "open");
  return socket;
}

async function closeCode(socket: WebSocket): Promise<number> {
  const [code] = (await once(socket, "close")) as [number];
  return code;
}

test("a binary message closes with 1003", async () => {
  const socket = await open();
  socket.send(Buffer.from([1, 2, 3]));
  expect(await closeCode(socket)).toBe(1003);
});

test("a message over 16 KB closes with 1009, in one frame or in many", async () => {
  const whole = await open();
  whole.send("x".repeat(20_000));
  expect(await closeCode(whole)).toBe(1009);
  const pieces = await open();
  for (let i = 0; i < 17; i++) pieces.send("x".repeat(1000), { fin: i === 16 });
  expect(await closeCode(pieces)).toBe(1009);
});

test("text that is no UTF-8 closes with 1007", async () => {
  const socket = await open();
  socket.send(Buffer.from([0xc3, 0x28]), { binary: false });
  expect(await closeCode(socket)).toBe(1007);
});

test("a ping is answered", async () => {
  const socket = await open();
  socket.ping("tempo");
  const [data] = (await once(socket, "pong")) as [Buffer];
  expect(data.toString()).toBe("tempo");
  socket.close(1000);
  expect(await closeCode(socket)).toBe(1000);
});

test("a stopping server closes live connections with 1001 and ends with 0", async () => {
  const other = await start();
  const socket = new WebSocket(other.url.replace("http", "ws") + "/api/v1/live", protocol, {
    origin: other.url,
  });
  await once(socket, "open");
  const closed = closeCode(socket);
  expect(await other.stop()).toBe(0);
  expect(await closed).toBe(1001);
});
