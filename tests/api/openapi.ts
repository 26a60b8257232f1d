// A client that holds every answer against the server's own description: status, type and schema.
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import { run } from "./server.ts";

export interface Operation {
  method: string;
  path: string;
  resource: string;
  verb: string;
  roles: string[];
}

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  json: any;
}

export interface Ask {
  body?: unknown; // sent as JSON
  raw?: string; // sent as it is
  match?: number | string; // If-Match
  headers?: Record<string, string>;
}

const document: any = JSON.parse(run("openapi"));
const ajv = new Ajv2020({ strict: false, allErrors: true });
formats.default(ajv);
ajv.addSchema(document, "api");
const validators = new Map<string, ValidateFunction>();

/** Every operation that the server describes. */
export function operations(): Operation[] {
  return Object.entries<any>(document.paths).flatMap(([path, methods]) =>
    Object.entries<any>(methods).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path,
      ...operation["x-access"],
    })),
  );
}

const templates = Object.keys(document.paths).map((path) => ({
  path,
  literal: path.replace(/\{[^}]+\}/g, "").length,
  shape: new RegExp(`^${path.replace(/[.*+?^$()|[\]\\]/g, "\\$&").replace(/\{[^}]+\}/g, "[^/]+")}$`),
}));

/** The described path that `path` is one of; the most literal one wins, as in the server. */
function template(path: string): string | undefined {
  return templates
    .filter((t) => t.shape.test(path))
    .sort((a, b) => b.literal - a.literal)[0]?.path;
}

const pointer = (...keys: string[]): string =>
  keys.map((k) => "/" + encodeURIComponent(k.replace(/~/g, "~0").replace(/\//g, "~1"))).join("");

/** What is wrong with an answer by the description, or undefined. */
export function findFault(method: string, url: string, answer: Answer): string | undefined {
  const path = template(url.split("?")[0]!);
  const name = method.toLowerCase();
  const operation = path && document.paths[path][name];
  if (!operation) return answer.status === 404 || answer.status === 405 ? undefined : "no route";
  const type = answer.headers.get("content-type")?.split(";")[0] ?? "";
  const status = String(answer.status);
  if (!(status in operation.responses) && answer.status < 400) return `${status} is not described`;
  const content = operation.responses[status]?.content;
  if (status in operation.responses && !content) return undefined;
  const steps = content
    ? ["paths", path, name, "responses", status, "content", type, "schema"]
    : ["components", "responses", "Problem", "content", type, "schema"];
  if (content ? !(type in content) : type !== "application/problem+json") {
    return `${status} comes as ${type}`;
  }
  const ref = `api#${pointer(...steps)}`;
  const validate = validators.get(ref) ?? ajv.compile({ $ref: ref });
  validators.set(ref, validate);
  if (type.endsWith("json") && !validate(answer.json)) return ajv.errorsText(validate.errors);
  return undefined;
}

/** One browser: a cookie jar of one cookie, and answers that are always checked. */
export class Client {
  cookie = "";

  constructor(readonly url: string) {}

  async call(method: string, path: string, ask: Ask = {}): Promise<Answer> {
    const headers: Record<string, string> = { origin: this.url, ...ask.headers };
    if (this.cookie) headers["cookie"] = this.cookie;
    if (ask.match !== undefined) headers["if-match"] = `"${ask.match}"`;
    const body = ask.raw ?? (ask.body === undefined ? undefined : JSON.stringify(ask.body));
    if (body !== undefined && !headers["content-type"]) headers["content-type"] = "application/json";
    const reply = await fetch(this.url + path, {
      method,
      headers,
      redirect: "manual",
      ...(body === undefined ? {} : { body }),
    });
    const text = await reply.text();
    const isJson = /json/.test(reply.headers.get("content-type") ?? "");
    const answer = { status: reply.status, headers: reply.headers, text, json: isJson ? JSON.parse(text) : undefined };
    const set = /^(cronotopo=[^;]*)/.exec(reply.headers.get("set-cookie") ?? "");
    if (set) this.cookie = set[1]!;
    const fault = findFault(method, path, answer);
    if (fault) throw new Error(`${method} ${path} -> ${answer.status}: ${fault}\n${text}`);
    return answer;
  }

  get(path: string, ask?: Ask): Promise<Answer> {
    return this.call("GET", path, ask);
  }

  /** Opens a sign-in link. */
  async enter(link: string): Promise<this> {
    await this.call("GET", new URL(link).pathname);
    return this;
  }

  /** Creates a row and returns it; throws where that fails. */
  async add(collection: string, body: object): Promise<any> {
    const answer = await this.call("POST", `/api/v1/${collection}`, { body });
    if (answer.status !== 201) throw new Error(`POST ${collection}: ${answer.text}`);
    return answer.json;
  }
}
