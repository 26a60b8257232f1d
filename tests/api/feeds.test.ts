// Calendar links: bytes, validators, revocation, who may have which, and that versions move.
import { randomUUID } from "node:crypto";
import ICAL from "ical.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Client, enter, seated, sessionNow, startDemo, widen } from "./client.ts";
import type { Server } from "./server.ts";

let server: Server;
let trainer: Client;
let coordinator: Client;
let session: any;

beforeAll(async () => {
  server = await startDemo();
  trainer = await enter(server, "docenza");
  coordinator = await enter(server, "coordinamento");
  session = await sessionNow(trainer);
  await widen(coordinator, session.edition, 1000);
});
afterAll(() => server?.stop());

const link = async (client: Client, body: unknown) => {
  const answer = await client.post("/api/v1/me/feeds", body);
  expect(answer.status, answer.text).toBe(201);
  return answer.json;
};
const open = (url: string, headers: Record<string, string> = {}) =>
  fetch(url, { headers, redirect: "manual" });
const uids = (text: string) =>
  new ICAL.Component(ICAL.parse(text))
    .getAllSubcomponents("vevent")
    .map((event) => String(event.getFirstPropertyValue("uid")).split("@")[0]);

describe("a link", () => {
  test("shows its person's published sessions and no provider's address", async () => {
    const { client } = await seated(server, coordinator, session.edition);
    const row = await link(client, { kind: "participant", comment: "telefono" });
    expect(row.webcal_url).toMatch(/^webcal:\/\//);
    const answer = await open(row.url);
    const text = await answer.text();
    expect(answer.headers.get("content-type")).toBe("text/calendar; charset=utf-8");
    expect(answer.headers.get("cache-control")).toBe("private");
    expect(answer.headers.get("referrer-policy")).toBe("no-referrer");
    expect(answer.headers.get("content-disposition")).toBeNull();
    const mine = (await client.get("/api/v1/me/sessions")).json.items.map((s: any) => s.session);
    expect(mine).toContain(session.session);
    for (const uid of uids(text)) expect(mine).toContain(uid);
    const hosts = [...text.replaceAll("\r\n ", "").matchAll(/https?:\/\/([^/\s]+)/g)];
    for (const [, host] of hosts) expect(host).toBe(new URL(server.url).host);
  });

  test("has lines of at most 75 octets that end in CRLF", async () => {
    const row = await link(trainer, { kind: "trainer" });
    const bytes = Buffer.from(await (await open(row.url)).arrayBuffer());
    const lines = bytes.toString("latin1").split("\r\n");
    expect(lines.pop()).toBe("");
    for (const line of lines) {
      expect(line.length).toBeLessThanOrEqual(75);
      expect(line).not.toMatch(/[\n\r]/);
    }
  });

  test("answers 304 to its validators, which it repeats, and HEAD without a body", async () => {
    const { url } = await link(trainer, { kind: "trainer" });
    const first = await open(url);
    await first.arrayBuffer();
    const tag = first.headers.get("etag")!;
    const date = first.headers.get("last-modified")!;
    const same = await open(url, { "if-none-match": tag });
    expect(same.status).toBe(304);
    expect(same.headers.get("etag")).toBe(tag);
    expect(same.headers.get("last-modified")).toBe(date);
    const since = await open(url, { "if-modified-since": date });
    expect(since.status).toBe(304);
    const both = await open(url, { "if-none-match": '"x"', "if-modified-since": date });
    expect(both.status).toBe(200); // If-None-Match wins
    await both.arrayBuffer();
    const head = await fetch(url, { method: "HEAD" });
    expect([head.status, head.headers.get("etag")]).toEqual([200, tag]);
  });

  test("moves its version when the content changes, and only then", async () => {
    const { id, client } = await seated(server, coordinator, session.edition);
    const { url } = await link(client, { kind: "participant" });
    const before = await open(url);
    const shown = uids(await before.text());
    expect(shown).toContain(session.session);
    await seated(server, coordinator, session.edition); // touches enrolments, not this calendar
    const untouched = await open(url);
    await untouched.arrayBuffer();
    expect(untouched.headers.get("etag")).toBe(before.headers.get("etag"));
    const path = `/api/v1/enrolments?edition=${session.edition}&person=${id}`;
    const enrolment = (await coordinator.get(path)).json.items[0];
    const gone = await coordinator.ask(
      "PATCH",
      `/api/v1/enrolments/${enrolment.id}`,
      { state: "withdrawn" },
      { "if-match": `"${enrolment.version}"` },
    );
    expect(gone.status).toBe(200);
    const after = await open(url);
    expect(uids(await after.text())).toEqual([]);
    expect(after.headers.get("etag")).not.toBe(before.headers.get("etag"));
    expect(Date.parse(after.headers.get("last-modified")!)).toBeGreaterThan(
      Date.parse(before.headers.get("last-modified")!),
    );
  });

  test("ends when it is issued anew or deleted, at once", async () => {
    const row = await link(trainer, { kind: "trainer" });
    expect((await open(row.url)).status).toBe(200);
    const renewed = await trainer.post(`/api/v1/me/feeds/${row.id}/reissue`, {});
    expect(renewed.status, renewed.text).toBe(200);
    expect((await open(row.url)).status).toBe(404);
    expect((await open(renewed.json.url)).status).toBe(200);
    const ended = await trainer.ask("DELETE", `/api/v1/me/feeds/${row.id}`);
    expect(ended.status).toBe(204);
    expect((await open(renewed.json.url)).status).toBe(404);
    const list = (await trainer.get("/api/v1/me/feeds")).json.items;
    expect(list.some((item: any) => item.id === row.id)).toBe(false);
  });

  test("is found by its exact token alone", async () => {
    const { url } = await link(trainer, { kind: "trainer" });
    const token = /feeds\/(.+)\.ics$/.exec(url)![1]!;
    for (const path of [token, `${token}x.ics`, `${token.slice(1)}.ics`, ".ics", "x.ics"]) {
      expect((await open(`${server.url}/feeds/${path}`)).status).toBe(404);
    }
  });

  test("is compressed for who takes it", async () => {
    const { url } = await link(trainer, { kind: "trainer" });
    const packed = await open(url, { "accept-encoding": "gzip" });
    expect(packed.headers.get("content-encoding")).toBe("gzip");
    const plain = await open(url, { "accept-encoding": "identity" });
    expect(plain.headers.get("content-encoding")).toBeNull();
    expect(await packed.text()).toBe(await plain.text());
  });
});

describe("who may have which", () => {
  test("another's calendar is not there", async () => {
    const { client } = await seated(server, coordinator, session.edition);
    const someone = (await trainer.get("/api/v1/me")).json;
    for (const body of [
      { kind: "participant", subject: someone.person.id },
      { kind: "trainer", subject: someone.trainer },
      { kind: "room", subject: session.room },
      { kind: "edition", subject: randomUUID() },
    ]) {
      const answer = await client.post("/api/v1/me/feeds", body);
      expect([answer.status, answer.json.code]).toEqual([404, "not_found"]);
    }
    const edition = await link(client, { kind: "edition", subject: session.edition });
    expect((await open(edition.url)).status).toBe(200);
    const list = (await trainer.get("/api/v1/me/feeds")).json.items;
    expect(list.some((item: any) => item.id === edition.id)).toBe(false);
    const stolen = await trainer.ask("DELETE", `/api/v1/me/feeds/${edition.id}`);
    expect(stolen.status).toBe(404);
  });

  test("kinds and bodies are checked", async () => {
    const answer = await trainer.post("/api/v1/me/feeds", { kind: "planet" });
    expect([answer.status, answer.json.pointer]).toEqual([422, "/kind"]);
    const room = await trainer.post("/api/v1/me/feeds", { kind: "room" });
    expect([room.status, room.json.code]).toEqual([422, "missing_field"]);
    const stranger = await new Client(server.url).get("/api/v1/me/feeds");
    expect(stranger.status).toBe(401);
  });
});

describe("a single session", () => {
  test("downloads as a file for who takes part, and for nobody else", async () => {
    const { client } = await seated(server, coordinator, session.edition);
    const path = `/sessions/${session.session}.ics`;
    const answer = await client.get(path);
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-disposition")).toMatch(/^attachment/);
    expect(uids(answer.text)).toEqual([session.session]);
    const edition = (await coordinator.get(`/api/v1/editions/${session.edition}`)).json;
    const stranger = await new Client(server.url).get(path);
    expect(stranger.status).toBe(edition.open_to_public ? 200 : 404);
  });
});
