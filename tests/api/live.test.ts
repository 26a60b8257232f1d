// The live channel over real websockets: who may watch, deltas, resuming, presence, slow readers.
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
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

/** A live connection: frames wait here until they are asked for. */
class Watcher {
  readonly frames: any[] = [];
  private wake: (() => void) | undefined;
  closed: number | undefined;

  private constructor(readonly socket: WebSocket) {
    socket.on("message", (data) => {
      this.frames.push(JSON.parse(String(data)));
      this.wake?.();
    });
    socket.on("close", (code) => {
      this.closed = code;
      this.wake?.();
    });
  }

  static open(client: Client): Promise<Watcher> {
    const url = new URL("/api/v1/live", client.url);
    const socket = new WebSocket(url.href.replace("http", "ws"), "cronotopo.live.1", {
      headers: { cookie: client.cookie() },
      origin: url.origin,
    });
    const watcher = new Watcher(socket);
    return new Promise((resolve, reject) => {
      socket.once("open", () => resolve(watcher));
      socket.once("error", reject);
    });
  }

  say(message: unknown) {
    this.socket.send(JSON.stringify(message));
  }

  watch(id: string, revision?: number) {
    this.say({ op: "subscribe", topic: "session", id, ...(revision ? { revision } : {}) });
  }

  /** The next frame that `wanted` takes; those before it are dropped. */
  async next(wanted: (frame: any) => boolean = () => true): Promise<any> {
    for (;;) {
      while (this.frames.length) {
        const frame = this.frames.shift();
        if (wanted(frame)) return frame;
      }
      if (this.closed !== undefined) return { closed: this.closed };
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }

  close() {
    this.socket.terminate();
  }
}

const mark = (people: string[], kind = "in") =>
  trainer.post(`/api/v1/sessions/${session.session}/marks`, { nonce: randomUUID(), people, kind });
const names = (id: string) => (frame: any) =>
  frame.op === "delta" && frame.data.people.some((p: any) => p.person === id);

describe("watching a session", () => {
  test("gives its trainer all rows, a participant her own, others none", async () => {
    const { id, client } = await seated(server, coordinator, session.edition);
    const contact = await enter(server, "referente dell'organizzazione");
    const all = await Watcher.open(trainer);
    all.watch(session.session);
    const snapshot = await all.next();
    expect(snapshot.op).toBe("snapshot");
    expect(snapshot.data.session.session).toBe(session.session);
    expect(snapshot.data.people.length).toBeGreaterThan(1);
    expect(snapshot.data.counts.expected).toBeGreaterThan(0);
    const own = await Watcher.open(client);
    own.watch(session.session);
    const mine = await own.next();
    expect(mine.data.people.map((p: any) => p.person)).toEqual([id]);
    expect(mine.data.counts).toBeUndefined();
    for (const stranger of [contact, new Client(server.url)]) {
      const refused = await Watcher.open(stranger);
      refused.watch(session.session);
      const error = await refused.next();
      expect(error.op).toBe("error");
      expect(["forbidden", "unauthenticated"]).toContain(error.code);
      refused.close();
    }
    all.close();
    own.close();
  });

  test("shows a check-in within 300 ms of its answer", async () => {
    const { id, client } = await seated(server, coordinator, session.edition);
    const watcher = await Watcher.open(trainer);
    watcher.watch(session.session);
    await watcher.next();
    const code = (await trainer.get(`/api/v1/sessions/${session.session}/code`)).json.code;
    const done = await client.post("/api/v1/checkins", { nonce: randomUUID(), code });
    const answered = performance.now();
    expect(done.status).toBe(201);
    const delta = await watcher.next(names(id));
    expect(performance.now() - answered).toBeLessThan(300);
    const row = delta.data.people.find((p: any) => p.person === id);
    expect(row.last_event).toBe(done.json.event);
    expect(delta.data.counts[row.state]).toBeGreaterThan(0);
    watcher.close();
  });

  test("resumes from the last revision without a gap", async () => {
    const people = [];
    for (let i = 0; i < 3; i++) people.push(await seated(server, coordinator, session.edition));
    const first = await Watcher.open(trainer);
    first.watch(session.session);
    await first.next();
    await mark([people[0]!.id]);
    const seen = await first.next(names(people[0]!.id));
    first.close();
    const other = await Watcher.open(coordinator);
    other.watch(session.session);
    await other.next();
    for (const { id } of people.slice(1)) {
      await mark([id]);
      await other.next(names(id));
    }
    const back = await Watcher.open(trainer);
    back.watch(session.session, seen.revision);
    let revision = seen.revision;
    for (let found = 0; found < 2; ) {
      const frame = await back.next();
      expect(frame.op).toBe("delta");
      expect(frame.revision).toBe(++revision);
      if (people.slice(1).some(({ id }) => names(id)(frame))) found++;
    }
    back.watch(session.session, 5);
    expect((await back.next()).op).toBe("snapshot");
    back.close();
    other.close();
  });

  test("counts two connections of one person once", async () => {
    const { id, client } = await seated(server, coordinator, session.edition);
    const watcher = await Watcher.open(trainer);
    watcher.watch(session.session);
    const before = (await watcher.next()).data.counts.remote;
    const phones = [await Watcher.open(client), await Watcher.open(client)];
    for (const phone of phones) {
      phone.watch(session.session);
      await phone.next();
      phone.say({ op: "heartbeat", session: session.session });
      expect((await phone.next((f) => f.op === "pong")).now).toMatch(/Z$/);
    }
    const delta = await watcher.next(
      (f) => names(id)(f) && f.data.people.some((p: any) => p.person === id && p.online),
    );
    expect(delta.data.counts.remote).toBe(before + 1);
    for (const phone of phones) phone.close();
    watcher.close();
  });

  test("ends when the right is lost", async () => {
    const { id, client } = await seated(server, coordinator, session.edition);
    const own = await Watcher.open(client);
    own.watch(session.session);
    await own.next();
    const path = `/api/v1/enrolments?edition=${session.edition}&person=${id}`;
    const enrolment = (await coordinator.get(path)).json.items[0];
    const answer = await coordinator.ask(
      "PATCH",
      `/api/v1/enrolments/${enrolment.id}`,
      { state: "withdrawn" },
      { "if-match": `"${enrolment.version}"` },
    );
    expect(answer.status, answer.text).toBe(200);
    const error = await own.next((frame) => frame.op === "error");
    expect(error.code).toBe("forbidden");
    own.close();
  });
});

describe("the channel", () => {
  test("answers nonsense and closes on a flood", async () => {
    const watcher = await Watcher.open(trainer);
    watcher.say({ op: "dance" });
    expect((await watcher.next()).code).toBe("malformed");
    for (let i = 0; i < 100; i++) watcher.say({ op: "heartbeat" });
    const end = await watcher.next((frame) => frame.closed !== undefined);
    expect([1006, 1008]).toContain(end.closed); // 1006: the reset overtook the close frame
  });

  test("is not for participants' drafts or jobs", async () => {
    const { client } = await seated(server, coordinator, session.edition);
    const watcher = await Watcher.open(client);
    for (const topic of ["draft", "job"]) {
      watcher.say({ op: "subscribe", topic, id: session.project });
      expect((await watcher.next()).code).toBe("forbidden");
    }
    watcher.close();
  });

  test("ends with the sign-in it was opened by", async () => {
    const office = await enter(server, "coordinamento");
    const watcher = await Watcher.open(office);
    watcher.watch(session.session);
    expect((await watcher.next()).op).toBe("snapshot");
    expect((await office.post("/api/v1/sign-out", {})).status).toBe(204);
    expect(await watcher.next((frame) => frame.op === "error")).toMatchObject({ code: "unauthenticated", id: session.session });
    const { id } = await seated(server, coordinator, session.edition);
    await mark([id]);
    watcher.watch(session.session);
    const answer = await watcher.next(() => true);
    expect([answer.op, answer.code]).toEqual(["error", "unauthenticated"]);
    watcher.close();
  });

  test("tells a draft's version to its coordinator", async () => {
    const watcher = await Watcher.open(coordinator);
    watcher.say({ op: "subscribe", topic: "draft", id: session.project });
    const snapshot = await watcher.next();
    expect(snapshot.op).toBe("snapshot");
    expect(snapshot.data.version).toBeGreaterThan(0);
    watcher.close();
  });

  test("gives a hundred watchers the same frame", async () => {
    const { id } = await seated(server, coordinator, session.edition);
    const hall = await Promise.all(Array.from({ length: 100 }, () => Watcher.open(trainer)));
    for (const watcher of hall) watcher.watch(session.session);
    await Promise.all(hall.map((watcher) => watcher.next()));
    await mark([id]);
    const deltas = await Promise.all(hall.map((watcher) => watcher.next(names(id))));
    expect(new Set(deltas.map((delta) => JSON.stringify(delta))).size).toBe(1);
    for (const watcher of hall) watcher.close();
  });
});
