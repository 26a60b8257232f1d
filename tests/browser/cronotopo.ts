/* Starts the real server for browser tests: one demo alliance a worker, on a port the kernel picks,
 * in a scratch folder. `test` gives each case its address and a way in for every role. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { test as base } from '@playwright/test';
import type { Page } from '@playwright/test';

export type Lang = 'it' | 'en';
export type Role = 'coordinator' | 'trainer' | 'contact' | 'participant' | 'technician' | 'inspector' | 'admin';

export interface Cronotopo {
  url: string;
  /* The click-to-enter address of each role, as the server prints it. */
  links: Partial<Record<Role, string>>;
}

const BINARY = process.env['CRONOTOPO'] ?? resolve(import.meta.dirname, '../../build/cronotopo');
const START_MS = 30_000;
const ROLE_WORDS: Record<Role, RegExp> = {
  coordinator: /coordin/i,
  trainer: /docen|teach|train/i,
  contact: /referente|contact/i,
  participant: /particip|partecip/i,
  technician: /tecnic|technic/i,
  inspector: /ispett|inspect/i,
  admin: /ammin|admin/i,
};

/* The last role whose word stands on the line before its link. */
function roleOf(words: string): Role | undefined {
  return (Object.keys(ROLE_WORDS) as Role[]).find((role) => ROLE_WORDS[role].test(words));
}

interface Started extends Cronotopo {
  stop: () => Promise<void>;
}

async function listen(child: ChildProcess): Promise<Cronotopo> {
  const found: Cronotopo = { url: '', links: {} };
  const heard: string[] = [];
  return new Promise((done, fail) => {
    const late = setTimeout(
      () => fail(new Error(`the server said no address in time:\n${heard.join('\n')}`)),
      START_MS,
    );
    child.once('error', fail);
    child.once('exit', (code) => fail(new Error(`the server ended with ${String(code)}:\n${heard.join('\n')}`)));
    child.stderr?.on('data', (text: Buffer) => heard.push(text.toString()));
    createInterface({ input: child.stdout! }).on('line', (line) => {
      heard.push(line);
      const link = /(https?:\/\/[^\s/]+)?(\/enter\/\S+)/.exec(line);
      const role = link && roleOf(line.slice(0, link.index));
      const address = /https?:\/\/[^\s/]+/.exec(line);
      found.url ||= address?.[0].replace('127.0.0.1', 'localhost') ?? '';
      if (link && role) {
        found.links[role] ??= link[2]!;
      }
      if (found.url && found.links.coordinator && found.links.trainer && found.links.participant) {
        clearTimeout(late);
        setTimeout(() => done(found), 200); /* the lines of the other roles */
      }
    });
  });
}

export async function start(): Promise<Started> {
  const folder = mkdtempSync(join(tmpdir(), 'cronotopo-browser-'));
  const child = spawn(
    BINARY,
    [
      'serve',
      '--demo',
      '--port',
      '0',
      ...(process.env['CRONOTOPO_WEB'] ? ['--web', process.env['CRONOTOPO_WEB']] : []),
    ],
    {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, TMPDIR: folder },
    },
  );
  const stop = async () => {
    const ended = new Promise((done) => child.once('close', done));
    child.removeAllListeners('exit');
    child.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    return { ...(await listen(child)), stop };
  } catch (failure) {
    child.kill('SIGKILL');
    throw failure;
  }
}

interface Enter {
  (page: Page, role: Role | null, lang?: Lang): Promise<void>;
}

export const test = base.extend<{ enter: Enter }, { cronotopo: Cronotopo }>({
  cronotopo: [
    // eslint-disable-next-line no-empty-pattern
    async ({}, use) => {
      const { stop, ...server } = await start();
      await use(server);
      await stop();
    },
    { scope: 'worker', timeout: 60_000 },
  ],
  baseURL: async ({ cronotopo }, use) => use(cronotopo.url),
  /* Signs the page in as a role (null: nobody) and sets the device's language. */
  enter: async ({ cronotopo }, use) =>
    use(async (page, role, lang = 'it') => {
      await page.addInitScript((chosen) => localStorage.setItem('cronotopo.lang', chosen), lang);
      const link = role && cronotopo.links[role];
      if (role && !link) {
        throw new Error(`the demo prints no link for ${role}`);
      }
      if (link) {
        await page.goto(cronotopo.url + link);
        await page.locator('main h1').waitFor();
      }
    }),
});

export { expect } from '@playwright/test';
