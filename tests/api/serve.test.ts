// Starting, stopping, and what surrounds the server.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { RawClient, request } from "./raw.ts";
import { binary, scratch, start } from "./server.ts";

function folder(): string {
  const dir = scratch();
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

function serve(...args: string[]) {
  const dir = folder();
  const done = spawnSync(binary(), ["serve", "--db", join(dir, "x.db"), "--create", ...args], {
    encoding: "utf8",
    timeout: 10_000,
  });
  return { status: done.status, stderr: done.stderr };
}

test("a busy port ends with 2 and a sentence in both languages", async () => {
  const first = await start();
  const second = serve("--port", String(first.port));
  expect(second.status).toBe(2);
  expect(second.stderr).toContain("Un altro programma usa quell'indirizzo");
  expect(second.stderr).toContain("Another program listens on that address");
  expect(await first.stop()).toBe(0);
});

test("serving beyond this machine without a public address is refused", () => {
  const refused = serve("--host", "0.0.0.0", "--port", "0");
  expect(refused.status).toBe(2);
  expect(refused.stderr).toContain("--public-url");
});

test("an address that is not ours, half a certificate and an unknown option are usage errors", () => {
  expect(serve("--host", "127.1.2", "--port", "0").status).toBe(2);
  expect(serve("--port", "0", "--tls-cert", "x.pem").status).toBe(2);
  expect(serve("--no-such-option").status).toBe(2);
  expect(serve("--port", "70000").status).toBe(2);
  expect(serve("--port", "0", "--trusted-proxy", "somewhere").status).toBe(2);
});

test("localhost listens on both loopbacks with one port", async () => {
  const server = await start({ args: ["--host", "localhost"] });
  expect((await fetch(server.url + "/healthz")).status).toBe(200);
  expect(await server.stop()).toBe(0);
});

test("a unix socket answers, is replaced after a crash, and a busy one is not", async () => {
  const dir = folder();
  const path = join(dir, "s.sock");
  const ask = () =>
    new Promise<number>((resolve, reject) => {
      httpRequest({ socketPath: path, path: "/readyz" }, (answer) => {
        answer.resume();
        resolve(answer.statusCode!);
      })
        .on("error", reject)
        .end();
    });
  const first = await start({ args: ["--unix", path], addresses: 2 });
  expect(first.addresses[1]).toBe(`unix:${path}`);
  expect(await ask()).toBe(200);
  const busy = serve("--port", "0", "--unix", path);
  expect(busy.status).toBe(2);
  first.child.kill("SIGKILL");
  await once(first.child, "close");
  expect(existsSync(path)).toBe(true);
  const second = await start({ args: ["--unix", path], addresses: 2 });
  expect(await ask()).toBe(200);
  expect(await second.stop()).toBe(0);
  await first.stop();
});

test("settings come from a key file and the command line wins", async () => {
  const dir = folder();
  const file = join(dir, "c.ini");
  writeFileSync(file, `[server]\nhost=0.0.0.0\nport=1\n[store]\ndb=${join(dir, "k.db")}\n`);
  const server = await start({ dir, args: ["--config", file, "--host", "127.0.0.1"] });
  expect((await fetch(server.url + "/healthz")).status).toBe(200);
  expect(await server.stop()).toBe(0);
});

test("an idle server stops at once, and an idle connection does not hold it", async () => {
  const server = await start();
  const client = await RawClient.open(server.port);
  client.send(request("GET", "/healthz"));
  await client.answer();
  const began = Date.now();
  expect(await server.stop()).toBe(0);
  expect(Date.now() - began).toBeLessThan(3000);
  client.close();
});

test("X-Forwarded-* is believed from a configured proxy only", async () => {
  const trusting = await start({ args: ["--trusted-proxy", "127.0.0.0/8"] });
  const doubting = await start();
  const headers = { "x-forwarded-for": "203.0.113.7", "x-forwarded-proto": "https" };
  const believed = await fetch(trusting.url + "/metrics", { headers });
  expect(believed.status).toBe(403); // not this machine any more
  expect(believed.headers.get("strict-transport-security")).toContain("max-age");
  const ignored = await fetch(doubting.url + "/metrics", { headers });
  expect(ignored.status).toBe(200);
  expect(ignored.headers.get("strict-transport-security")).toBeNull();
  const forged = { "x-forwarded-for": "203.0.113.7, 127.0.0.1" };
  expect((await fetch(trusting.url + "/metrics", { headers: forged })).status).toBe(403);
  await trusting.stop();
  await doubting.stop();
});

test("the front end comes from a folder: files, fallback, types and caching", async () => {
  const dir = folder();
  mkdirSync(join(dir, "web", "assets"), { recursive: true });
  writeFileSync(join(dir, "web", "index.html"), "<!doctype html><title>x</title>");
  writeFileSync(join(dir, "web", "sw.js"), "self");
  writeFileSync(join(dir, "web", "assets", "a-1234.js"), "export {}");
  const server = await start({ args: ["--web", join(dir, "web")] });
  const get = async (path: string, init?: RequestInit) => {
    const answer = await fetch(server.url + path, init);
    await answer.text();
    return answer;
  };
  const page = await get("/incontri/oggi");
  expect(page.status).toBe(200);
  expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8");
  expect(page.headers.get("cache-control")).toBe("no-cache");
  const asset = await get("/assets/a-1234.js");
  expect(asset.headers.get("cache-control")).toContain("immutable");
  expect((await get("/sw.js")).headers.get("cache-control")).toBe("no-cache");
  for (const path of ["/assets/none.js", "/none.css", "/api/v1/none", "/feeds/none", "/dav/none"]) {
    expect((await get(path)).status).toBe(404);
  }
  const tag = page.headers.get("etag")!;
  expect((await get("/", { headers: { "if-none-match": tag } })).status).toBe(304);
  expect((await get("/", { headers: { "if-none-match": '"other"' } })).status).toBe(200);
  expect((await get("/index.html", { method: "HEAD" })).status).toBe(200);
  expect(await server.stop()).toBe(0);
});

test("a large answer to a slow reader arrives whole and does not hold up others", async () => {
  const dir = folder();
  mkdirSync(join(dir, "web"));
  writeFileSync(join(dir, "web", "big.txt"), "0123456789abcdef".repeat(1_000_000));
  const server = await start({ args: ["--web", join(dir, "web")] });
  const client = await RawClient.open(server.port);
  client.socket.pause();
  client.send(request("GET", "/big.txt") + request("GET", "/healthz"));
  for (let i = 0; i < 50; i++) {
    expect((await fetch(server.url + "/readyz")).status).toBe(200);
  }
  client.socket.resume();
  const big = await client.answer();
  expect(big?.body.length).toBe(statSync(join(dir, "web", "big.txt")).size);
  expect((await client.answer())?.body).toBe("ok\n");
  client.close();
  expect(await server.stop()).toBe(0);
});

test("--help and --version need nothing else, an unknown command ends with 2", () => {
  const help = spawnSync(binary(), ["--help"], { encoding: "utf8" });
  expect(help.status).toBe(0);
  expect(help.stdout).toContain("serve");
  expect(spawnSync(binary(), ["--version"], { encoding: "utf8" }).stdout).toMatch(/^cronotopo \d/);
  expect(spawnSync(binary(), ["nonsense"]).status).toBe(2);
  expect(spawnSync(binary(), []).status).toBe(2);
});

test("the service manager is told once the server listens", async () => {
  const dir = folder();
  const path = join(dir, "notify.sock");
  const program =
    "import socket,sys\ns=socket.socket(socket.AF_UNIX,socket.SOCK_DGRAM)\n" +
    "s.bind(sys.argv[1])\nprint('bound',flush=True)\nprint(s.recv(64).decode())";
  const listener = spawn("python3", ["-c", program, path], { stdio: ["ignore", "pipe", "inherit"] });
  let heard = "";
  listener.stdout.on("data", (text) => (heard += text));
  await once(listener.stdout, "data");
  const server = await start({ env: { NOTIFY_SOCKET: path } });
  await once(listener, "close");
  expect(heard).toContain("READY=1");
  expect(await server.stop()).toBe(0);
});
