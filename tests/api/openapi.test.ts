// The description of the API is OpenAPI 3.1 to others as well, and the server gives the same one.
import { execFileSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Client } from "./openapi.ts";
import { run, scratch, start } from "./server.ts";

const redocly = join(import.meta.dirname, "..", "node_modules", ".bin", "redocly");

/** What Redocly finds wrong with a description. */
function faults(description: string): string[] {
  const dir = scratch();
  const file = join(dir, "openapi.json");
  const env = { ...process.env, REDOCLY_TELEMETRY: "off", REDOCLY_SUPPRESS_UPDATE_NOTICE: "true" };
  writeFileSync(file, description);
  try {
    execFileSync(redocly, ["lint", file, "--extends=minimal", "--format=json"], { encoding: "utf8", env, stdio: "pipe" });
    return [];
  } catch (failure) {
    return JSON.parse((failure as { stdout: string }).stdout).problems.map((p: any) => `${p.ruleId}: ${p.message}`);
  } finally {
    rmSync(dir, { recursive: true });
  }
}

test("an independent tool accepts the description", { timeout: 60_000 }, () => {
  expect(faults(run("openapi"))).toEqual([]);
});

test("and refuses one with a fault", { timeout: 60_000 }, () => {
  const broken = JSON.parse(run("openapi"));
  delete broken.components.schemas.Room;
  expect(faults(JSON.stringify(broken))).not.toEqual([]);
});

test("the server gives what the command prints", async () => {
  const server = await start();
  const answer = await new Client(server.url).get("/api/v1/openapi.json");
  expect(answer.json).toEqual(JSON.parse(run("openapi")));
  expect(await server.stop()).toBe(0);
});
