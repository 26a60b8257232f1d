// An empty alliance with its first administrator, who coordinates as well.
import { join } from "node:path";
import { Client } from "./openapi.ts";
import { run, scratch, type Server, start } from "./server.ts";

export interface Alliance {
  server: Server;
  admin: Client;
}

export const adminEmail = "ada@example.org";

/** Made by `init`, served, and entered by the printed link. */
export async function alliance(name = "Alleanza d'Està"): Promise<Alliance> {
  const dir = scratch();
  const db = join(dir, "alliance.db");
  const link = run("init", "--name", name, "--db", db, "--email", adminEmail).trim();
  const server = await start({ dir, db });
  const admin = await new Client(server.url).enter(link);
  return { server, admin };
}

/** A link that signs the person in; the server must not be running. */
export function link(db: string, email: string): string {
  return run("user", "link", email, "--db", db).trim();
}
