// Signing in: password, mailed link, printed link, devices.
import { afterAll, beforeAll, expect, test } from "vitest";
import { adminEmail, type Alliance, alliance, link } from "./alliance.ts";
import { Client } from "./openapi.ts";
import { run, start } from "./server.ts";
import { join } from "node:path";

const password = "una frase lunga abbastanza";
let a: Alliance;
beforeAll(async () => {
  a = await alliance();
  const answer = await a.admin.call("PATCH", "/api/v1/me", { body: { password: { new: password } } });
  expect(answer.status).toBe(200);
});
afterAll(async () => {
  await a.server.stop();
});

const signIn = (client: Client, email: string, word: string): ReturnType<Client["call"]> =>
  client.call("POST", "/api/v1/sign-in", { body: { email, password: word } });

test("the printed link signed its owner in, and works once", async () => {
  const dir = join(a.server.dir, "other");
  const path = new URL(run("init", "--name", "Altra", "--db", dir + ".db").trim());
  const server = await start({ dir: a.server.dir, db: dir + ".db" });
  const first = await new Client(server.url).enter(server.url + path.pathname);
  expect((await first.get("/api/v1/me")).json.signed_in).toBe(true);
  const second = new Client(server.url);
  const answer = await second.get(path.pathname);
  expect(answer.headers.get("location")).toBe("/sign-in?link=gone");
  expect((await second.get("/api/v1/me")).json.signed_in).toBe(false);
  expect((await second.get("/enter/nothing")).headers.get("location")).toBe("/sign-in?link=unknown");
  await server.stop();
});

test("a password signs in, whatever the case of the e-mail", async () => {
  const client = new Client(a.server.url);
  const answer = await signIn(client, adminEmail.toUpperCase(), password);
  expect(answer.status).toBe(200);
  const cookie = answer.headers.get("set-cookie")!;
  expect(cookie).toMatch(/^cronotopo=[A-Za-z0-9_-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=\d+$/);
  expect(answer.text).not.toContain(client.cookie.split("=")[1]!);
  const me = (await client.get("/api/v1/me")).json;
  expect(me.person.email).toBe(adminEmail);
  expect(me.roles.map((r: any) => r.role)).toEqual(["admin", "coordinator"]);
});

test("a wrong password and an unknown e-mail get one and the same answer", async () => {
  const client = new Client(a.server.url);
  const wrong = await signIn(client, adminEmail, "un'altra frase lunga");
  const unknown = await signIn(client, "nobody@example.org", password);
  expect([wrong.status, unknown.status]).toEqual([401, 401]);
  const { request_id: _a, ...left } = wrong.json;
  const { request_id: _b, ...right } = unknown.json;
  expect(left).toEqual(right);
  expect(client.cookie).toBe("");
});

test("tries at one account are slowed, others go on", { timeout: 60_000 }, async () => {
  const client = new Client(a.server.url);
  const answers = [];
  for (let i = 0; i < 12; i++) answers.push(await signIn(client, "slow@example.org", "x".repeat(12)));
  expect(answers.map((r) => r.status)).toContain(429);
  expect((await signIn(client, "other@example.org", "x".repeat(12))).status).toBe(401);
});

test("a new password needs the current one and a decent length, and ends other devices", { timeout: 60_000 }, async () => {
  const other = new Client(a.server.url);
  await signIn(other, adminEmail, password);
  const set = (body: object): ReturnType<Client["call"]> => a.admin.call("PATCH", "/api/v1/me", { body: { password: body } });
  expect((await set({ current: "sbagliata", new: "abcdefghijkl" })).json.pointer).toBe("/password/current");
  expect((await set({ new: "abcdefghijkl" })).json.pointer).toBe("/password/current");
  expect((await set({ current: password, new: "corta" })).json.pointer).toBe("/password/new");
  expect((await other.get("/api/v1/me")).json.signed_in).toBe(true);
  expect((await set({ current: password, new: password + "!" })).status).toBe(200);
  expect((await other.get("/api/v1/me")).json.signed_in).toBe(false);
  expect((await a.admin.get("/api/v1/me/devices")).json.items).toHaveLength(1);
  expect((await set({ current: password + "!", new: password })).status).toBe(200);
});

test("a password goes with the person when addresses change hands", async () => {
  const { id, version } = (await a.admin.get("/api/v1/people")).json.items.find((p: any) => p.email === adminEmail);
  const path = `/api/v1/people/${id}`;
  const moved = await a.admin.call("PATCH", path, { match: version, body: { email: "ada.nuova@example.org" } });
  await a.admin.add("people", { given_name: "Altra", family_name: "Ada", email: adminEmail });
  expect((await signIn(new Client(a.server.url), adminEmail, password)).status).toBe(401);
  expect((await signIn(new Client(a.server.url), "ada.nuova@example.org", password)).status).toBe(200);
  const other = (await a.admin.get("/api/v1/people?q=altra")).json.items[0];
  await a.admin.call("DELETE", `/api/v1/people/${other.id}`, { match: 1 });
  await a.admin.call("PATCH", path, { match: moved.json.version, body: { email: adminEmail } });
});

test("one's own language and phone may change, one's name not", async () => {
  const change = (body: object): ReturnType<Client["call"]> => a.admin.call("PATCH", "/api/v1/me", { body });
  expect((await change({ language: "en", phone: "02 1234" })).json.person).toMatchObject({ language: "en", phone: "02 1234" });
  expect((await change({ given_name: "Eva" })).json.code).toBe("unknown_field");
  expect((await change({ language: "fr" })).json.code).toBe("invalid_field");
  expect((await change({ language: "it" })).status).toBe(200);
});

test("a link is asked for without learning who exists, and needs a path of ours", async () => {
  const client = new Client(a.server.url);
  const ask = (body: object): ReturnType<Client["call"]> => client.call("POST", "/api/v1/sign-in/link", { body });
  expect((await ask({ email: adminEmail, next: "/calendar" })).status).toBe(202);
  expect((await ask({ email: "nobody@example.org" })).status).toBe(202);
  for (const next of ["https://evil.example", "//evil.example", "/\\evil.example", "calendar"]) {
    expect((await ask({ email: adminEmail, next })).json.pointer).toBe("/next");
  }
  expect((await client.call("POST", "/api/v1/sign-in/confirm", { body: { token: "x" } })).status).toBe(404);
});

test("a device is listed, signed out from another, and then a stranger", async () => {
  const here = new Client(a.server.url);
  const there = new Client(a.server.url);
  await signIn(here, adminEmail, password);
  await there.call("POST", "/api/v1/sign-in", {
    body: { email: adminEmail, password },
    headers: { "user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0" },
  });
  const devices = (await here.get("/api/v1/me/devices")).json.items;
  const other = devices.find((d: any) => d.label === "Firefox, Linux");
  expect(devices.filter((d: any) => d.current)).toHaveLength(1);
  expect((await here.call("DELETE", `/api/v1/me/devices/${other.id}`)).status).toBe(204);
  expect((await there.get("/api/v1/me")).json.signed_in).toBe(false);
  expect((await there.get("/api/v1/me/devices")).status).toBe(401);
  const cookie = here.cookie;
  expect((await here.call("POST", "/api/v1/sign-out")).status).toBe(204);
  here.cookie = cookie; // the token is dead, not just forgotten
  expect((await here.get("/api/v1/me")).json.signed_in).toBe(false);
});

test("who keeps the machine adds people, roles, passwords and links", async () => {
  const db = join(a.server.dir, "cli.db");
  run("init", "--name", "Da riga di comando", "--db", db, "--email", adminEmail);
  run("user", "add", "bea@example.org", "Bea", "Dell'Orto", "--db", db);
  run("user", "role", "bea@example.org", "coordinator", "--db", db);
  expect(run("user", "list", "--db", db)).toContain("bea@example.org\tBea Dell'Orto\tcoordinator");
  expect(link(db, "bea@example.org")).toMatch(/\/enter\/[A-Za-z0-9_-]{43}$/);
  expect(() => run("user", "role", "bea@example.org", "emperor", "--db", db)).toThrow();
  expect(() => run("user", "link", "nobody@example.org", "--db", db)).toThrow(/nobody/);
  expect(() => run("init", "--name", "Due", "--db", db)).toThrow(/exists/);
});

test("a mailed link is looked at by scanners and used by its owner, once", async () => {
  const server = await start({ args: ["--demo"] });
  const client = new Client(server.url);
  const opened = async (): Promise<any> => (await client.get("/api/v1/demo/mail")).json.items.filter((m: any) => m.kind === "sign_in");
  const person = "coordinamento@demo.cronotopo.invalid";
  await client.call("POST", "/api/v1/sign-in/link", { body: { email: person, next: "/projects" } });
  const [mail] = await opened();
  expect(mail.to_address).toBe(person);
  const text: string = (await client.get(`/api/v1/demo/mail/${mail.id}`)).json.text;
  const address = new URL(/https?:\/\/\S+\/enter\/\S+/.exec(text)![0]);
  for (let scan = 0; scan < 3; scan++) {
    const page = (await client.get(address.pathname)).headers.get("location")!;
    expect(page).toBe(`/sign-in/confirm?t=${address.pathname.split("/").pop()}`);
  }
  expect(client.cookie).toBe("");
  const token = address.pathname.split("/").pop();
  const confirm = (): ReturnType<Client["call"]> => client.call("POST", "/api/v1/sign-in/confirm", { body: { token } });
  const answer = await confirm();
  expect(answer.json.next).toBe("/projects");
  expect((await client.get("/api/v1/me")).json.person.email).toBe(person);
  expect((await confirm()).status).toBe(410);
  expect(await server.stop()).toBe(0);
});

test("a mailed link ends when the address it went to is no longer hers", async () => {
  const server = await start({ args: ["--demo"] });
  const entrance = /https?:\/\/\S+\/enter\/\S+/; // the first one printed is the coordinator's
  await expect.poll(() => server.stdout(), { timeout: 10_000 }).toMatch(entrance);
  const office = await new Client(server.url).enter(entrance.exec(server.stdout())![0]);
  const person = await office.add("people", { given_name: "Bea", family_name: "Riva", email: "sbagliata@example.org" });
  await office.call("POST", "/api/v1/sign-in/link", { body: { email: person.email } });
  const [mail] = (await office.get("/api/v1/demo/mail")).json.items.filter((m: any) => m.to_address === person.email);
  const token = /\/enter\/(\S+)/.exec((await office.get(`/api/v1/demo/mail/${mail.id}`)).json.text)![1];
  const path = `/api/v1/people/${person.id}`;
  expect((await office.call("PATCH", path, { match: 1, body: { email: "bea@example.org" } })).status).toBe(200);
  const answer = await new Client(server.url).call("POST", "/api/v1/sign-in/confirm", { body: { token } });
  expect([answer.status, answer.headers.get("set-cookie")]).toEqual([410, null]);
  expect(await server.stop()).toBe(0);
});
