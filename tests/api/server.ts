// The real binary, started on a port the kernel chooses, in a folder of its own.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const root = join(import.meta.dirname, "..", "..");
const places = ["build/w/server/cronotopo", "build/server/cronotopo", "build/cronotopo"];

/** The binary under test: $CRONOTOPO, or where a build puts it. */
export function binary(): string {
  const found =
    process.env["CRONOTOPO"] ?? places.map((p) => join(root, p)).find((p) => existsSync(p));
  if (!found) throw new Error("no cronotopo binary: build it, or set CRONOTOPO");
  return found;
}

/** A new folder below the system's temporary one. */
export function scratch(): string {
  return mkdtempSync(join(tmpdir(), "cronotopo-"));
}

/** Runs a subcommand to its end and returns what it printed; throws where it fails. */
export function run(...args: string[]): string {
  return execFileSync(binary(), args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}

export interface Server {
  url: string; // the first address, without a slash at its end
  port: number;
  dir: string;
  db: string;
  addresses: string[];
  child: ChildProcess;
  stdout(): string;
  stderr(): string;
  /** Sends SIGTERM, waits, removes the folder, returns the exit code. */
  stop(): Promise<number | null>;
}

export interface Options {
  args?: string[]; // more options of `serve`
  dir?: string; // a folder of the caller's, kept at the end
  db?: string; // a database made before; otherwise an empty one is made
  addresses?: number; // how many lines "listening on" to wait for (1)
  env?: Record<string, string>;
}

/** Starts `serve` and waits until it listens. */
export async function start(options: Options = {}): Promise<Server> {
  const dir = options.dir ?? scratch();
  const db = options.db ?? join(dir, "cronotopo.db");
  const args = ["serve", "--db", db, "--port", "0", "--create", ...(options.args ?? [])];
  const child = spawn(binary(), args, {
    cwd: dir,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...options.env },
  });
  let output = "";
  let errors = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (errors += text));
  const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
  const addresses = await listening(child, options.addresses ?? 1, ended, () => errors);
  const url = addresses[0]!;
  return {
    url,
    port: Number(/:(\d+)$/.exec(url)?.[1]),
    dir,
    db,
    addresses,
    child,
    stdout: () => output,
    stderr: () => errors,
    stop: async () => {
      child.kill("SIGTERM");
      const code = await ended;
      if (!options.dir) rmSync(dir, { recursive: true, force: true });
      return code;
    },
  };
}

async function listening(
  child: ChildProcess,
  wanted: number,
  ended: Promise<number | null>,
  errors: () => string,
): Promise<string[]> {
  const found: string[] = [];
  const lines = createInterface({ input: child.stdout! });
  const ready = new Promise<string[]>((resolve) => {
    lines.on("line", (line) => {
      const address = /^listening on (.+)$/.exec(line)?.[1];
      if (address) found.push(address);
      if (found.length === wanted) resolve(found);
    });
  });
  const failed = ended.then((code): never => {
    throw new Error(`serve ended with ${code} before it listened:\n${errors()}`);
  });
  failed.catch(() => undefined); // it ends normally, later
  return Promise.race([ready, failed]);
}
