// Drafts, plan runs and releases over HTTP: new projects among the demo's rooms and trainers.
import { once } from "node:events";
import { afterAll, beforeAll, expect, test } from "vitest";
import { WebSocket } from "ws";
import { type Client, enter, startDemo } from "./client.ts";
import type { Server } from "./server.ts";

let server: Server;
let browser: Client;
let participant: Client;
let project: string;
let other: string;

/** A project with one course for an audience whose sessions have no place yet, in the demo's rooms. */
async function newProject(code: string, audience: string, session_minutes: number): Promise<string> {
  const day = (offset: number): string => {
    const date = new Date(now.getTime() + offset * 86_400_000);
    return date.toISOString().slice(0, 10);
  };
  const made = await browser.post("/api/v1/projects", {
    code,
    title: `Progetto ${code}`,
    starts_on: day(0),
    ends_on: day(200),
  });
  expect(made.status).toBe(201);
  const course = await browser.post("/api/v1/quick-courses", {
    title: `Corso ${code}`,
    total_hours: 40,
    session_minutes,
    first_date: day(20),
    last_date: day(140),
    audience,
    project: made.json.id,
  });
  expect(course.status, course.text).toBe(201);
  return made.json.id;
}

let now: Date;

beforeAll(async () => {
  server = await startDemo();
  browser = await enter(server, "coordinamento");
  participant = await enter(server, "partecipante");
  now = new Date((await browser.get("/api/v1/me")).json.now);
  project = await newProject("DRAFT-A", "everyone", 240);
  other = await newProject("DRAFT-B", "families", 480);
});
afterAll(() => server?.stop());

async function coordinator(method: string, path: string, body?: unknown, match?: number) {
  const headers = match === undefined ? {} : { "if-match": `"${match}"` };
  const answer = await browser.ask(method, path, body, headers as Record<string, string>);
  return { status: answer.status, body: answer.json, headers: answer.headers };
}

const draftOf = async (id = project) =>
  (await coordinator("GET", `/api/v1/projects/${id}/draft`)).body;

/** A free place of a session, as the board proposes it. */
async function freePlace(session: string): Promise<any> {
  const answer = await coordinator("POST", `/api/v1/projects/${project}/draft/best-slots`, {
    session,
    limit: 3,
  });
  expect(answer.status).toBe(200);
  const { date, start, room, virtual_room, trainers } = answer.body.slots[0];
  return { date, start, room, virtual_room, trainers };
}

test("a draft says what is unplaced, with what there is to place it in", async () => {
  const draft = await draftOf();
  expect(draft.version).toBeGreaterThan(0);
  expect(draft.unplaced.length + draft.placements.length).toBe(draft.sessions.length);
  expect(draft.score.unassigned).toBe(draft.unplaced.length);
  expect(draft.rooms.length).toBeGreaterThan(0);
});

test("a draft does not leak to a participant", async () => {
  for (const path of ["draft", "draft/review", "releases"]) {
    const answer = await participant.get(`/api/v1/projects/${project}/${path}`);
    expect(answer.status).toBe(403);
  }
});

test("a session is placed, moved by one, refused to the other, and undone", async () => {
  const session = (await draftOf()).unplaced[0].session;
  const path = `/api/v1/projects/${project}/draft/placements/${session}`;
  const place = await freePlace(session);
  expect((await coordinator("PATCH", path, place)).status).toBe(428);
  const placed = await coordinator("PATCH", path, place, 0);
  expect(placed.status).toBe(200);
  expect(placed.body.conflicts.filter((c: any) => c.hard)).toEqual([]);
  expect(placed.headers.get("etag")).toBe(`"${placed.body.version}"`);

  const key = { "if-match": `"${placed.body.version}"`, "idempotency-key": "5f0c8f6a-7c38-4a58-9d0e-3f5e2b1c0a11" };
  const once = () => browser.ask("PATCH", path, { ...place, pinned: true }, key);
  const answer = await once();
  const moved = { status: answer.status, body: answer.json };
  const repeat = await once();
  expect([repeat.status, repeat.json.version]).toEqual([200, answer.json.version]);
  expect(moved.status).toBe(200);
  const late = await coordinator("PATCH", path, place, placed.body.version);
  expect(late.status).toBe(412);
  expect(late.body.changed_by).toBeTruthy();
  expect(late.body.version).toBe(moved.body.version);

  const { step } = await draftOf();
  const undone = await coordinator("POST", `/api/v1/projects/${project}/draft/undo`, {
    step: step.step,
  });
  expect(undone.status).toBe(200);
  const again = await coordinator("POST", `/api/v1/projects/${project}/draft/undo`, {
    step: step.step,
  });
  expect(again.status).toBe(412);
  const row = (await draftOf()).placements.find((p: any) => p.session === session);
  expect(row.pinned).toBe(false);
  expect((await coordinator("DELETE", path, undefined, row.version)).status).toBe(204);
});

test("a hard rule refuses with its sentences, unless forced, and then forbids the release", async () => {
  const session = (await draftOf()).unplaced[0].session;
  const path = `/api/v1/projects/${project}/draft/placements/${session}`;
  const place = { ...(await freePlace(session)), trainers: [], room: null, virtual_room: null };
  const refused = await coordinator("PATCH", path, place, 0);
  expect(refused.status).toBe(409);
  expect(refused.body.code).toBe("hard_rule");
  expect(refused.body.conflicts[0].it).toBeTruthy();
  expect(refused.body.conflicts[0].en).toBeTruthy();

  const checked = await coordinator("POST", `/api/v1/projects/${project}/draft/check`, {
    session,
    ...place,
  });
  expect(checked.body.conflicts).toEqual(refused.body.conflicts);

  const forced = await coordinator("PATCH", path, { ...place, force: true }, 0);
  expect(forced.status).toBe(200);
  const review = (await coordinator("GET", `/api/v1/projects/${project}/draft/review`)).body;
  expect(review.can_publish).toBe(false);
  expect(review.conflicts_hard.length).toBeGreaterThan(0);
  const { version } = await draftOf();
  const release = await coordinator(
    "POST",
    `/api/v1/projects/${project}/releases`,
    { name: "No" },
    version,
  );
  expect(release.status).toBe(409);
  expect(release.body.conflicts.length).toBeGreaterThan(0);
  await coordinator("DELETE", path, undefined, forced.body.version);
});

test("a plan run places sessions and its result is published", async () => {
  const run = await coordinator("POST", `/api/v1/projects/${project}/plan-runs`, {
    seconds: 20,
    effort: 30000,
  });
  expect(run.status).toBe(202);
  const job = async () => (await coordinator("GET", `/api/v1/jobs/${run.body.job}`)).body;
  await expect.poll(async () => (await job()).state, { timeout: 30000 }).toBe("done");
  const { result } = await job();
  expect(result.hard).toBe(0);
  expect(result.applied).toBe(true);

  const draft = await draftOf();
  expect(draft.step.label).toBe("run");
  expect(draft.score.hard).toBe(0);
  const stale = await coordinator(
    "POST",
    `/api/v1/projects/${project}/releases`,
    { name: "Tardi" },
    draft.version - 1,
  );
  expect(stale.status).toBe(412);
  const release = await coordinator(
    "POST",
    `/api/v1/projects/${project}/releases`,
    { name: "Prima uscita" },
    draft.version,
  );
  expect(release.status).toBe(201);
  expect(release.body.changed).toBe(draft.placements.length);
  const listed = await coordinator("GET", `/api/v1/projects/${project}/releases`);
  expect(listed.body.items[0].id).toBe(release.body.id);
  const detail = await coordinator("GET", `/api/v1/releases/${release.body.id}`);
  expect(detail.body.changes.every((c: any) => c.kind === "added")).toBe(true);

  const after = await draftOf();
  expect(after.placements.every((p: any) => p.published === "same")).toBe(true);
  const undo = await coordinator("POST", `/api/v1/projects/${project}/draft/undo`);
  expect(undo.status).toBe(409);
}, 60000);

// eight hours never fit what families prefer, so the search has no end of its own
test("a long run is stopped and keeps what it has", async () => {
  const run = await coordinator("POST", `/api/v1/projects/${other}/plan-runs`, { seconds: 300 });
  const job = async () => (await coordinator("GET", `/api/v1/jobs/${run.body.job}`)).body;
  await expect.poll(async () => (await job()).progress?.moves ?? 0, { timeout: 20000 }).toBeGreaterThan(0);
  expect((await draftOf(other)).job).toBe(run.body.job);
  const second = await coordinator("POST", `/api/v1/projects/${other}/plan-runs`, {});
  expect(second.status).toBe(409);
  expect(second.body.job).toBe(run.body.job);
  expect((await coordinator("POST", `/api/v1/jobs/${run.body.job}/stop`)).status).toBe(202);
  await expect.poll(async () => (await job()).state, { timeout: 20000 }).toBe("stopped");
  const { result } = await job();
  expect(result.applied).toBe(true);
  expect(result.placed).toBeGreaterThan(0);
}, 60000);

test("a territory goes remote after a preview, and back by undoing", async () => {
  const draft = await draftOf(other);
  const sessions = draft.sessions
    .filter((s: any) => s.modality === "presence")
    .slice(0, 10)
    .map((s: any) => s.id);
  const bulk = (preview: boolean) =>
    coordinator("POST", `/api/v1/projects/${other}/draft/bulk`, {
      sessions,
      action: "remote",
      preview,
    });
  const preview = await bulk(true);
  expect(preview.status).toBe(200);
  expect(preview.body.applied).toBe(false);
  expect(preview.body.changes.length).toBe(sessions.length);
  expect((await draftOf(other)).version).toBe(draft.version);
  const applied = await bulk(false);
  expect(applied.body.applied).toBe(true);
  expect(applied.body.unplaced).toBe(preview.body.unplaced);
  const now = await draftOf(other);
  expect(now.sessions.filter((s: any) => sessions.includes(s.id) && s.modality !== "remote")).toEqual([]);
  await coordinator("POST", `/api/v1/projects/${other}/draft/undo`);
  const back = await draftOf(other);
  expect(back.placements.map((p: any) => [p.session, p.room])).toEqual(
    draft.placements.map((p: any) => [p.session, p.room]),
  );
});

/** Frames of a live topic, until `wanted` takes one. */
async function watch(topic: string, id: string, act: () => Promise<unknown>, wanted: (frame: any) => boolean) {
  const url = new URL("/api/v1/live", browser.url);
  const socket = new WebSocket(url.href.replace("http", "ws"), "cronotopo.live.1", {
    headers: { cookie: browser.cookie() },
    origin: url.origin,
  });
  const frames: any[] = [];
  try {
    await once(socket, "open");
    const found = new Promise<any>((resolve) => {
      socket.on("message", (data) => {
        const frame = JSON.parse(String(data));
        frames.push(frame);
        if (frame.op === "snapshot" && frames.length === 1) void act();
        if (wanted(frame)) resolve(frame);
      });
    });
    socket.send(JSON.stringify({ op: "subscribe", topic, id }));
    return await found;
  } finally {
    socket.close();
  }
}

test("who looks at a draft is told of moves and unplacings as they happen", async () => {
  const row = (await draftOf(other)).placements[0];
  const path = `/api/v1/projects/${other}/draft/placements/${row.session}`;
  const told = await watch(
    "draft",
    other,
    () => coordinator("DELETE", path, undefined, row.version),
    (frame) => frame.op === "delta",
  );
  expect(told.data.changed).toContain(row.session);
  expect(told.data.by_name).toBeTruthy();
  expect(told.data.version).toBe((await draftOf(other)).version);
});

test("who watches a plan run sees it go on and end", async () => {
  const run = await coordinator("POST", `/api/v1/projects/${other}/plan-runs`, { seconds: 2 });
  const ended = await watch(
    "job",
    run.body.job,
    async () => undefined,
    (frame) => frame.data?.state === "done",
  );
  expect(ended.data.result.unassigned).toBe(0);
  expect(ended.data.progress.moves).toBeGreaterThan(0);
}, 30000);
