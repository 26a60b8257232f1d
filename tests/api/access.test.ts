// The access test: every route as every role, against the table below (written by hand, from the
// product's words, not from the server's table), and every body searched for what is another's.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Client, operations, type Operation } from "./openapi.ts";
import { type Role, roles, type Side, type World, world } from "./world.ts";

const signedIn = "coordinator trainer contact participant technician inspector admin";
const everyone = `${signedIn} stranger`;
const office = "coordinator admin";

/** resource -> verb -> who may. What is not here, nobody may. */
const table: Record<string, Record<string, string>> = {
  system: { read: everyone, run: everyone },
  me: { list: signedIn, read: signedIn, create: signedIn, update: signedIn, delete: signedIn },
  territory: { list: signedIn, read: signedIn, create: office, update: office, delete: office },
  organisation: { list: `${office} contact`, read: `${office} contact`, create: office, update: office, delete: office },
  person: { list: signedIn, read: signedIn, create: office, update: office, delete: office },
  role: { list: office, read: office, create: office, update: office, delete: office },
  venue: { list: `${office} trainer technician contact`, read: `${office} trainer technician contact`, create: office, update: office, delete: office },
  room: { list: `${office} trainer technician contact`, read: `${office} trainer technician contact`, create: office, update: office, delete: office },
  virtual_room: { list: `${office} trainer`, read: `${office} trainer`, create: office, update: office, delete: office },
  closure: { list: `${office} trainer technician`, read: `${office} trainer technician`, create: `${office} technician`, update: `${office} technician`, delete: `${office} technician` },
  skill: { list: `${office} trainer`, read: `${office} trainer`, create: office, update: office, delete: office },
  trainer: { list: "coordinator trainer", read: "coordinator trainer", create: "coordinator", update: "coordinator trainer", delete: "coordinator" },
  availability: { list: "coordinator trainer", read: "coordinator trainer", create: "coordinator trainer", update: "coordinator trainer", delete: "coordinator trainer" },
  service: { list: `${office} technician`, read: `${office} technician`, create: `${office} technician`, update: `${office} technician`, delete: `${office} technician` },
  project: { list: everyone, read: everyone, create: "coordinator", update: "coordinator", delete: "coordinator" },
  activity: { list: "coordinator", read: "coordinator", create: "coordinator", update: "coordinator", delete: "coordinator" },
  call: { list: "coordinator contact", read: "coordinator contact", create: "coordinator", update: "coordinator", delete: "coordinator" },
  adhesion: { list: "coordinator contact", read: "coordinator contact", create: "coordinator", update: "coordinator", delete: "coordinator" },
  group: { list: "coordinator", read: "coordinator", create: "coordinator", update: "coordinator", delete: "coordinator" },
  course: { list: everyone, read: everyone, create: "coordinator", update: "coordinator", delete: "coordinator" },
  module: { list: everyone, read: everyone, create: "coordinator", update: "coordinator", delete: "coordinator" },
  edition: { list: everyone, read: everyone, create: "coordinator", update: "coordinator", delete: "coordinator" },
  session: { list: "coordinator", read: "coordinator", create: "coordinator", update: "coordinator", delete: "coordinator" },
  enrolment: { list: signedIn, read: signedIn, create: "coordinator", update: "coordinator", delete: "coordinator" },
  draft: { list: "coordinator", read: "coordinator", create: "coordinator", update: "coordinator", delete: "coordinator", run: "coordinator" },
  release: { list: "coordinator", read: "coordinator", create: "coordinator", run: "coordinator" },
  job: { list: "coordinator", read: "coordinator", create: "coordinator", update: "coordinator", run: "coordinator" },
  published: { list: everyone, read: everyone },
  attendance: { list: "coordinator trainer", read: "coordinator trainer", mark: "coordinator trainer", checkin: signedIn },
  feed: { list: signedIn, read: everyone, create: signedIn, update: signedIn, delete: signedIn },
  message: { list: office, read: office },
  template: { list: office, read: office, create: office, update: office },
  audit: { list: office, read: office },
  demo_mail: { list: "", read: "" }, // this alliance is no demo
};

const nothing = "00000000-0000-4000-8000-00000000dead";
const ending = ["post_sign-out"]; // it would end the client under test

let w: World;
beforeAll(async () => {
  w = await world();
}, 120_000);
afterAll(async () => {
  await w.server.stop();
});

function allowed(operation: Operation): string[] {
  return (table[operation.resource]?.[operation.verb] ?? "").split(" ").filter(Boolean);
}

describe.each(roles)("as %s", (role) => {
  test("every route answers or refuses as the table says", { timeout: 60_000 }, async () => {
    const wrong: string[] = [];
    for (const operation of operations()) {
      if (ending.includes(`${operation.method.toLowerCase()}_${operation.path.split("/").pop()}`)) continue;
      const path = operation.path.replace(/\{[^}]+\}/g, nothing);
      const writes = operation.method !== "GET";
      const answer = await w.clients[role].call(operation.method, path, writes ? { body: {}, match: 1 } : {});
      const refused = answer.status === 401 || (answer.status === 403 && answer.json?.code === "forbidden");
      const may = allowed(operation).includes(role);
      if (refused === may) wrong.push(`${operation.method} ${operation.path}: ${answer.status}, expected ${may ? "an answer" : "a refusal"}`);
      if (!may && answer.status !== (role === "stranger" ? 401 : 403)) wrong.push(`${operation.method} ${operation.path}: refused with ${answer.status}`);
    }
    expect(wrong).toEqual([]);
  });
});

test("the description tells the same roles as this table", () => {
  for (const operation of operations().filter((o) => o.resource !== "demo_mail")) {
    expect([operation.method, operation.path, [...operation.roles].sort()]).toEqual([operation.method, operation.path, allowed(operation).sort()]);
  }
});

/** Where a path's first parameter stands for one of these. */
const subjects: [RegExp, (keyof Side)[]][] = [
  [/^\/api\/v1\/territories\/\{/, ["comune"]],
  [/^\/api\/v1\/organisations\/\{/, ["organisation"]],
  [/^\/api\/v1\/people\/\{/, ["contact", "participant", "technician", "trainerPerson"]],
  [/^\/api\/v1\/roles\/\{/, ["participantRole", "contactRole"]],
  [/^\/api\/v1\/venues\/\{/, ["venue"]],
  [/^\/api\/v1\/rooms\/\{/, ["room"]],
  [/^\/api\/v1\/virtual-rooms\/\{/, ["virtualRoom"]],
  [/^\/api\/v1\/closures\/\{/, ["closure"]],
  [/^\/api\/v1\/trainers\/\{/, ["trainer"]],
  [/^\/api\/v1\/availability-exceptions\/\{/, ["exception"]],
  [/^\/api\/v1\/services\/\{/, ["service"]],
  [/^\/api\/v1\/projects\/\{/, ["project"]],
  [/^\/api\/v1\/activities\/\{/, ["activity"]],
  [/^\/api\/v1\/calls\/\{/, ["call"]],
  [/^\/api\/v1\/adhesions\/\{/, ["adhesion"]],
  [/^\/api\/v1\/guide-groups\/\{/, ["group"]],
  [/^\/api\/v1\/courses\/\{/, ["course"]],
  [/^\/api\/v1\/modules\/\{/, ["module"]],
  [/^\/api\/v1\/editions\/\{/, ["edition"]],
  [/^\/api\/v1\/enrolments\/\{/, ["enrolment"]],
  [/^\/(api\/v1\/)?(sessions|published|join)\/\{/, ["session"]],
];

/** Every GET that a client can think of, with the ids of both sides. */
function paths(): string[] {
  return operations()
    .filter((o) => o.method === "GET")
    .flatMap((o) => {
      if (!o.path.includes("{")) return [o.path];
      if (o.path === "/sessions/{file}") return [w.a, w.b].map((side) => `/sessions/${side.session}.ics`);
      const keys = subjects.find(([shape]) => shape.test(o.path))?.[1] ?? [];
      return keys.flatMap((key) => [w.a[key], w.b[key]].map((id) => o.path.replace(/\{[^}]+\}/, id).replace(/\{[^}]+\}/g, nothing)));
    });
}

const privateOf = (s: Side): string[] => [
  s.contact, s.participant, s.technician, s.trainerPerson, s.exception, s.enrolment, s.adhesion, s.group, s.participantRole, s.contactRole,
];
const insideOf = (s: Side): string[] => [s.project, s.course, s.module, s.edition, s.session];

/** What must not be found in anything the role is given; names stand for fields. */
function foreign(role: Role): string[] {
  const { a, b } = w;
  const secrets = ["https://meet.example.org", "nota A", "nota B"];
  switch (role) {
    case "stranger":
    case "inspector":
      return [...privateOf(a), ...privateOf(b), ...insideOf(b), a.organisation, b.organisation, ...secrets, "02 "];
    case "participant":
      return [...privateOf(a).filter((id) => ![a.participant, a.enrolment].includes(id)), ...privateOf(b), ...insideOf(b), b.organisation, ...secrets, "contact.a@", "trainer.a@", "02 contact"];
    case "contact":
      return [...privateOf(b), ...insideOf(b), b.organisation, b.venue, b.room, b.call, a.exception, a.trainerPerson, ...secrets, "02 participant"];
    case "trainer":
      return [b.contact, b.participant, b.technician, b.trainerPerson, b.exception, b.enrolment, b.adhesion, b.group, ...insideOf(b), ...secrets, "participant.a@", "02 participant"];
    case "technician":
      return [...privateOf(b), ...insideOf(b), a.participant, a.contact, a.enrolment, a.exception, ...secrets, "02 "];
    case "admin":
      return [a.enrolment, b.enrolment, a.exception, b.exception];
    case "coordinator":
      return [];
  }
}

describe.each(roles)("bodies given to %s", (role) => {
  test("hold nothing that is another's", { timeout: 120_000 }, async () => {
    const found: string[] = [];
    let bytes = 0;
    for (const path of paths()) {
      if (role === "admin" && path.startsWith("/api/v1/audit")) continue; // the log is of everything
      const answer = await w.clients[role].get(path);
      if (answer.status >= 400 || path.endsWith("openapi.json") || path === "/metrics") continue;
      bytes += answer.text.length;
      for (const mark of foreign(role)) if (answer.text.includes(mark)) found.push(`${path}: ${mark}`);
    }
    expect(found).toEqual([]);
    expect(bytes).toBeGreaterThan(role === "stranger" || role === "inspector" ? 500 : 1000); // it did read
  });
});

describe.each(roles.filter((r) => r !== "stranger" && r !== "coordinator"))("calendars linked by %s", (role) => {
  test("are never of the other side", async () => {
    const { b, clients } = w;
    const subjects = { participant: b.participant, trainer: b.trainer, room: b.room, edition: b.edition, organisation: b.organisation };
    for (const [kind, subject] of Object.entries(subjects)) {
      // Rooms are nobody's secret to those who plan or keep places; the calendar of one names editions.
      if (kind === "room" && ["admin", "trainer", "technician"].includes(role)) continue;
      const answer = await clients[role].call("POST", "/api/v1/me/feeds", { body: { kind, subject } });
      expect([kind, answer.status]).toEqual([kind, 404]);
    }
  });
});

test("each role reads what is its own", async () => {
  const ids = async (role: Role, collection: string): Promise<string[]> =>
    (await w.clients[role].get(`/api/v1/${collection}`)).json.items.map((row: any) => row.id ?? row.session);
  const { a, b } = w;
  expect(await ids("contact", "people")).toEqual(expect.arrayContaining([a.contact, a.participant]));
  expect(await ids("contact", "enrolments")).toEqual([a.enrolment]);
  expect(await ids("contact", "organisations")).toEqual([a.organisation]);
  expect(await ids("trainer", "people")).toEqual(expect.arrayContaining([a.participant, a.trainerPerson]));
  expect(await ids("trainer", "enrolments")).toEqual([a.enrolment]);
  expect(await ids("trainer", "availability-exceptions")).toEqual([a.exception]);
  expect(await ids("participant", "people")).toEqual([a.participant]);
  expect(await ids("participant", "me/sessions")).toEqual([a.session]);
  expect(await ids("stranger", "editions")).toEqual([a.edition]);
  expect(await ids("stranger", "published")).toEqual([a.session]);
  expect((await ids("coordinator", "published")).sort()).toEqual([a.session, b.session].sort());
});

describe("writing stays inside one's scope", () => {
  test("a trainer keeps her own hours, not another's, and not her skills", async () => {
    const { a, b, clients } = w;
    const change = async (id: string, body: object): Promise<any> => {
      const row = (await clients.coordinator.get(`/api/v1/trainers/${id}`)).json;
      return clients.trainer.call("PATCH", `/api/v1/trainers/${id}`, { match: row.version, body });
    };
    expect((await change(a.trainer, { weekly_hours: "Tu 10:00-12:00" })).status).toBe(200);
    expect((await change(a.trainer, { active: false })).status).toBe(403);
    expect((await change(b.trainer, { weekly_hours: "Tu 10:00-12:00" })).status).toBe(404);
    const days = { first_date: "2027-10-01", last_date: "2027-10-02" };
    expect((await clients.trainer.call("POST", "/api/v1/availability-exceptions", { body: { trainer: b.trainer, ...days } })).status).toBe(403);
    expect((await clients.trainer.call("POST", "/api/v1/availability-exceptions", { body: { trainer: a.trainer, ...days } })).status).toBe(201);
    expect((await clients.trainer.call("DELETE", `/api/v1/availability-exceptions/${b.exception}`, { match: 1 })).status).toBe(404);
  });
  test("a technician keeps the services of her comune alone", async () => {
    const { a, b, clients } = w;
    const body = { name: "Asilo", category: "family" };
    expect((await clients.technician.call("POST", "/api/v1/services", { body: { ...body, comune: b.comune } })).status).toBe(403);
    expect((await clients.technician.call("POST", "/api/v1/services", { body })).status).toBe(403);
    expect((await clients.technician.call("POST", "/api/v1/services", { body: { ...body, comune: a.comune } })).status).toBe(201);
    const moved = await clients.technician.call("PATCH", `/api/v1/services/${a.service}`, { match: 1, body: { comune: b.comune } });
    expect(moved.status).toBe(403);
  });
  test("a coordinator makes no administrator", async () => {
    const { a, clients } = w;
    const give = (role: string): Promise<any> => clients.coordinator.call("POST", "/api/v1/roles", { body: { person: a.participant, role } });
    expect((await give("admin")).status).toBe(403);
    const given = await give("coordinator");
    expect(given.status).toBe(201);
    const raised = await clients.coordinator.call("PATCH", `/api/v1/roles/${given.json.id}`, { match: 1, body: { role: "admin" } });
    expect(raised.status).toBe(403);
    expect((await clients.coordinator.call("DELETE", `/api/v1/roles/${given.json.id}`, { match: 1 })).status).toBe(204);
  });
  test("a coordinator cannot sign in as an administrator by moving her e-mail", async () => {
    const { a, clients } = w;
    const admin = (await clients.admin.get("/api/v1/me")).json.person;
    const taking = async (client: Client, id: string, email: string): Promise<number> => {
      const row = (await client.get(`/api/v1/people/${id}`)).json;
      return (await client.call("PATCH", `/api/v1/people/${id}`, { match: row.version, body: { email } })).status;
    };
    expect(await taking(clients.coordinator, admin.id, "taken@example.org")).toBe(404);
    expect((await clients.coordinator.call("DELETE", `/api/v1/people/${admin.id}`, { match: 1 })).status).toBe(404);
    expect((await clients.admin.get("/api/v1/me")).json.person.email).toBe(admin.email);
    expect(await taking(clients.coordinator, a.technician, "technician.a@example.org")).toBe(200);
    expect(await taking(clients.admin, admin.id, admin.email)).toBe(200);
  });
  test("a filter tells nothing about a hidden field", async () => {
    const { a, clients } = w;
    const living = async (role: Role): Promise<string[]> =>
      (await clients[role].get(`/api/v1/people?comune=${a.comune}`)).json.items.map((p: any) => p.id);
    expect((await living("coordinator")).sort()).toEqual([a.participant, a.contact].sort());
    expect(await living("participant")).toEqual([a.participant]);
    expect(await living("contact")).toEqual([a.contact]); // herself; her people's comune is theirs
    expect(await living("trainer")).toEqual([]);
  });
  test("an assignment that ended gives nothing any more", async () => {
    const { a, clients } = w;
    const path = `/api/v1/roles/${a.contactRole}`;
    expect((await clients.admin.call("PATCH", path, { match: 1, body: { until: "2020-01-01" } })).status).toBe(200);
    expect((await clients.contact.get("/api/v1/organisations")).status).toBe(403);
    expect((await clients.admin.call("PATCH", path, { match: 2, body: { until: null } })).status).toBe(200);
    expect((await clients.contact.get("/api/v1/organisations")).json.items).toHaveLength(1);
  });
});

test("the door to a virtual room says why it stays shut", async () => {
  const { a, b, clients } = w;
  const door = async (role: Role, session: string): Promise<string | null> =>
    (await clients[role].get(`/join/${session}`)).headers.get("location");
  expect(await door("participant", a.session)).toBe(`/my-sessions?session=${a.session}&join=no_virtual_room`);
  expect(await door("participant", b.session)).toBe(`/my-sessions?session=${b.session}&join=not_enrolled`);
  expect(await door("stranger", a.session)).toBe(`/sign-in?next=/join/${a.session}`);
  expect((await clients.participant.get(`/join/${nothing}`)).status).toBe(404);
});

test("what is published is found by its days, and only by days that exist", async () => {
  const count = async (query: string): Promise<number> =>
    (await w.clients.coordinator.get(`/api/v1/published?${query}`)).json.items?.length;
  expect(await count("from=2027-03-01&to=2027-03-01")).toBe(2);
  expect(await count("from=2027-03-02")).toBe(0);
  expect(await count("to=2027-02-28")).toBe(0);
  expect(await count(`trainer=${w.a.trainer}`)).toBe(1);
  expect(await count(`project=${w.b.project}&room=${w.b.room}`)).toBe(1);
  const wrong = await w.clients.coordinator.get("/api/v1/published?from=2027-02-29");
  expect([wrong.status, wrong.json.code, wrong.json.pointer]).toEqual([422, "invalid_date", "/from"]);
});
