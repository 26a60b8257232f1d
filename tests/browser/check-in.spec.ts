/* Check-in on a bad network: what was recorded survives a reload and is sent exactly once. */
import type { APIRequestContext, Page } from '@playwright/test';

import { violations } from './axe.ts';
import { expect, test } from './cronotopo.ts';
import { idsFor } from './screens.ts';

/* Counts the presences that really leave the page. */
function countSent(page: Page): () => number {
  let sent = 0;
  page.on('requestfinished', (request) => {
    sent += request.method() === 'POST' && request.url().endsWith('/api/v1/checkins') ? 1 : 0;
  });
  return () => sent;
}

async function codeOf(request: APIRequestContext, session: string): Promise<string> {
  const answer = await request.get(`/api/v1/sessions/${session}/code`);
  return ((await answer.json()) as { code: string }).code;
}

/* Waits until the worker can open the page without a network. */
async function workerReady(page: Page): Promise<void> {
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.reload();
  await expect.poll(() => page.evaluate(() => navigator.serviceWorker.controller !== null)).toBe(true);
  await page.getByLabel('Codice di 6 caratteri').waitFor();
}

test('an offline check-in survives a reload and is sent exactly once', async ({ page, browser, enter, cronotopo }) => {
  const trainer = await browser.newContext({ baseURL: cronotopo.url });
  await trainer.request.get(cronotopo.links.trainer!);
  const { session } = await idsFor(trainer.request, cronotopo.url);
  await enter(page, 'participant');
  const sent = countSent(page);
  await page.goto('/check-in');
  await workerReady(page);
  const code = await codeOf(trainer.request, session);

  await page.context().setOffline(true);
  await page.getByLabel('Codice di 6 caratteri').fill(code);
  await expect(page.getByText('Presenza salvata')).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await expect(page.getByText('1 presenza da inviare')).toBeVisible();
  await page.reload();
  await expect(page.getByText('1 presenza da inviare')).toBeVisible();
  expect(sent()).toBe(0);

  await page.context().setOffline(false);
  await expect(page.getByText('1 presenza da inviare')).toBeHidden({ timeout: 20_000 });
  await page.reload();
  await page.getByLabel('Codice di 6 caratteri').waitFor();
  await page.waitForTimeout(500);
  expect(sent()).toBe(1);
  await trainer.close();
});

test('a typed code is recorded at once, and the trainer sees it', async ({ page, browser, enter, cronotopo }) => {
  const board = await (await browser.newContext({ baseURL: cronotopo.url, locale: 'it-IT' })).newPage();
  await enter(board, 'trainer');
  const { session } = await idsFor(board.request, cronotopo.url);
  await board.goto(`/live/${session}`);
  await enter(page, 'participant');
  const me = (await (await page.request.get('/api/v1/me')).json()) as { person: { given_name: string; family_name: string } };
  const row = board.locator('.roster-row', { hasText: `${me.person.given_name} ${me.person.family_name}` });
  await row.waitFor();

  const record = async (kind: string, heading: string) => {
    await page.getByText(kind, { exact: true }).click();
    await page.getByLabel('Codice di 6 caratteri').fill(await codeOf(board.request, session));
    await expect(page.getByRole('heading', { name: heading })).toBeVisible();
  };
  await page.goto('/check-in');
  await record('Entrata', 'Presenza registrata');
  await expect(row.getByRole('button', { name: 'Segna uscita' })).toBeVisible();
  await page.getByRole('button', { name: 'Registra un altro codice' }).click();
  await record('Uscita', 'Uscita registrata');
  await expect(row.getByText('uscita', { exact: true })).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Registra un altro codice' }).click();
  await record('Entrata', 'Presenza registrata');
  await expect(row.getByRole('button', { name: 'Segna uscita' })).toBeVisible();
  await board.context().close();
});

test('a link scanned without a network is kept, and sent exactly once', async ({ page, browser, enter, cronotopo }) => {
  const trainer = await browser.newContext({ baseURL: cronotopo.url });
  await trainer.request.get(cronotopo.links.trainer!);
  const { session } = await idsFor(trainer.request, cronotopo.url);
  await enter(page, 'participant');
  const sent = countSent(page);
  await page.goto('/check-in');
  await workerReady(page);
  const answer = await trainer.request.get(`/api/v1/sessions/${session}/code`);
  const { link } = (await answer.json()) as { link: string };

  await page.context().setOffline(true);
  await page.goto(new URL(link).pathname);
  await expect(page.getByText('1 presenza da inviare')).toBeVisible();
  await expect(page).toHaveURL(/\/check-in$/);
  await page.reload();
  await expect(page.getByText('1 presenza da inviare')).toBeVisible();

  await page.context().setOffline(false);
  await expect(page.getByText('1 presenza da inviare')).toBeHidden({ timeout: 20_000 });
  await expect(page.getByText('Presenza non accettata')).toBeHidden();
  expect(sent()).toBe(1);
  await trainer.close();
});

test('check-in works over plain http, without locks and randomUUID', async ({ page, browser, enter, cronotopo }) => {
  const trainer = await browser.newContext({ baseURL: cronotopo.url });
  await trainer.request.get(cronotopo.links.trainer!);
  const { session } = await idsFor(trainer.request, cronotopo.url);
  await page.addInitScript(() => {
    delete (Navigator.prototype as { locks?: unknown }).locks;
    delete (Crypto.prototype as { randomUUID?: unknown }).randomUUID;
  });
  await enter(page, 'participant');
  await page.goto('/check-in');
  expect(await page.evaluate(() => 'locks' in navigator || 'randomUUID' in crypto)).toBe(false);
  await page.getByLabel('Codice di 6 caratteri').fill(await codeOf(trainer.request, session));
  await expect(page.getByRole('heading', { name: 'Presenza registrata' })).toBeVisible();
  await trainer.close();
});

test("a check-in that was kept is not sent under another person's name", async ({ page, enter, cronotopo }) => {
  await enter(page, 'participant');
  const sent = countSent(page);
  await page.goto('/check-in');
  await workerReady(page);
  await page.context().setOffline(true);
  await page.getByLabel('Codice di 6 caratteri').fill('ABC234');
  await expect(page.getByText('1 presenza da inviare')).toBeVisible();
  await page.context().clearCookies();
  await page.goto('about:blank');
  await page.context().setOffline(false);
  await page.goto(cronotopo.url + cronotopo.links.trainer!);
  await page.goto('/check-in');
  await expect(page.getByText('1 presenza da inviare')).toBeVisible();
  await page.waitForTimeout(500);
  expect(sent()).toBe(0);
});

test('a typed code that is wrong is said at once and nothing waits', async ({ page, enter }) => {
  await enter(page, 'participant');
  await page.goto('/check-in');
  await page.getByLabel('Codice di 6 caratteri').fill('ZZZ999');
  await expect(page.getByRole('alert').filter({ hasText: /codice/i })).toBeVisible();
  await expect(page.getByLabel('Codice di 6 caratteri')).toHaveValue('ZZZ999');
  await expect(page.getByText('da inviare')).toBeHidden();
});

test('the trainer marks a presence and takes it back', async ({ page, enter, cronotopo }) => {
  await enter(page, 'trainer');
  const { session } = await idsFor(page.request, cronotopo.url);
  await page.goto(`/live/${session}`);
  await page.getByLabel('Mostra').selectOption({ label: 'Chi manca' });
  const row = page.locator('.roster-row').first();
  const name = await row.getByRole('heading').textContent();
  await row.getByRole('button', { name: 'Segna presenza' }).click();
  await expect(page.getByText(`Presenza segnata: ${name ?? ''}`)).toBeVisible();
  await page.getByLabel('Mostra').selectOption({ label: 'Tutte le persone' });
  const marked = page.locator('.roster-row', { hasText: name ?? '' });
  await expect(marked.getByRole('button', { name: 'Segna uscita' })).toBeVisible();
  await page.getByRole('button', { name: 'Annulla l’operazione' }).click();
  await expect(marked.getByRole('button', { name: 'Segna presenza' })).toBeVisible();
});

test('a scanned link that came too late says so and sends nothing', async ({ page, browser, enter, cronotopo }) => {
  const trainer = await browser.newContext({ baseURL: cronotopo.url });
  await trainer.request.get(cronotopo.links.trainer!);
  const { session } = await idsFor(trainer.request, cronotopo.url);
  await trainer.close();
  await enter(page, 'participant');
  const sent = countSent(page);
  await page.goto(`/c/${session}/Z0000000000000000`);
  await expect(page).toHaveURL(/\/check-in\?session=.*problem=/);
  await expect(page.locator('.notice')).toContainText(/codice/i);
  await page.getByLabel('Codice di 6 caratteri').waitFor();
  expect(sent()).toBe(0);
});
