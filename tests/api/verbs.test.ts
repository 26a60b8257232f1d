// Verbs that libwebsockets does not know, on connections that change parser in mid-life.
import { afterAll, beforeAll, expect, test } from "vitest";
import { RawClient, request } from "./raw.ts";
import { type Server, start } from "./server.ts";

let server: Server;
beforeAll(async () => {
  server = await start();
});
afterAll(async () => {
  expect(await server.stop()).toBe(0);
});

const verbs = ["PROPFIND", "PROPPATCH", "REPORT", "MKCALENDAR", "COPY", "MOVE"];

/** Returns once the server's loop has read what was sent before: it serves events in order. */
async function loopTurned(): Promise<void> {
  await (await fetch(server.url + "/healthz")).text();
}

test.each(verbs)("%s reaches the router, and so does everything after it", async (verb) => {
  const client = await RawClient.open(server.port);
  client.send(request(verb, "/healthz"));
  const first = await client.answer();
  expect(first?.status).toBe(405); // known there, with other methods
  expect(first?.headers["allow"]).toContain("GET");
  for (const method of ["GET", "HEAD", "OPTIONS", "DELETE"]) {
    client.send(request(method, "/readyz"));
    const expected = { GET: 200, HEAD: 200, OPTIONS: 204, DELETE: 405 }[method];
    expect((await client.answer(method === "HEAD"))?.status).toBe(expected);
  }
  client.send(request("POST", "/readyz", ["Content-Length: 2"], "{}"));
  expect((await client.answer())?.status).toBe(405);
  client.close();
});

test("a connection that began with GET may go on with PROPFIND", async () => {
  const client = await RawClient.open(server.port);
  for (const method of ["GET", "GET", "PROPFIND", "GET", "REPORT"]) {
    client.send(request(method, "/readyz"));
    expect((await client.answer())?.status).toBe(method === "GET" ? 200 : 405);
  }
  client.close();
});

const cuts = verbs.flatMap((verb) =>
  Array.from({ length: verb.length - 1 }, (_, i) => [verb, i + 1] as const),
);

test.each(cuts)("%s cut by a packet's edge after %i letters is still read", async (verb, at) => {
  const client = await RawClient.open(server.port);
  const text = request(verb, "/healthz") + request("GET", "/readyz");
  client.send(text.slice(0, at));
  await loopTurned();
  client.send(text.slice(at));
  expect((await client.answer())?.status).toBe(405);
  expect((await client.answer())?.body).toBe("ready\n");
  client.close();
});

test("a head and a body may come one byte at a time", async () => {
  for (const verb of ["POST", "REPORT"]) {
    const client = await RawClient.open(server.port);
    const text = request(verb, "/readyz", ["Content-Length: 5"], "abcde");
    for (const byte of text) {
      client.send(byte);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect((await client.answer())?.status).toBe(405);
    client.close();
  }
});

test("a body in many pieces arrives whole", async () => {
  const client = await RawClient.open(server.port);
  const body = "x".repeat(900_000);
  client.send(request("REPORT", "/readyz", [`Content-Length: ${body.length}`], body));
  expect((await client.answer())?.status).toBe(405);
  client.send(request("GET", "/readyz"));
  expect((await client.answer())?.status).toBe(200);
  client.close();
});

test("300 connections of mixed verbs are all answered", async () => {
  const work = Array.from({ length: 300 }, async (_, i) => {
    const client = await RawClient.open(server.port);
    for (let turn = 0; turn < 4; turn++) {
      const method = (i + turn) % 3 === 0 ? "PROPFIND" : "GET";
      client.send(request(method, turn % 2 ? "/readyz" : "/healthz"));
      expect((await client.answer())?.status).toBe(method === "GET" ? 200 : 405);
    }
    client.close();
  });
  await Promise.all(work);
});
