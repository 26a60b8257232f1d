// Mail through a real SMTP server (aiosmtpd), parsed there by another library.
import { type ChildProcess, spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Client } from "./client.ts";
import { run, scratch, type Server, start } from "./server.ts";

interface Mail {
  from: string;
  to: string[];
  header_from: string;
  subject: string;
  defects: string[];
  parts: { type: string; charset: string | null; text: string | null }[];
}

let sink: ChildProcess;
let lines: AsyncIterableIterator<string>;
let server: Server;
let first: string; // the first administrator's one-time link

beforeAll(async () => {
  sink = spawn("/usr/bin/python3", [join(import.meta.dirname, "smtp_sink.py")], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  lines = createInterface({ input: sink.stdout! })[Symbol.asyncIterator]();
  const port = (await lines.next()).value as string;
  const dir = scratch();
  const db = join(dir, "mail.db");
  first = run("init", "--name", "Alleanza è qui", "--db", db, "--email", "anna@posta.example",
    "--given-name", "Zoë", "--family-name", "D'Angelo").trim();
  run("user", "add", "nobody@posta.example", "Carla", "Nessuno", "--db", db);
  const config = join(dir, "cronotopo.conf");
  writeFileSync(config, `[mail]\nsmtp=smtp://127.0.0.1:${port}\nfrom-name=Alleanza è qui\n` +
    "from-address=alleanza@posta.example\n");
  server = await start({ dir, db, args: ["--config", config] });
});

afterAll(async () => {
  await server?.stop();
  sink?.stdin!.end();
});

test("a sign-in link arrives, reads as written, and signs in once", async () => {
  const browser = new Client(server.url);
  const asked = await browser.post("/api/v1/sign-in/link", { email: "Anna@posta.example" });
  expect(asked.status).toBe(202);
  const mail = JSON.parse((await lines.next()).value as string) as Mail;
  expect(mail.to).toEqual(["anna@posta.example"]);
  expect(mail.from).toBe("alleanza@posta.example");
  expect(mail.header_from).toBe("Alleanza è qui <alleanza@posta.example>");
  expect(mail.subject).toBe("Il tuo accesso a Alleanza è qui");
  expect(mail.defects).toEqual([]);
  expect(mail.parts.map((p) => p.type)).toEqual(["text/plain", "text/html"]);
  expect(mail.parts[0]!.text).toContain("Ciao Zoë,");
  const link = /https?:\/\/\S+/.exec(mail.parts[0]!.text!)![0];
  expect(link.startsWith(server.url)).toBe(true);
  const page = await browser.get(new URL(link).pathname); // a mail scanner's GET signs nobody in
  expect((await browser.get("/api/v1/me")).json.signed_in).toBe(false);
  const token = new URL(page.headers.get("location")!, server.url).searchParams.get("t");
  expect((await browser.post("/api/v1/sign-in/confirm", { token })).status).toBe(200);
  expect((await browser.get("/api/v1/me")).json.person.given_name).toBe("Zoë");
  const again = await new Client(server.url).post("/api/v1/sign-in/confirm", { token });
  expect(again.status).toBe(410);
});

test("a refused address ends as failed, with the server's words, in the outbox", async () => {
  const admin = new Client(server.url);
  expect((await admin.get(new URL(first).pathname)).status).toBe(303);
  await admin.post("/api/v1/sign-in/link", { email: "nobody@posta.example" });
  const failed = async () => (await admin.get("/api/v1/messages?state=failed")).json.items;
  await expect.poll(async () => (await failed()).length, { timeout: 10_000 }).toBe(1);
  const [message] = await failed();
  expect(message.to_address).toBe("nobody@posta.example");
  expect(message.error).toContain("550");
  expect(message.tries).toBe(1); // a 5xx is not tried again
});

test("caught mail exists in the demo alone", async () => {
  const admin = new Client(server.url);
  expect((await admin.get("/api/v1/demo/mail")).status).toBeGreaterThanOrEqual(401);
});
