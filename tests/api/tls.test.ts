// Our own TLS: the same answers, whichever parser reads the request.
import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { request as httpsRequest } from "node:https";
import { join } from "node:path";
import { connect } from "node:tls";
import { afterAll, beforeAll, expect, test } from "vitest";
import WebSocket from "ws";
import { request } from "./raw.ts";
import { scratch, type Server, start } from "./server.ts";

const dir = scratch();
let server: Server;
beforeAll(async () => {
  const key = join(dir, "key.pem");
  const cert = join(dir, "cert.pem");
  const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"];
  const files = ["-keyout", key, "-out", cert];
  const make = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"];
  execFileSync("openssl", [...make, "-nodes", "-days", "2", ...files, ...subject], {
    stdio: "ignore",
  });
  server = await start({ dir, args: ["--tls-cert", cert, "--tls-key", key] });
});
afterAll(async () => {
  expect(await server.stop()).toBe(0);
  rmSync(dir, { recursive: true, force: true });
});

function ask(method: string, path: string, body?: string) {
  return new Promise<{ status: number; secure: boolean }>((resolve, reject) => {
    const options = { method, rejectUnauthorized: false, agent: false as const };
    const req = httpsRequest(server.url + path, options, (answer) => {
      answer.resume();
      const secure = answer.headers["strict-transport-security"] !== undefined;
      answer.on("end", () => resolve({ status: answer.statusCode!, secure }));
    });
    req.on("error", reject).end(body);
  });
}

/** Sends raw text and returns the statuses of all answers until the server closes. */
function exchange(text: string): Promise<number[]> {
  return new Promise((resolve) => {
    let heard = "";
    const socket = connect({ port: server.port, host: "127.0.0.1", rejectUnauthorized: false });
    const end = () =>
      resolve([...heard.matchAll(/HTTP\/1\.[01] (\d{3})/g)].map((m) => Number(m[1])));
    socket.on("secureConnect", () => socket.write(text));
    socket.on("data", (more) => (heard += more.toString("latin1")));
    socket.on("close", end).on("error", end);
  });
}

test("the address says https and answers, with transport security", async () => {
  expect(server.url).toMatch(/^https:/);
  expect(await ask("GET", "/readyz")).toEqual({ status: 200, secure: true });
});

test("verbs of WebDAV and bodies are answered", async () => {
  expect((await ask("PROPFIND", "/healthz")).status).toBe(405);
  expect((await ask("REPORT", "/healthz", "<x/>")).status).toBe(405);
  expect((await ask("POST", "/healthz", "x".repeat(100_000))).status).toBe(405);
});

test("nothing that follows a request is read into it", async () => {
  const length = ["Content-Length: 3"];
  const close = ["Connection: close"];
  const post = request("POST", "/readyz", length, "abc");
  expect((await exchange(post + request("GET", "/healthz"))).length).toBeLessThanOrEqual(1);
  expect(await exchange(request("GET", "/readyz") + post)).toEqual([200]);
  expect(await exchange(request("PROPFIND", "/x") + post + request("GET", "/healthz", close))).toEqual(
    [404, 405, 200],
  );
});

test("the guards hold here too", async () => {
  const chunked = request("POST", "/healthz", ["Transfer-Encoding: chunked"], "0\r\n\r\n");
  expect(await exchange(chunked)).toEqual([501]);
  expect(await exchange(request("POST", "/healthz"))).toEqual([411]);
  expect(await exchange(request("GET", "/healthz", ["Content-Length: 1"], "a"))).toEqual([400]);
  expect(await exchange("GET /healthz HTTP/1.1\r\n\r\n")).toEqual([400]);
});

test("a live connection is accepted", async () => {
  const url = server.url.replace("https", "wss") + "/api/v1/live";
  const socket = new WebSocket(url, "cronotopo.live.1", {
    origin: server.url,
    rejectUnauthorized: false,
  });
  await new Promise((resolve, reject) => socket.on("open", resolve).on("error", reject));
  socket.terminate();
});

test("plain HTTP on the port is no answer of ours", async () => {
  await expect(fetch(server.url.replace("https", "http") + "/healthz")).rejects.toThrow();
});
