/* From an empty alliance to a published course: five fields, one press of Pianifica, one release. */
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

import { expect, test as base } from '@playwright/test';

const BINARY = process.env['CRONOTOPO'] ?? resolve(import.meta.dirname, '../../build/cronotopo');
const COORDINATOR = 'rita.bruni@example.org';
const DAY_MS = 86_400_000;

interface Empty {
  url: string;
  /* The coordinator's way in. */
  link: string;
}

const test = base.extend<{ empty: Empty }>({
  // eslint-disable-next-line no-empty-pattern
  empty: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'cronotopo-empty-'));
    const db = join(folder, 'alliance.db');
    const run = (...args: string[]) => execFileSync(BINARY, args, { encoding: 'utf8' });
    run(
      'init',
      '--db',
      db,
      '--name',
      'Alleanza di prova',
      '--email',
      'ada.neri@example.org',
      '--given-name',
      'Ada',
      '--family-name',
      'Neri',
    );
    run('user', '--db', db, 'add', COORDINATOR, 'Rita', 'Bruni');
    run('user', '--db', db, 'role', COORDINATOR, 'coordinator');
    const link = new URL(run('user', '--db', db, 'link', COORDINATOR).trim()).pathname;
    const web = process.env['CRONOTOPO_WEB'];
    const child = spawn(BINARY, ['serve', '--db', db, '--port', '0', ...(web ? ['--web', web] : [])], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const url = await new Promise<string>((done, fail) => {
      child.once('exit', (code) => fail(new Error(`the server ended with ${String(code)}`)));
      createInterface({ input: child.stdout }).on('line', (line) => {
        const address = /https?:\/\/[^\s/]+/.exec(line);
        if (address) {
          done(address[0].replace('127.0.0.1', 'localhost'));
        }
      });
    });
    await use({ url, link });
    const ended = new Promise((done) => child.once('close', done));
    child.removeAllListeners('exit');
    child.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  },
});

const inDays = (n: number): string => new Date(Date.now() + n * DAY_MS).toISOString().slice(0, 10);

test('five fields make a course, which is planned and published', async ({ page, empty }) => {
  await page.addInitScript(() => localStorage.setItem('cronotopo.lang', 'it'));
  await page.goto(empty.url + empty.link);
  await page.locator('main h1').waitFor();
  await page.getByRole('link', { name: 'Nuovo corso' }).click();
  await page.getByRole('button', { name: 'Crea il corso' }).click();
  await expect(page.getByText('Compila questo campo.').first()).toBeVisible();

  await page.getByLabel('Titolo del corso').fill('Lavoro agile nei piccoli comuni');
  await page.getByLabel('Ore in tutto').fill('12');
  await page.getByLabel('Primo giorno possibile').fill(inDays(14));
  await page.getByLabel('Ultimo giorno possibile').fill(inDays(60));
  await page.getByLabel('A chi si rivolge').selectOption({ label: 'tecnici' });
  await page.getByLabel('Sede').fill('Municipio');
  await page.getByLabel('Aula').fill('Sala consiliare');
  await page
    .getByRole('group', { name: /un’aula/ })
    .getByLabel('Posti')
    .fill('30');
  await page.getByLabel('Nome', { exact: true }).fill('Elena');
  await page.getByLabel('Cognome').fill('Colombo');
  await page.getByRole('button', { name: 'Crea il corso' }).click();

  await expect(page).toHaveURL(/\/projects\/[^/]+\/board\?/);
  await expect(page.locator('.waiting')).toHaveCount(3);
  await page.getByRole('button', { name: 'Pianifica' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Avvia' }).click();
  await expect(page.getByText('Tutti gli incontri hanno un posto.')).toBeVisible({ timeout: 20_000 });
  await expect(page.locator('.run-report').getByText('Nessuna regola violata')).toBeVisible({ timeout: 20_000 });

  await page.getByRole('link', { name: 'Rivedi e pubblica' }).click();
  await expect(page.locator('.change')).toHaveCount(3);
  await page.getByLabel('Nome della pubblicazione').fill('Il primo corso');
  await page.getByRole('button', { name: 'Pubblica ora' }).click();
  await expect(page.getByRole('heading', { name: 'Il primo corso' })).toBeVisible();
  await page.goto(`${empty.url}/courses`);
  await page.getByRole('link', { name: 'Lavoro agile nei piccoli comuni' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Lavoro agile nei piccoli comuni' })).toBeVisible();
});

test('a room is added, changed, refused with the reason on its field, and deleted', async ({ page, empty }) => {
  await page.addInitScript(() => localStorage.setItem('cronotopo.lang', 'it'));
  await page.goto(empty.url + empty.link);
  await page.locator('main h1').waitFor();
  await page.goto(`${empty.url}/venues?tab=venues`);
  await page.getByRole('button', { name: 'Nuova sede' }).click();
  await page.getByRole('dialog').getByLabel('Nome').fill('Municipio');
  await page.getByRole('button', { name: 'Salva' }).click();
  await expect(page.getByText('Salvato: Municipio')).toBeVisible();

  await page.getByRole('link', { name: 'Aule', exact: true }).click();
  await page.getByRole('button', { name: 'Nuova aula' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Sede').selectOption({ label: 'Municipio' });
  await dialog.getByLabel('Nome').fill('Sala consiliare');
  await dialog.getByLabel('Posti', { exact: true }).fill('30');
  await dialog.getByLabel('Posti con distanziamento').fill('40');
  await dialog.getByRole('button', { name: 'Salva' }).click();
  await expect(dialog.getByLabel('Posti con distanziamento')).toHaveAttribute('aria-invalid', 'true');
  await dialog.getByLabel('Posti con distanziamento').fill('12');
  await dialog.getByRole('button', { name: 'Salva' }).click();
  await expect(dialog).toBeHidden();

  const edit = page.getByRole('button', { name: 'Modifica: Sala consiliare, Municipio' });
  await edit.click();
  await page.getByRole('dialog').getByRole('button', { name: 'Elimina' }).click();
  const sure = page.getByRole('dialog', { name: 'Eliminare Sala consiliare, Municipio?' });
  await sure.getByRole('button', { name: 'Annulla' }).click();
  await expect(page.getByRole('button', { name: 'Elimina' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(edit).toBeFocused();
  await edit.click();
  await page.getByRole('dialog').getByRole('button', { name: 'Elimina' }).click();
  await sure.getByRole('button', { name: 'Elimina' }).click();
  await expect(page.getByText('Qui non c’è ancora nulla')).toBeVisible();
});

test('a row changed meanwhile keeps one’s own edits and says who changed it', async ({ page, empty }) => {
  await page.addInitScript(() => localStorage.setItem('cronotopo.lang', 'it'));
  await page.goto(empty.url + empty.link);
  await page.locator('main h1').waitFor();
  const headers = { 'Origin': empty.url, 'Content-Type': 'application/json' };
  const made = await page.request.post(`${empty.url}/api/v1/venues`, { data: { name: 'Municipio' }, headers });
  const { id, version } = (await made.json()) as { id: string; version: number };
  await page.goto(`${empty.url}/venues?tab=venues`);
  await page.getByRole('button', { name: 'Modifica: Municipio' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Indirizzo').fill('Piazza Vittoria 1');
  await page.request.patch(`${empty.url}/api/v1/venues/${id}`, {
    data: { name: 'Palazzo comunale' },
    headers: { ...headers, 'If-Match': `"${version}"` },
  });
  await dialog.getByRole('button', { name: 'Salva' }).click();
  await expect(dialog.getByText(/Rita Bruni ha modificato questi dati il/)).toBeVisible();
  await expect(dialog.getByLabel('Nome')).toHaveValue('Palazzo comunale');
  await expect(dialog.getByLabel('Indirizzo')).toHaveValue('Piazza Vittoria 1');
  await dialog.getByRole('button', { name: 'Salva' }).click();
  await expect(dialog).toBeHidden();
});
