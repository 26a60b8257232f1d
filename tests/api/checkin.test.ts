// Check-in: codes, links, repeats, refusals with their reasons, trainers' marks, and a crash.
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Client, enter, seated, sessionNow, startDemo, widen } from "./client.ts";
import { type Server, scratch } from "./server.ts";

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

const code = async () => (await trainer.get(`/api/v1/sessions/${session.session}/code`)).json;
const rowOf = async (person: string) => {
  const board = (await trainer.get(`/api/v1/sessions/${session.session}/live`)).json;
  return board.people.find((p: any) => p.person === person);
};

describe("a code", () => {
  test("checks in by its six letters alone, and a repeat gets the first answer", async () => {
    const { id, client } = await seated(server, coordinator, session.edition);
    const asked = async () =>
      (await client.get("/api/v1/me/home")).json.cards.filter((c: any) => c.code === "checkin_open").length;
    expect(await asked()).toBe(1);
    const message = { nonce: randomUUID(), code: (await code()).code.toLowerCase() };
    const first = await client.post("/api/v1/checkins", message);
    expect(first.status, first.text).toBe(201);
    expect(first.json).toMatchObject({ session: session.session, kind: "in", replayed: false });
    expect(await asked()).toBe(0);
    const again = await client.post("/api/v1/checkins", message);
    expect(again.status).toBe(200);
    expect(again.json).toEqual(first.json);
    const row = await rowOf(id);
    expect(row.intervals).toHaveLength(1);
    expect(row.means).toBe("code");
  });

  test("checks out with kind out", async () => {
    const { id, client } = await seated(server, coordinator, session.edition);
    for (const kind of ["in", "out"]) {
      const body = { nonce: randomUUID(), code: (await code()).code, kind };
      expect((await client.post("/api/v1/checkins", body)).status).toBe(201);
    }
    const row = await rowOf(id);
    expect(row.intervals[0][1]).not.toBeNull();
  });

  test("that is wrong is refused for good, and the nonce stays free", async () => {
    const { client } = await seated(server, coordinator, session.edition);
    const nonce = randomUUID();
    const wrong = await client.post("/api/v1/checkins", { nonce, code: "222222" });
    expect(wrong.status).toBe(422);
    expect(wrong.json.code).toBe("code_wrong");
    expect(wrong.json.title).toBe("Il codice non è giusto; confrontalo con lo schermo.");
    const right = await client.post("/api/v1/checkins", { nonce, code: (await code()).code });
    expect(right.status).toBe(201);
  });

  test("does not seat who is not enrolled, nor a stranger", async () => {
    const body = { nonce: randomUUID(), code: (await code()).code };
    const trainerOnly = await trainer.post("/api/v1/checkins", body);
    expect([trainerOnly.status, trainerOnly.json.code]).toEqual([403, "not_enrolled"]);
    const stranger = await new Client(server.url).post("/api/v1/checkins", body);
    expect([stranger.status, stranger.json.code]).toEqual([401, "unauthenticated"]);
  });

  test("is shown to who keeps the register only", async () => {
    const { client } = await seated(server, coordinator, session.edition);
    const path = `/api/v1/sessions/${session.session}`;
    expect((await client.get(`${path}/code`)).status).toBe(403);
    expect((await client.get(`${path}/live`)).status).toBe(403);
    expect((await coordinator.get(`${path}/code`)).status).toBe(200);
    const shown = await code();
    expect(shown.qr_svg).toMatch(/^<svg /);
    expect(shown.next).toHaveLength(2);
    expect(shown.next[0].link).not.toBe(shown.link);
  });
});

describe("a scanned link", () => {
  test("keeps the moment before sign-in", async () => {
    const { id, client } = await seated(server, coordinator, session.edition);
    const stranger = new Client(server.url);
    const opened = await stranger.get((await code()).link);
    expect(opened.status).toBe(303);
    expect(opened.headers.get("location")).toBe(`/check-in?session=${session.session}`);
    client.cookies.set("claim", stranger.cookies.get("claim")!);
    const body = { nonce: randomUUID(), claim: true };
    const done = await client.post("/api/v1/checkins", body);
    expect(done.status, done.text).toBe(201);
    expect((await client.post("/api/v1/checkins", body)).status).toBe(200);
    expect((await rowOf(id)).means).toBe("qr");
    const used = await client.post("/api/v1/checkins", { nonce: randomUUID(), claim: true });
    expect(used.status).toBe(404);
  });

  test("with a code of no step leads to the page with the reason", async () => {
    const opened = await new Client(server.url).get(`/c/${session.session}/222-ABCDEFGHJKLM`);
    expect(opened.headers.get("location")).toBe(
      `/check-in?session=${session.session}&problem=code_wrong`,
    );
    expect(opened.headers.getSetCookie()).toEqual([]);
  });
});

describe("somebody in the hall who guesses codes", () => {
  test("is slowed, while the others scan and type on", async () => {
    const { client: guesser } = await seated(server, coordinator, session.edition);
    const { client: neighbour } = await seated(server, coordinator, session.edition);
    const guess = () => guesser.post("/api/v1/checkins", { nonce: randomUUID(), session: session.session, code: "222222" });
    const scan = (what: string) => new Client(server.url).get(`/c/${session.session}/${what}`);
    const guesses = await Promise.all(Array.from({ length: 100 }, guess));
    const scans = await Promise.all(Array.from({ length: 20 }, () => scan("222222")));
    const slowed = [...guesses, ...scans].filter((answer) => answer.status === 429);
    expect(slowed.length).toBeGreaterThanOrEqual(55); // those past the first sixty, however fast they came
    for (const answer of slowed) expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
    const shown = await code();
    const scanned = await scan(new URL(shown.link).pathname.split("/").pop()!);
    expect([scanned.status, scanned.headers.get("location")]).toEqual([303, `/check-in?session=${session.session}`]);
    const typed = await neighbour.post("/api/v1/checkins", { nonce: randomUUID(), session: session.session, code: shown.code });
    expect(typed.status, typed.text).toBe(201);
  });
});

describe("a session that is not open", () => {
  test("says so: too early, too late", async () => {
    const { client } = await seated(server, coordinator, session.edition);
    const all = (await coordinator.get(`/api/v1/published?edition=${session.edition}`)).json.items;
    const now = Date.parse((await client.get("/api/v1/me")).json.now);
    const past = all.find((s: any) => Date.parse(s.ends_at) < now - 48 * 3600e3);
    const future = all.find((s: any) => Date.parse(s.starts_at) > now + 48 * 3600e3);
    for (const [found, reason] of [
      [past, "too_late"],
      [future, "too_early"],
    ] as const) {
      if (!found) continue;
      const body = { nonce: randomUUID(), session: found.session, code: "222222" };
      expect((await client.post("/api/v1/checkins", body)).json.code).toBe(reason);
    }
    expect(past || future).toBeTruthy();
  });
});

describe("a trainer's mark", () => {
  test("counts, is taken back, and a repeat changes nothing", async () => {
    const { id } = await seated(server, coordinator, session.edition);
    const path = `/api/v1/sessions/${session.session}/marks`;
    const body = { nonce: randomUUID(), people: [id], kind: "excused", note: "visita" };
    const first = await trainer.post(path, body);
    expect(first.status, first.text).toBe(201);
    expect((await rowOf(id)).state).toBe("excused");
    expect((await trainer.post(path, body)).json).toEqual(first.json);
    const undo = { nonce: randomUUID(), people: [id], kind: "undo" };
    expect((await trainer.post(path, undo)).status).toBe(201);
    expect((await rowOf(id)).state).toBe("expected");
    const nothing = { nonce: randomUUID(), people: [id], kind: "undo" };
    expect((await trainer.post(path, nothing)).status).toBe(404);
  });

  test("is not for participants, and not for people without a seat", async () => {
    const { id, client } = await seated(server, coordinator, session.edition);
    const path = `/api/v1/sessions/${session.session}/marks`;
    const body = { nonce: randomUUID(), people: [id], kind: "in" };
    expect((await client.post(path, body)).status).toBe(403);
    const outsider = (await coordinator.get("/api/v1/me")).json.person.id;
    const refused = await trainer.post(path, { ...body, people: [id, outsider] });
    expect(refused.json.code).toBe("not_enrolled");
    expect((await rowOf(id)).state).toBe("expected"); // all or nothing
  });

  test("lies within the session", async () => {
    const { id } = await seated(server, coordinator, session.edition);
    const path = `/api/v1/sessions/${session.session}/marks`;
    const body = { nonce: randomUUID(), people: [id], kind: "in" };
    const early = new Date(Date.parse(session.starts_at) - 3 * 3600e3).toISOString();
    expect((await trainer.post(path, { ...body, at: early })).status).toBe(422);
    const start = new Date(Date.parse(session.starts_at)).toISOString();
    expect((await trainer.post(path, { ...body, at: start })).status).toBe(201);
    expect((await rowOf(id)).state).toBe("present");
  });
});

describe("a crash", () => {
  const PEOPLE = 200;

  test("with 200 people checking in loses nothing that was acknowledged", async () => {
    const dir = scratch();
    const db = join(dir, "demo.db");
    let running = await startDemo(dir, db);
    const boss = await enter(running, "coordinamento");
    const teacher = await enter(running, "docenza");
    const now = await sessionNow(teacher);
    await widen(boss, now.edition, 1000);
    const people: Awaited<ReturnType<typeof seated>>[] = [];
    for (let i = 0; i < PEOPLE; i += 10) {
      const ten = Array.from({ length: 10 }, () => seated(running, boss, now.edition));
      people.push(...(await Promise.all(ten)));
    }
    const shown = await teacher.get(`/api/v1/sessions/${now.session}/code`);
    const messages = people.map(() => ({ nonce: randomUUID(), code: shown.json.code }));
    const acknowledged = new Map<number, any>();
    let killed: Promise<unknown> | undefined;
    await Promise.all(
      people.map(async ({ client }, i) => {
        try {
          const answer = await client.post("/api/v1/checkins", messages[i]);
          if (answer.status === 201) acknowledged.set(i, answer.json);
        } catch {
          // no answer: to be sent again
        }
        if (acknowledged.size >= PEOPLE / 3 && !killed) {
          killed = once(running.child, "exit");
          running.child.kill("SIGKILL");
        }
      }),
    );
    expect(killed).toBeDefined();
    await killed; // the next one finds the file free
    running = await startDemo(dir, db);
    try {
      for (const { client } of [...people, { client: boss }, { client: teacher }]) {
        client.url = running.url;
      }
      const again = await Promise.all(
        people.map(async ({ client }, i) => {
          const body = { ...messages[i], claimed_at: new Date().toISOString() };
          return client.post("/api/v1/checkins", body);
        }),
      );
      again.forEach((answer, i) => {
        expect([200, 201], answer.text).toContain(answer.status);
        const first = acknowledged.get(i);
        if (first) {
          expect(answer.status).toBe(200);
          expect(answer.json).toEqual(first);
        }
      });
      const board = (await teacher.get(`/api/v1/sessions/${now.session}/live`)).json;
      for (const { id } of people) {
        const row = board.people.find((p: any) => p.person === id);
        expect(row.intervals).toHaveLength(1);
      }
      const events = again.map((answer) => answer.json.event);
      expect(new Set(events).size).toBe(PEOPLE);
    } finally {
      await running.stop();
      rmSync(dir, { recursive: true, force: true });
    }
  }, 120_000);
});

describe("a check-in queued offline", () => {
  const faketime = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1";

  test("counts for its code's own moment, and only when it was good then", async () => {
    const dir = scratch();
    const db = join(dir, "demo.db");
    const before = await startDemo(dir, db);
    const boss = await enter(before, "coordinamento");
    const teacher = await enter(before, "docenza");
    const now = await sessionNow(teacher);
    await widen(boss, now.edition, 1000);
    const people = await Promise.all([1, 2, 3].map(() => seated(before, boss, now.edition)));
    const shown = (await teacher.get(`/api/v1/sessions/${now.session}/code`)).json;
    const scanned = /\/([^/]+)$/.exec(shown.link)![1];
    const queued = new Date(shown.now);
    await before.stop();
    const after = await startDemo(dir, db, {
      LD_PRELOAD: faketime,
      FAKETIME: "+20m",
      DONT_FAKE_MONOTONIC: "1",
    });
    try {
      for (const client of [boss, teacher, ...people.map((p) => p.client)]) client.url = after.url;
      const send = (i: number, body: object) =>
        people[i]!.client.post("/api/v1/checkins", {
          nonce: randomUUID(),
          session: now.session,
          ...body,
        });
      const expired = await send(0, { code: shown.code });
      expect([expired.status, expired.json.code]).toEqual([410, "code_expired"]);
      const late = new Date(queued.getTime() + 15 * 60e3).toISOString();
      const typedLate = await send(0, { code: shown.code, claimed_at: late });
      expect([typedLate.status, typedLate.json.code]).toEqual([410, "code_expired"]);
      for (const [i, code] of [shown.code, scanned].entries()) {
        const answer = await send(i, { code, claimed_at: queued.toISOString() });
        expect(answer.status, answer.text).toBe(201);
        expect(answer.json.replayed).toBe(true);
        const off = queued.getTime() - Date.parse(answer.json.at);
        expect(off).toBeGreaterThanOrEqual(0);
        expect(off).toBeLessThan(60e3);
      }
      const board = (await teacher.get(`/api/v1/sessions/${now.session}/live`)).json;
      const row = board.people.find((p: any) => p.person === people[0]!.id);
      expect([row.means, row.replayed]).toEqual(["replay", true]);
      const refused = await teacher.post(`/api/v1/sessions/${now.session}/marks`, {
        nonce: randomUUID(),
        people: [people[0]!.id],
        kind: "undo",
      });
      expect(refused.json.events[0].state).toBe("expected");
    } finally {
      await after.stop();
      rmSync(dir, { recursive: true, force: true });
    }
  }, 60_000);
});
