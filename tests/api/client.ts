// People who use a server: browsers with a cookie, and the demo's one-click links.
import { randomUUID } from "node:crypto";
import { findFault } from "./openapi.ts";
import { type Server, start } from "./server.ts";

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  json: any; // undefined where the body is no JSON
}

/** A browser: keeps cookies, follows nothing. */
export class Client {
  readonly cookies = new Map<string, string>();

  constructor(public url: string) {}

  async ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
    const response = await fetch(new URL(path, this.url), {
      method,
      redirect: "manual",
      headers: {
        ...(this.cookies.size ? { cookie: this.cookie() } : {}),
        ...(method === "GET" ? {} : { origin: new URL(this.url).origin }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    for (const line of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)!;
      if (value) this.cookies.set(name!, value);
      else this.cookies.delete(name!);
    }
    const text = await response.text();
    let json: any;
    try {
      json = JSON.parse(text);
    } catch {
      json = undefined;
    }
    const answer: Answer = { status: response.status, headers: response.headers, text, json };
    const fault = findFault(method, new URL(path, this.url).pathname, answer);
    if (fault) throw new Error(`${method} ${path} -> ${answer.status}: ${fault}\n${text}`);
    return answer;
  }

  cookie(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  }

  get(path: string, headers?: Record<string, string>) {
    return this.ask("GET", path, undefined, headers);
  }

  post(path: string, body: unknown, headers?: Record<string, string>) {
    return this.ask("POST", path, body, headers);
  }
}

/** The demo as it opens: a session of the trainer goes on now. */
export function startDemo(
  dir?: string,
  db?: string,
  env?: Record<string, string>,
): Promise<Server> {
  return start({
    args: ["--demo"],
    ...(dir ? { dir } : {}),
    ...(db ? { db } : {}),
    ...(env ? { env } : {}),
  });
}

/** Signs in by the link that the demo prints for a role, as it is called in Italian. */
export async function enter(server: Server, role: string): Promise<Client> {
  const pattern = new RegExp(`${role}\\s+\\S+(/enter/\\S+)`);
  for (let tries = 0; tries < 200 && !pattern.test(server.stdout()); tries++) {
    await new Promise((resolve) => setImmediate(resolve));
    await fetch(new URL("/healthz", server.url)); // paces the loop by the server itself
  }
  const path = pattern.exec(server.stdout())?.[1];
  if (!path) throw new Error(`the demo printed no link for ${role}:\n${server.stdout()}`);
  const client = new Client(server.url);
  const answer = await client.get(path);
  if (answer.status !== 303) throw new Error(`/enter gave ${answer.status}`);
  return client;
}

/** The session that goes on now, of those the client teaches. */
export async function sessionNow(client: Client): Promise<any> {
  const me = (await client.get("/api/v1/me")).json;
  const items = (await client.get("/api/v1/me/sessions")).json.items as any[];
  const now = Date.parse(me.now);
  const found = items.find((s) => Date.parse(s.starts_at) <= now && now < Date.parse(s.ends_at));
  if (!found) throw new Error("no session goes on now");
  return found;
}

/** Seats for as many as a test brings. */
export async function widen(coordinator: Client, edition: string, seats: number) {
  const path = `/api/v1/editions/${edition}`;
  const version = (await coordinator.get(path)).headers.get("etag")!;
  const answer = await coordinator.ask("PATCH", path, { seats }, { "if-match": version });
  if (answer.status !== 200) throw new Error(`editions: ${answer.text}`);
}

/** Sends what prepares a test, as slowly as the server asks for. */
async function prepare(client: Client, path: string, body: unknown): Promise<any> {
  for (;;) {
    const answer = await client.post(path, body);
    if (answer.status === 201) return answer.json;
    if (answer.status !== 429) throw new Error(`${path}: ${answer.text}`);
    const seconds = Number(answer.headers.get("retry-after"));
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  }
}

/** A person with a seat in the edition, signed in by a mailed link. */
export async function seated(server: Server, coordinator: Client, edition: string) {
  const email = `${randomUUID()}@prova.example`;
  const names = { given_name: "Prova", family_name: email.slice(0, 8) };
  const person = await prepare(coordinator, "/api/v1/people", { ...names, email });
  await prepare(coordinator, "/api/v1/enrolments", { edition, person: person.id });
  return { id: person.id as string, client: await signInByMail(server, email) };
}

async function signInByMail(server: Server, email: string): Promise<Client> {
  const client = new Client(server.url);
  const sent = await client.post("/api/v1/sign-in/link", { email });
  if (sent.status !== 202) throw new Error(`sign-in/link: ${sent.text}`);
  const caught = async (path: string): Promise<any> =>
    (await fetch(new URL(`/api/v1/demo/mail${path}`, server.url))).json();
  const mail = (await caught("")).items.find((m: any) => m.to_address === email);
  const token = /\/enter\/([\w-]+)/.exec((await caught(`/${mail.id}`)).text)![1];
  const confirmed = await client.post("/api/v1/sign-in/confirm", { token });
  if (confirmed.status !== 200) throw new Error(`sign-in/confirm: ${confirmed.text}`);
  return client;
}
