// Slow and silent clients, one second of patience each.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { RawClient, request } from "./raw.ts";
import { scratch, type Server, start } from "./server.ts";

const dir = scratch();
let server: Server;
beforeAll(async () => {
  mkdirSync(dir, { recursive: true });
  const file = join(dir, "c.ini");
  writeFileSync(file, "[server]\nhead-seconds=1\nbody-seconds=1\n");
  server = await start({ dir, args: ["--config", file] });
});
afterAll(async () => {
  expect(await server.stop()).toBe(0);
  rmSync(dir, { recursive: true, force: true });
});

/** Sends `start`, then a byte now and then for as long as the connection lives. */
async function drip(begin: string, byte: string): Promise<number> {
  const client = await RawClient.open(server.port);
  const began = Date.now();
  client.send(begin);
  const timer = setInterval(() => client.send(byte), 50);
  await client.end();
  clearInterval(timer);
  client.close();
  return Date.now() - began;
}

const silent: [string, string][] = [
  ["nothing at all", ""],
  ["half a head", "GET /healthz HTTP/1.1\r\nHost: x\r\n"],
  ["half of the live address", "GET /api/v1"],
  ["half a handshake", "GET /api/v1/live HTTP/1.1\r\nHost: x\r\nUpgrade: webso"],
  ["half of a verb of WebDAV", "PROPF"],
  ["half a body", request("POST", "/healthz", ["Content-Length: 10"], "abc")],
  ["half a body of REPORT", request("REPORT", "/healthz", ["Content-Length: 10"], "abc")],
];

test.each(silent)("a client that sends %s is cut off", async (_, text) => {
  const client = await RawClient.open(server.port);
  const began = Date.now();
  if (text) client.send(text);
  expect(await client.answer()).toBeNull();
  expect(Date.now() - began).toBeLessThan(4000);
  client.close();
});

test("a head or a body in drips does not live longer than one in silence", async () => {
  const post = request("POST", "/healthz", ["Content-Length: 100000"]);
  const times = await Promise.all([
    drip("GET /healthz HTTP/1.1\r\nHost: x\r\nA: ", "a"),
    drip("GET /api/v1/live HTTP/1.1\r\nHost: x\r\nA: ", "a"),
    drip(post, "a"),
  ]);
  for (const time of times) expect(time).toBeLessThan(4000);
});

test("an idle connection is closed, one in use is not", async () => {
  const used = await RawClient.open(server.port);
  const idle = await RawClient.open(server.port);
  idle.send(request("GET", "/healthz"));
  expect((await idle.answer())?.status).toBe(200);
  const closed = idle.end();
  let over = false;
  void closed.then(() => (over = true));
  while (!over) {
    used.send(request("GET", "/readyz"));
    expect((await used.answer())?.status).toBe(200);
  }
  used.close();
  idle.close();
});

test("200 half-open connections keep nobody from being answered", async () => {
  const clients = await Promise.all(
    Array.from({ length: 200 }, async () => {
      const client = await RawClient.open(server.port);
      client.send("GET /healthz HTTP/1.1\r\n");
      return client;
    }),
  );
  expect((await fetch(server.url + "/readyz")).status).toBe(200);
  await Promise.all(clients.map((client) => client.end()));
  for (const client of clients) client.close();
});
