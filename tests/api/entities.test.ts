// Rows over HTTP: creating, reading, changing, deleting, and everything a form can get wrong.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Alliance, alliance } from "./alliance.ts";
import { Client } from "./openapi.ts";

let a: Alliance;
let admin: Client;
let trainer: any;
beforeAll(async () => {
  a = await alliance();
  admin = a.admin;
  const person = await admin.add("people", { given_name: "Zoë", family_name: "D'Angiò" });
  trainer = await admin.add("trainers", { person: person.id, weekly_hours: "Mo-Fr 09:00-18:00" });
});
afterAll(async () => {
  await a.server.stop();
});

test("a row is created, read, changed and deleted", async () => {
  const made = await admin.call("POST", "/api/v1/venues", { body: { name: "Sala Consiliare" } });
  expect(made.status).toBe(201);
  expect(made.headers.get("location")).toBe(`/api/v1/venues/${made.json.id}`);
  expect(made.headers.get("etag")).toBe('"1"');
  const path = `/api/v1/venues/${made.json.id}`;
  const read = await admin.get(path);
  expect(read.json).toEqual(made.json);
  const changed = await admin.call("PATCH", path, { match: 1, body: { address: "via Roma 1" } });
  expect(changed.json).toMatchObject({ version: 2, address: "via Roma 1", name: "Sala Consiliare" });
  expect((await admin.call("DELETE", path, { match: 2 })).status).toBe(204);
  expect((await admin.get(path)).status).toBe(404);
});

test("names keep their apostrophes and accents, and are found without them", async () => {
  const name = "Società «L'Età dell'Oro» è qui — 東京";
  const made = await admin.add("organisations", { name, kind: "company" });
  expect(made.name).toBe(name);
  const found = await admin.get("/api/v1/organisations?q=" + encodeURIComponent("societa eta"));
  expect(found.json.items.map((o: any) => o.id)).toEqual([made.id]);
});

test("the second of two people who change one row is told who was first", async () => {
  const row = await admin.add("skills", { name: "Facilitazione" });
  const path = `/api/v1/skills/${row.id}`;
  expect((await admin.call("PATCH", path, { match: 1, body: { name: "Una" } })).status).toBe(200);
  const late = await admin.call("PATCH", path, { match: 1, body: { name: "Altra" } });
  expect(late.status).toBe(412);
  expect(late.json).toMatchObject({ code: "stale", version: 2, changed_by: "Prima Amministratrice" });
  expect(late.json.changed_at).toMatch(/^20/);
  expect((await admin.call("DELETE", path, { match: 1 })).status).toBe(412);
  expect((await admin.call("PATCH", path, { body: { name: "Altra" } })).status).toBe(428);
  expect((await admin.get(path)).json.name).toBe("Una");
});

test("a list comes page by page, each row once", async () => {
  for (let i = 0; i < 7; i++) await admin.add("closures", { name: `C${i}`, first_date: "2027-08-01", last_date: "2027-08-31" });
  const seen: string[] = [];
  let after = "";
  do {
    const page = (await admin.get(`/api/v1/closures?limit=3${after}`)).json;
    seen.push(...page.items.map((c: any) => c.name));
    after = page.next ? `&after=${encodeURIComponent(page.next)}` : "";
  } while (after);
  expect(seen.sort()).toEqual(["C0", "C1", "C2", "C3", "C4", "C5", "C6"]);
});

test("what others refer to is not deleted", async () => {
  const row = (await admin.get(`/api/v1/people/${trainer.person}`)).json;
  const answer = await admin.call("DELETE", `/api/v1/people/${row.id}`, { match: row.version });
  expect([answer.status, answer.json.code]).toEqual([409, "in_use"]);
});

test("the last administrator stays one", async () => {
  const roles = (await admin.get("/api/v1/roles?role=admin")).json.items;
  expect(roles).toHaveLength(1);
  const [role] = roles;
  const path = `/api/v1/roles/${role.id}`;
  const ended = async (answer: Promise<any>): Promise<unknown> => {
    const { status, json } = await answer;
    return status === 409 ? json.code : status;
  };
  const match = role.version;
  expect(await ended(admin.call("DELETE", path, { match }))).toBe("last_admin");
  expect(await ended(admin.call("PATCH", path, { match, body: { role: "inspector" } }))).toBe("last_admin");
  expect(await ended(admin.call("PATCH", path, { match, body: { until: "2026-12-31" } }))).toBe("last_admin");
  const person = (await admin.get(`/api/v1/people/${role.person}`)).json;
  expect(await ended(admin.call("DELETE", `/api/v1/people/${person.id}`, { match: person.version }))).toBe("last_admin");

  const other = await admin.add("people", { given_name: "Seconda", family_name: "Amministratrice" });
  const second = await admin.add("roles", { person: other.id, role: "admin" });
  expect(await ended(admin.call("DELETE", `/api/v1/roles/${second.id}`, { match: second.version }))).toBe(204);
  expect(await ended(admin.call("DELETE", path, { match }))).toBe("last_admin");
});

test("a repeated request with one key is done once", async () => {
  const ask = { body: { name: "Una volta sola" }, headers: { "idempotency-key": "7a6f2b0c-1111-4222-8333-444455556666" } };
  const first = await admin.call("POST", "/api/v1/skills", ask);
  const again = await admin.call("POST", "/api/v1/skills", ask);
  expect([first.status, again.status]).toEqual([201, 201]);
  expect(again.json.id).toBe(first.json.id);
});

test("a request from a foreign page changes nothing", async () => {
  const body = { name: "Da fuori" };
  const answer = await admin.call("POST", "/api/v1/skills", { body, headers: { origin: "https://evil.example" } });
  expect([answer.status, answer.json.code]).toEqual([403, "origin"]);
});

describe("what is refused, and where it says so", () => {
  const room = { venue: "", name: "Aula", capacity: 10 };
  const exception = { trainer: "", first_date: "2027-03-01", last_date: "2027-03-05" };
  const person = { given_name: "Anna", family_name: "Rossi" };
  const cases: [string, string, object, string, string | undefined][] = [
    ["an unknown key", "skills", { name: "X", colour: "red" }, "unknown_field", "/colour"],
    ["a missing field", "skills", {}, "missing_field", "/name"],
    ["a number where text belongs", "skills", { name: 7 }, "invalid_field", "/name"],
    ["text where a number belongs", "virtual-rooms", { name: "V", capacity: "10" }, "invalid_field", "/capacity"],
    ["a number with a fraction", "virtual-rooms", { name: "V", capacity: 1.5 }, "invalid_field", "/capacity"],
    ["a number out of range", "virtual-rooms", { name: "V", capacity: 0 }, "invalid_field", "/capacity"],
    ["null where a value must be", "skills", { name: null }, "missing_field", "/name"],
    ["an empty name", "skills", { name: "  " }, "invalid_field", "/name"],
    ["a name too long", "skills", { name: "x".repeat(121) }, "invalid_field", "/name"],
    ["a control character", "skills", { name: "a\u0000b" }, "", undefined],
    ["29 February of a common year", "closures", { name: "C", first_date: "2027-02-29", last_date: "2027-03-01" }, "invalid_date", "/first_date"],
    ["31 April", "closures", { name: "C", first_date: "2027-04-01", last_date: "2027-04-31" }, "invalid_date", "/last_date"],
    ["a year out of range", "closures", { name: "C", first_date: "2027-04-01", last_date: "3027-04-30" }, "invalid_date", "/last_date"],
    ["a date in another form", "closures", { name: "C", first_date: "1/4/2027", last_date: "2027-04-30" }, "invalid_field", "/first_date"],
    ["dates in the wrong order", "closures", { name: "C", first_date: "2027-04-02", last_date: "2027-04-01" }, "invalid_field", "/last_date"],
    ["a closure of two places", "closures", { name: "C", first_date: "2027-04-01", last_date: "2027-04-01", venue: "@venue", room: "@room" }, "invalid_field", "/room"],
    ["hours that do not parse", "venues", { name: "V1", opening_hours: "Mo-Fr 9-25" }, "hours_syntax", "/opening_hours"],
    ["a kind that does not exist", "organisations", { name: "O", kind: "circus" }, "invalid_field", "/kind"],
    ["a wrong partita IVA", "organisations", { name: "O", kind: "company", vat_number: "01234567890" }, "invalid_field", "/vat_number"],
    ["a reference to nothing", "rooms", { ...room, venue: "00000000-0000-4000-8000-000000000000" }, "invalid_field", "/venue"],
    ["a reference that is no id", "rooms", { ...room, venue: "venue" }, "invalid_field", "/venue"],
    ["more distanced seats than seats", "rooms", { ...room, venue: "@venue", distanced_capacity: 11 }, "invalid_field", "/distanced_capacity"],
    ["a wrong codice fiscale", "people", { ...person, fiscal_code: "RSSMRA85T10A562T" }, "invalid_field", "/fiscal_code"],
    ["an e-mail that is none", "people", { ...person, email: "anna" }, "invalid_field", "/email"],
    ["an address that is no https", "virtual-rooms", { name: "V", capacity: 5, join_url: "javascript:alert(1)" }, "invalid_field", "/join_url"],
    ["overlapping availability", "availability-exceptions", { ...exception, trainer: "@trainer", first_date: "2027-05-10", last_date: "2027-05-20" }, "overlap", "/first_date"],
    ["a contact of nothing", "roles", { person: "@person", role: "contact" }, "missing_field", "/organisation"],
    ["a technician of a region", "roles", { person: "@person", role: "technician", territory: "@region" }, "invalid_field", "/territory"],
  ];
  const ids: Record<string, string> = {};
  beforeAll(async () => {
    const venue = await admin.add("venues", { name: "Per gli errori" });
    ids["@venue"] = venue.id;
    ids["@room"] = (await admin.add("rooms", { ...room, venue: venue.id })).id;
    ids["@trainer"] = trainer.id;
    ids["@person"] = trainer.person;
    ids["@region"] = (await admin.get("/api/v1/territories?kind=region")).json.items[0].id;
    await admin.add("availability-exceptions", { ...exception, trainer: trainer.id, first_date: "2027-05-15", last_date: "2027-05-15" });
  });
  test.each(cases)("%s", async (_, collection, body, code, pointer) => {
    const filled = Object.fromEntries(Object.entries(body).map(([k, v]) => [k, ids[v] ?? v]));
    const answer = await admin.call("POST", `/api/v1/${collection}`, { body: filled });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
    if (code) expect([answer.json.code, answer.json.pointer]).toEqual([code, pointer]);
    expect(answer.json.title).not.toBe("");
  });

  test("availability of two people, or that only touches, may be", async () => {
    const days = { first_date: "2027-05-16", last_date: "2027-05-17", hours: "10:00-12:00" };
    await admin.add("availability-exceptions", { trainer: trainer.id, ...days });
    const own = await admin.get(`/api/v1/availability-exceptions?trainer=${trainer.id}`);
    expect(own.json.items).toHaveLength(2);
    const stretched = own.json.items[0];
    const path = `/api/v1/availability-exceptions/${stretched.id}`;
    const answer = await admin.call("PATCH", path, { match: 1, body: { last_date: "2027-05-16" } });
    expect(answer.json.code).toBe("overlap");
    expect((await admin.call("PATCH", path, { match: 1, body: { hours: "09:00-10:00" } })).status).toBe(200);
  });
});

describe("text that is no JSON object", () => {
  const texts: [string, string][] = [
    ["nothing", ""],
    ["half an object", '{"name": "x"'],
    ["an array", "[1, 2]"],
    ["a word", "true"],
    ["one key twice", '{"name": "a", "name": "b"}'],
    ["broken UTF-16", '{"name": "\\ud800"}'],
    ["deeper than anyone needs", '{"name": ' + "[".repeat(40) + "]".repeat(40) + "}"],
  ];
  test.each(texts)("%s", async (_, raw) => {
    const answer = await admin.call("POST", "/api/v1/skills", { raw });
    expect([answer.status, answer.json.code]).toEqual([400, "malformed"]);
  });
  test("something that says it is a form", async () => {
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    const answer = await admin.call("POST", "/api/v1/skills", { raw: "name=x", headers });
    expect([answer.status, answer.json.code]).toEqual([415, "media_type"]);
  });
});

test("the languages of the sentence are the reader's", async () => {
  const english = await admin.call("POST", "/api/v1/skills", { body: {}, headers: { "accept-language": "en" } });
  const italian = await admin.call("POST", "/api/v1/skills", { body: {} });
  expect(english.json.title).toBe("A required field is missing; fill it in.");
  expect(italian.json.title).toBe("Manca un campo obbligatorio; compilalo.");
});

describe("codes with check characters", () => {
  test.each(["RSSMRA85T10A562S", "rssmra85t10a562s", "RSSMRA85T10A56NH"])("%s is a codice fiscale", async (code) => {
    const made = await admin.call("POST", "/api/v1/people", { body: { given_name: "Mario", family_name: "Rossi", fiscal_code: code } });
    expect([201, 409]).toContain(made.status); // the same code twice is a duplicate
    if (made.status === 201) expect(made.json.fiscal_code).toBe(code.toUpperCase());
  });
  test("00743110157 is a partita IVA", async () => {
    const made = await admin.add("organisations", { name: "Con partita IVA", kind: "company", vat_number: "00743110157" });
    expect(made.vat_number).toBe("00743110157");
  });
});

describe("courses hold together", () => {
  let project: any, course: any, edition: any;
  beforeAll(async () => {
    project = await admin.add("projects", { code: "P", title: "Progetto", starts_on: "2027-01-01", ends_on: "2027-12-31" });
    course = await admin.add("courses", { project: project.id, code: "C", title: "Corso", kind: "training" });
    edition = await admin.add("editions", { course: course.id, code: "C.1", title: "Edizione", seats: 1, starts_on: "2027-02-01", ends_on: "2027-03-31" });
  });
  const refused = async (collection: string, body: object): Promise<any> =>
    (await admin.call("POST", `/api/v1/${collection}`, { body })).json;

  test("only a lab has phases", async () => {
    const body = { course: course.id, position: 1, title: "M", minutes: 60, phase: "reading" };
    expect((await refused("modules", body)).pointer).toBe("/phase");
  });
  test("a session's window lies inside its edition", async () => {
    const body = { edition: edition.id, position: 1, title: "S", length_minutes: 60, modality: "presence" };
    expect((await refused("sessions", { ...body, window_from: "2027-01-31" })).pointer).toBe("/window_from");
    expect((await refused("sessions", { ...body, window_to: "2027-04-01" })).pointer).toBe("/window_to");
    expect((await refused("sessions", { ...body, length_minutes: 61 })).code).toBe("off_grid");
    await admin.add("sessions", { ...body, window_to: "2027-03-31" });
    const answer = await admin.call("PATCH", `/api/v1/editions/${edition.id}`, { match: 1, body: { ends_on: "2027-03-30" } });
    expect([answer.json.code, answer.json.pointer]).toEqual(["conflict", "/ends_on"]);
  });
  test("a seat is given once", async () => {
    const one = await admin.add("people", { given_name: "Una", family_name: "Persona" });
    const two = await admin.add("people", { given_name: "Altra", family_name: "Persona" });
    await admin.add("enrolments", { edition: edition.id, person: one.id });
    expect((await refused("enrolments", { edition: edition.id, person: two.id })).code).toBe("conflict");
    await admin.add("enrolments", { edition: edition.id, person: two.id, state: "waiting" });
    expect((await admin.get(`/api/v1/editions/${edition.id}`)).json).toMatchObject({ seated: 1, waiting: 1 });
  });
  test("a territory does not lie inside itself", async () => {
    const district = await admin.add("territories", { name: "Ambito", kind: "district" });
    const answer = await admin.call("PATCH", `/api/v1/territories/${district.id}`, { match: 1, body: { parent: district.id } });
    expect(answer.json.pointer).toBe("/parent");
  });
});

test("five fields make a course; its lengths add up", async () => {
  const quick = { title: "Il lavoro è agile", total_hours: 10, first_date: "2027-09-01", last_date: "2027-10-29", audience: "companies" };
  const room = { venue_name: "Sede", name: "Aula 1", capacity: 20 };
  const made = await admin.call("POST", "/api/v1/quick-courses", { body: { ...quick, kind: "lab", room } });
  expect(made.status).toBe(201);
  const sessions = (await admin.get(`/api/v1/sessions?edition=${made.json.edition}`)).json.items;
  expect(sessions.map((s: any) => s.length_minutes)).toEqual([240, 240, 120]);
  expect(sessions.map((s: any) => s.phase)).toEqual(["reading", "modelling", "prototyping"]);
  const again = await admin.call("POST", "/api/v1/quick-courses", { body: { ...quick, session_minutes: 200, total_hours: 4 } });
  const equal = (await admin.get(`/api/v1/sessions?edition=${again.json.edition}`)).json.items;
  expect(equal.map((s: any) => s.length_minutes)).toEqual([120, 120]);
  const tight = await admin.call("POST", "/api/v1/quick-courses", { body: { ...quick, last_date: "2027-09-02" } });
  expect(tight.json.pointer).toBe("/last_date");
});

test("who did what is kept", async () => {
  const row = await admin.add("skills", { name: "Da seguire" });
  await admin.call("PATCH", `/api/v1/skills/${row.id}`, { match: 1, body: { name: "Seguita" } });
  const log = (await admin.get(`/api/v1/audit?table=skill&id=${row.id}`)).json.items;
  expect(log.map((e: any) => e.action)).toEqual(["update", "create"]);
  expect(log[0]).toMatchObject({ by_name: "Prima Amministratrice", before: { name: "Da seguire" }, after: { name: "Seguita" } });
});
