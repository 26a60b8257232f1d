// Subcommands as the person who keeps the machine types them, with what goes wrong.
import { spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Client } from "./client.ts";
import { binary, run, scratch, start } from "./server.ts";

let dir: string;
let db: string;

/** Runs a subcommand that may fail. */
function tell(...args: string[]) {
  const done = spawnSync(binary(), args, { encoding: "utf8" });
  return { code: done.status, out: done.stdout, err: done.stderr };
}

beforeAll(() => {
  dir = scratch();
  db = join(dir, "a.db");
});

afterAll(() => rmSync(dir, { recursive: true, force: true }));

test("from nothing to the first administrator signed in", async () => {
  const link = run("init", "--name", "Alleanza di Prova", "--db", db).trim();
  const server = await start({ dir, db });
  const admin = new Client(server.url);
  expect((await admin.get(new URL(link).pathname)).status).toBe(303);
  const me = (await admin.get("/api/v1/me")).json;
  expect(me.alliance.name).toBe("Alleanza di Prova");
  expect(me.roles.map((r: any) => r.role).sort()).toEqual(["admin", "coordinator"]);
  const again = await new Client(server.url).get(new URL(link).pathname);
  expect(again.headers.get("location")).toMatch(/^\/sign-in/); // used: the page says so
  expect(again.headers.getSetCookie()).toEqual([]);
  expect(await server.stop()).toBe(0);
});

test("a second init on the same file is refused and changes nothing", () => {
  const before = run("export", "--db", db, "-o", join(dir, "before"));
  const second = tell("init", "--name", "Un'altra", "--db", db);
  expect(second.code).not.toBe(0);
  expect(run("export", "--db", db, "-o", join(dir, "after"))).toBe(before);
});

test("a sheet comes in, all or nothing, and goes out as it was", () => {
  const sheet = join(dir, "organisations.csv");
  writeFileSync(sheet, Buffer.from("name;kind;employees\r\nForlì & Figli S.r.l.;company;12\r\n" +
    "\"Società \"\"L'Ora\"\"; Zoë\";company;3\r\n", "latin1"));
  expect(run("import", "organisations", sheet, "--db", db, "--dry-run")).toContain("2 would be stored");
  expect(run("import", "organisations", sheet, "--db", db)).toContain("2 stored");
  run("export", "--db", db, "-o", join(dir, "out"));
  const text = readFileSync(join(dir, "out", "organisations.csv"), "utf8");
  expect(text.startsWith("\ufeffid;name;kind;")).toBe(true);
  expect(text).toContain("Forlì & Figli S.r.l.");
  expect(text).toContain("\"Società \"\"L'Ora\"\"; Zoë\"");
});

test("wrong rows are all named with line and column, and nothing is stored", () => {
  const sheet = join(dir, "wrong.csv");
  writeFileSync(sheet, "name;kind;employees\nBuona;company;5\nStrana;castle;7\nTroppi;company;molti\n");
  const said = tell("import", "organisations", sheet, "--db", db);
  expect(said.code).toBe(1);
  expect(said.err).toMatch(/wrong\.csv:3.*kind/);
  expect(said.err).toMatch(/wrong\.csv:4, employees: 'molti' is no whole number/);
  expect(said.err).toContain("non è stato salvato nulla");
  run("export", "--db", db, "-o", join(dir, "none"));
  expect(readFileSync(join(dir, "none", "organisations.csv"), "utf8")).not.toContain("Buona");
});

test("an unknown column names those that exist", () => {
  const sheet = join(dir, "column.csv");
  writeFileSync(sheet, "nome\nX\n");
  const said = tell("import", "organisations", sheet, "--db", db);
  expect(said.code).not.toBe(0);
  expect(said.err).toMatch(/column\.csv:1: column 'nome' is not known; organisations has: name kind/);
});

test("a database from the future is refused and left alone", () => {
  const later = join(dir, "later.db");
  copyFileSync(db, later);
  const bytes = readFileSync(later);
  bytes.writeUInt32BE(9999, 60); // user_version in the file's header
  writeFileSync(later, bytes);
  const said = tell("serve", "--db", later, "--port", "0");
  expect(said.code).not.toBe(0);
  expect(said.err).toContain("versione più recente");
  expect(said.err).toContain("newer version");
  expect(readFileSync(later).equals(bytes)).toBe(true);
});

test("a file that is no database of ours is refused", () => {
  const other = join(dir, "other.db");
  writeFileSync(other, "this is a letter, not a database, and long enough to look like one".repeat(20));
  const said = tell("doctor", "--db", other);
  expect(said.code).not.toBe(0);
  expect(said.err).toContain("not a Cronotopo database");
});

test("a folder that may not be written says so in both languages", () => {
  const closed = join(dir, "closed");
  mkdirSync(closed);
  chmodSync(closed, 0o555);
  chmodSync(dir, 0o755);
  const root = process.getuid?.() === 0;
  const command = [binary(), "serve", "--create", "--db", join(closed, "x.db"), "--port", "0"];
  const done = root
    ? spawnSync("setpriv", ["--reuid=65534", "--regid=65534", "--clear-groups", ...command], { encoding: "utf8" })
    : spawnSync(command[0]!, command.slice(1), { encoding: "utf8" });
  expect(done.status).toBe(2);
  expect(done.stderr).toContain("non è scrivibile");
  expect(done.stderr).toContain("may not be written");
});

test("a full disk refuses the write, keeps what there was, and reads go on", async () => {
  const full = join(dir, "full.db");
  const link = run("init", "--name", "Disco pieno", "--db", full).trim();
  const server = await start({ dir, db: full });
  const admin = new Client(server.url);
  await admin.get(new URL(link).pathname);
  // No file of the server may grow any more: SQLite is told what a full disk tells it.
  spawnSync("prlimit", [`--pid=${server.child.pid}`, "--fsize=4096:4096"]);
  const refused = await admin.post("/api/v1/skills", { name: "Che non entra" });
  expect([503, 507]).toContain(refused.status);
  expect((await admin.get("/api/v1/skills")).json.items).toEqual([]);
  await server.stop();
});

test("a backup is restored, and a broken one is not", () => {
  const copy = join(dir, "copy.db");
  run("backup", "--db", db, "-o", copy);
  expect(tell("restore", copy, "--db", db).code).not.toBe(0); // there is a database already
  const broken = join(dir, "broken.db");
  const bytes = readFileSync(copy);
  bytes.fill(0x5a, 8192, 12288);
  writeFileSync(broken, bytes);
  expect(tell("restore", broken, "--db", join(dir, "new.db")).code).not.toBe(0);
  run("restore", copy, "--db", join(dir, "new.db"));
  expect(run("export", "--db", join(dir, "new.db"), "-o", join(dir, "x"))).toBe(
    run("export", "--db", db, "-o", join(dir, "y")),
  );
});

test("an unknown command and an unknown option end with 2", () => {
  expect(tell("schedule").code).toBe(2);
  expect(tell("serve", "--prot", "1").code).toBe(2);
  expect(tell("serve", "--today", "2027-02-29", "--demo").err).toContain("2027-02-29");
});

test.each(["call", "planning", "running", "closing"])("the demo tells its %s stage on any day", async (stage) => {
  const folder = scratch();
  const server = await start({
    dir: folder, db: join(folder, "demo.db"), args: ["--demo", "--stage", stage, "--today", "2027-08-14"],
  });
  expect(server.stdout()).toContain("2027-08-16 10:15"); // Saturday, then Ferragosto on Sunday
  const shown = () => /coordinamento\s+(\S+)/.exec(server.stdout())?.[1];
  await expect.poll(shown).toBeTruthy();
  const link = shown()!;
  const coordinator = new Client(server.url);
  await coordinator.get(new URL(link).pathname);
  const services = (await coordinator.get("/api/v1/services?limit=500")).json.items;
  expect(services.filter((s: any) => !s.seasonal).length).toBe(50);
  expect(services.filter((s: any) => s.seasonal).length).toBe(200);
  const published = (await coordinator.get("/api/v1/published")).json.items;
  const now = Date.parse((await coordinator.get("/api/v1/me")).json.now);
  const running = published.filter(
    (p: any) => Date.parse(p.starts_at) <= now && now < Date.parse(p.ends_at));
  expect(running.length > 0).toBe(stage !== "call");
  for (const project of (await coordinator.get("/api/v1/projects")).json.items) {
    expect((await coordinator.get(`/api/v1/projects/${project.id}/draft`)).json.score.hard).toBe(0);
  }
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Starts the demo on a day and says when its clock stands. */
async function demoOn(day: string): Promise<string> {
  const folder = scratch();
  const server = await start({ dir: folder, db: join(folder, "demo.db"), args: ["--demo", "--today", day] });
  const said = /orologio della demo segna (\S+ \S+)/.exec(server.stdout())?.[1] ?? "";
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
  return said;
}

test("the demo avoids the patron's day of the comune it is held in", async () => {
  expect(await demoOn("2027-06-24")).toBe("2027-06-25 10:15");
  expect(await demoOn("2027-07-15")).toBe("2027-07-15 10:15"); // a session was held near that day
});

if (process.env["CRONOTOPO_LONG"]) {
  test("the demo loads on every day of a year", { timeout: 600_000 }, async () => {
    for (let day = Date.UTC(2027, 0, 1); day < Date.UTC(2028, 0, 1); day += 86_400_000) {
      expect(await demoOn(new Date(day).toISOString().slice(0, 10))).toMatch(/10:15$/);
    }
  });
}
