// Every guard a request passes. A refused request closes the connection: where the next would start is unknown.
import { afterAll, beforeAll, expect, test } from "vitest";
import { RawClient, request } from "./raw.ts";
import { type Server, start } from "./server.ts";

let server: Server;
beforeAll(async () => {
  server = await start();
});
afterAll(async () => {
  expect(await server.stop()).toBe(0);
  expect(server.stderr()).toBe("");
});

const length = (n: string | number) => `Content-Length: ${n}`;
const chunked = "Transfer-Encoding: chunked";
const upgrade = (to: string) => ["Connection: Upgrade", `Upgrade: ${to}`];

const refused: [string, number, string][] = [
  ["a transfer coding on GET", 501, request("GET", "/healthz", [chunked], "0\r\n\r\n")],
  ["a transfer coding on POST", 501, request("POST", "/healthz", [chunked], "0\r\n\r\n")],
  ["a transfer coding on REPORT", 501, request("REPORT", "/healthz", [chunked], "0\r\n\r\n")],
  ["a coding and a length", 501, request("POST", "/x", [chunked, length(3)], "0\r\n\r\n")],
  ["two lengths that agree", 400, request("POST", "/healthz", [length(1), length(1)], "a")],
  ["two lengths that differ", 400, request("POST", "/healthz", [length(1), length(2)], "ab")],
  ["two lengths on REPORT", 400, request("REPORT", "/healthz", [length(1), length(1)], "a")],
  ["a list of lengths", 400, request("POST", "/healthz", [length("1, 1")], "a")],
  ["a negative length", 400, request("POST", "/healthz", [length(-1)], "a")],
  ["a length with a plus", 400, request("POST", "/healthz", [length("+1")], "a")],
  ["a length in hexadecimal", 400, request("POST", "/healthz", [length("0x1")], "a")],
  ["a length of words", 400, request("POST", "/healthz", [length("one")], "a")],
  ["a negative length on REPORT", 400, request("REPORT", "/healthz", [length(-1)], "a")],
  ["a length beyond all numbers", 400, request("POST", "/healthz", [length("9".repeat(30))], "a")],
  ["a length beyond 64 bits, less one", 413, request("PUT", "/x", [length("9".repeat(18))], "a")],
  ["a body over the route's limit", 413, request("POST", "/healthz", [length(5_000_000)], "a")],
  ["a space before the colon", 400, request("GET", "/healthz", ["Content-Length : 5"], "abcde")],
  ["a POST without length", 411, request("POST", "/healthz")],
  ["a PUT without length", 411, request("PUT", "/healthz")],
  ["a PATCH without length", 411, request("PATCH", "/healthz")],
  ["a GET with a body", 400, request("GET", "/healthz", [length(5)], "abcde")],
  ["a HEAD with a body", 400, request("HEAD", "/healthz", [length(5)], "abcde")],
  ["no host", 400, "GET /healthz HTTP/1.1\r\n\r\n"],
  ["no host on REPORT", 400, "REPORT /healthz HTTP/1.1\r\n\r\n"],
  ["two hosts", 400, request("GET", "/healthz", ["Host: a", "Host: b"])],
  ["an unknown expectation", 501, request("POST", "/x", [length(1), "Expect: magic"])],
  ["an upgrade to HTTP/2", 501, request("GET", "/healthz", upgrade("h2c"))],
  ["a websocket elsewhere", 426, request("GET", "/healthz", upgrade("websocket"))],
  ["a websocket on REPORT", 426, request("REPORT", "/api/v1/live", upgrade("websocket"))],
  ["the live address without an upgrade", 426, request("GET", "/api/v1/live")],
  ["headers over 16 KB", 413, request("GET", "/healthz", [`Cookie: ${"a".repeat(17_000)}`])],
  ["headers over 16 KB on REPORT", 413, request("REPORT", "/x", [`A: ${"a".repeat(17_000)}`])],
  ["a verb nobody knows", 405, request("FOO", "/healthz")],
  ["a verb of WebDAV that is not served", 405, request("LOCK", "/healthz")],
  ["HTTP/2's preface", 405, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"],
  ["a parameter given twice", 400, request("GET", "/healthz?a=1&a=2")],
  ["a parameter that is no UTF-8", 400, request("GET", "/healthz?a=%ff")],
  ["dots in the path on REPORT", 400, request("REPORT", "/a/../healthz")],
  ["a NUL in the path on REPORT", 400, request("REPORT", "/a%00b")],
  ["a broken escape on REPORT", 400, request("REPORT", "/a%zz")],
];

test.each(refused)("%s is refused with %i and the connection closes", async (_, status, text) => {
  const client = await RawClient.open(server.port);
  client.send(text);
  const head = text.startsWith("HEAD");
  const answer = await client.answer(head);
  expect(answer?.status).toBe(status);
  expect(answer?.headers["connection"]).toBe("close");
  if (!head) {
    expect(answer?.headers["content-type"]).toBe("application/problem+json");
    expect(JSON.parse(answer!.body).status).toBe(status);
  }
  await client.end();
  client.close();
});

// Where libwebsockets itself closes or answers, nothing of it may reach a handler.
const cut: [string, string][] = [
  ["an upgrade nobody knows", request("GET", "/healthz", upgrade("magic"))],
  ["a NUL in the path", request("GET", "/a%00b")],
  ["a broken escape", request("GET", "/a%zz")],
  ["headers over 24 KB", request("GET", "/healthz", [`Cookie: ${"a".repeat(70_000)}`])],
  ["all of the server's options", request("OPTIONS", "*")],
  ["an absolute target", request("GET", "http://elsewhere/healthz")],
];

test.each(cut)("%s ends the connection without a 200", async (_, text) => {
  const client = await RawClient.open(server.port);
  client.send(text);
  const answer = await client.answer();
  expect(answer?.status ?? 0).not.toBe(200);
  client.close();
});

test("a body that follows a refusal is never taken for a request", async () => {
  const client = await RawClient.open(server.port);
  const hidden = request("GET", "/healthz");
  client.send(request("GET", "/nowhere", [length(hidden.length)], hidden));
  expect((await client.answer())?.status).toBe(400);
  expect(await client.answer()).toBeNull();
  client.close();
});

test("Expect: 100-continue is answered before the body comes", async () => {
  for (const method of ["POST", "PROPPATCH"]) {
    const client = await RawClient.open(server.port);
    client.send(request(method, "/healthz", [length(2), "Expect: 100-continue"]));
    expect((await client.answer())?.status).toBe(100);
    client.send("{}");
    expect((await client.answer())?.status).toBe(405);
    client.close();
  }
});

test("HEAD has the headers of GET and no body", async () => {
  const client = await RawClient.open(server.port);
  client.send(request("HEAD", "/healthz"));
  const head = await client.answer(true);
  expect(head?.status).toBe(200);
  expect(head?.headers["content-length"]).toBe("3");
  client.send(request("GET", "/healthz"));
  expect((await client.answer())?.body).toBe("ok\n");
  client.close();
});

test("HTTP/1.0 is answered and closed", async () => {
  const client = await RawClient.open(server.port);
  client.send("GET /healthz HTTP/1.0\r\n\r\n");
  expect((await client.answer())?.body).toBe("ok\n");
  expect(await client.end()).toBe(true);
  client.close();
});

test("Connection: close is honoured, also in a list", async () => {
  for (const method of ["GET", "PROPFIND"]) {
    const client = await RawClient.open(server.port);
    client.send(request(method, "/healthz", ["Connection: te, close"]));
    expect((await client.answer())?.headers["connection"]).toBe("close");
    expect(await client.end()).toBe(true);
    client.close();
  }
});

test("pipelined requests are answered in order, whoever answers them", async () => {
  for (const first of ["GET", "PROPFIND"]) {
    const client = await RawClient.open(server.port);
    client.send(
      request(first, "/readyz") +
        request("GET", "/healthz") +
        request("POST", "/readyz", [length(3)], "abc") +
        request("GET", "/readyz") +
        request("PUT", "/healthz", [length(0)]) +
        request("GET", "/healthz"),
    );
    const seen = [];
    for (let i = 0; i < 6; i++) seen.push((await client.answer())?.status);
    expect(seen).toEqual([first === "GET" ? 200 : 405, 200, 405, 200, 405, 200]);
    client.close();
  }
});

test("every answer carries its id and the security headers", async () => {
  for (const path of ["/healthz", "/readyz", "/nowhere/at.all"]) {
    const answer = await fetch(server.url + path);
    expect(answer.headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
    expect(answer.headers.get("content-security-policy")).toContain("default-src 'self'");
    expect(answer.headers.get("content-security-policy")).not.toContain("unsafe");
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
    expect(answer.headers.get("date")).toMatch(/GMT$/);
    await answer.text();
  }
});

test("a problem answer speaks the language asked for and names the request", async () => {
  const italian = await fetch(server.url + "/api/v1/nothing");
  expect(italian.status).toBe(404);
  expect(italian.headers.get("content-language")).toBe("it");
  const headers = { "accept-language": "de, en;q=0.8, it;q=0.5" };
  const english = await fetch(server.url + "/api/v1/nothing", { headers });
  const problem = (await english.json()) as Record<string, unknown>;
  expect(problem["code"]).toBe("not_found");
  expect(problem["title"]).toMatch(/^There is nothing/);
  expect(problem["request_id"]).toBe(english.headers.get("x-request-id"));
});

test("a method the path does not take is 405 with Allow, and OPTIONS tells it", async () => {
  const wrong = await fetch(server.url + "/healthz", { method: "DELETE" });
  expect(wrong.status).toBe(405);
  expect(wrong.headers.get("allow")).toBe("OPTIONS, GET, HEAD");
  const options = await fetch(server.url + "/healthz", { method: "OPTIONS" });
  expect(options.status).toBe(204);
  expect(options.headers.get("allow")).toBe("OPTIONS, GET, HEAD");
});
