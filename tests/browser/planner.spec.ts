/* The coordinator plans: drags, moves by form, runs the planner, publishes, meets another hand. Each
 * case has a server of its own, because they all change the same draft. */
import type { APIRequestContext, Page } from '@playwright/test';

import { expect, test as shared } from './cronotopo.ts';
import { start } from './cronotopo.ts';
import type { Cronotopo } from './cronotopo.ts';

interface Placement {
  session: string;
  date: string;
  start: string;
  room: string | null;
  trainers: string[];
  version: number;
  pinned: boolean;
  published: string;
}
interface Draft {
  version: number;
  sessions: { id: string; title: string; edition_code: string; modality: string; length_minutes: number }[];
  placements: Placement[];
  unplaced: { session: string }[];
  rooms: { id: string; name: string }[];
}

const test = shared.extend<{ own: Cronotopo; coordinator: Page; project: string }>({
  // eslint-disable-next-line no-empty-pattern
  own: async ({}, use) => {
    const { stop, ...server } = await start();
    await use(server);
    await stop();
  },
  coordinator: async ({ page, own }, use) => {
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.addInitScript(() => localStorage.setItem('cronotopo.lang', 'it'));
    await page.goto(own.url + own.links.coordinator);
    await page.locator('main h1').waitFor();
    await use(page);
  },
  project: async ({ coordinator, own }, use) => {
    const { items } = (await (await coordinator.request.get(`${own.url}/api/v1/projects`)).json()) as {
      items: { id: string; code: string }[];
    };
    await use(items.find(({ code }) => code === 'NS')!.id);
  },
});

async function readDraft(request: APIRequestContext, url: string, project: string): Promise<Draft> {
  return (await (await request.get(`${url}/api/v1/projects/${project}/draft`)).json()) as Draft;
}

const headers = (url: string) => ({ Origin: url, 'Content-Type': 'application/json' });

/* Everything placed by the planner, through the API, for the cases that start from a full draft. */
async function planned(request: APIRequestContext, url: string, project: string): Promise<Draft> {
  const made = await request.post(`${url}/api/v1/projects/${project}/plan-runs`, {
    data: { seconds: 2 },
    headers: headers(url),
  });
  const { job } = (await made.json()) as { job: string };
  await expect
    .poll(async () => ((await (await request.get(`${url}/api/v1/jobs/${job}`)).json()) as { state: string }).state, {
      timeout: 20_000,
    })
    .toBe('done');
  return readDraft(request, url, project);
}

/* A new session in a room, and its name on the board. */
function movable(draft: Draft): { placement: Placement; name: string; title: string } {
  const placement = draft.placements.find(({ published, room, pinned }) => published === 'new' && room && !pinned)!;
  const session = draft.sessions.find(({ id }) => id === placement.session)!;
  return { placement, name: `${session.edition_code} ${session.title}`, title: session.title };
}

test('the planner runs, shows its best so far and places every session', async ({
  coordinator: page,
  own,
  project,
}) => {
  await page.goto(`${own.url}/projects/${project}/board`);
  await expect(page.getByRole('complementary', { name: 'Da collocare' }).locator('.waiting').first()).toBeVisible();
  await page.getByRole('button', { name: 'Pianifica' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Avvia' }).click();
  await expect(page.locator('.run-state')).toHaveText(/finito|fermato/, { timeout: 20_000 });
  await expect(page.locator('.run-report').getByText('Nessuna regola violata')).toBeVisible();
  await expect(page.getByText('Tutti gli incontri hanno un posto.')).toBeVisible();
  await expect(page.locator('.matrix .box').first()).toBeVisible();
  const { unplaced, placements } = await readDraft(page.request, own.url, project);
  expect(unplaced).toHaveLength(0);
  expect(placements.length).toBeGreaterThan(100);
});

test('a run stops on demand and keeps the best it found', async ({ coordinator: page, own, project }) => {
  await page.goto(`${own.url}/projects/${project}/board`);
  await page.getByRole('button', { name: 'Pianifica' }).click();
  await page.getByLabel('Per quanto tempo').selectOption({ label: '2 minuti' });
  await page.getByRole('dialog').getByRole('button', { name: 'Avvia' }).click();
  const stop = page.getByRole('button', { name: 'Ferma e tieni il migliore' });
  await stop.click();
  await expect(page.locator('.run-state')).toHaveText(/finito|fermato/, { timeout: 20_000 });
  await expect(stop).toBeHidden();
});

test('the nine rooms of the demo stand above the fold', async ({ coordinator: page, own, project }) => {
  await page.goto(`${own.url}/projects/${project}/board`);
  const { rooms } = await readDraft(page.request, own.url, project);
  const last = page.getByRole('rowheader', { name: new RegExp(rooms[rooms.length - 1]!.name) });
  const box = await last.boundingBox();
  expect(rooms).toHaveLength(9);
  expect(box!.y + box!.height).toBeLessThanOrEqual(800);
});

test('a session is dragged to another day and taken back', async ({ coordinator: page, own, project }) => {
  const draft = await planned(page.request, own.url, project);
  const { placement } = movable(draft);
  await page.goto(`${own.url}/projects/${project}/board?view=rooms&date=${placement.date}`);
  const box = page.locator(`.matrix [data-session="${placement.session}"]`).first();
  await expect(box).toBeVisible();
  const from = (await box.boundingBox())!;
  const cells = box.locator('xpath=ancestor::tr/td');
  const free = (await cells.evaluateAll((all) => all.map((cell, i) => (cell.children.length === 0 ? i : -1)))).filter(
    (i) => i >= 0,
  );
  const target = cells.nth(free[0]!);
  const to = (await target.boundingBox())!;
  const date = (await target.getAttribute('data-drop'))!.split('|')[0]!;
  await page.mouse.move(from.x + 10, from.y + 10);
  await page.mouse.down();
  await page.mouse.move(from.x + 30, from.y + 15);
  await page.mouse.move(to.x + to.width / 2, to.y + to.height / 2, { steps: 4 });
  await expect(page.locator('.drag-hint')).toContainText('Trascini');
  await page.mouse.up();
  await expect(page.locator('.drag-hint')).toBeHidden();
  const forced = page.getByRole('button', { name: 'Salva comunque' });
  const landed = page.locator(`[data-drop^="${date}"] [data-session="${placement.session}"]`);
  await expect(forced.or(landed)).toBeVisible();
  if (await forced.isVisible()) {
    await forced.click();
  }
  await expect(landed).toBeVisible();
  await page.getByRole('button', { name: /^Annulla: spostamento/ }).click();
  await expect(page.locator(`[data-drop^="${placement.date}"] [data-session="${placement.session}"]`)).toBeVisible();
});

test('the form says at once what a place would break, offers better ones and moves by one press', async ({
  coordinator: page,
  own,
  project,
}) => {
  const draft = await planned(page.request, own.url, project);
  const { placement, name } = movable(draft);
  const other =
    draft.placements.find(
      ({ session, date, trainers }) =>
        session !== placement.session &&
        date >= placement.date &&
        trainers[0] !== undefined &&
        trainers[0] === placement.trainers[0],
    ) ?? draft.placements.find(({ session }) => session !== placement.session)!;
  await page.goto(`${own.url}/projects/${project}/board?view=list`);
  const opener = page.locator(`.row-open`, { hasText: name }).first();
  await opener.click();
  const dialog = page.getByRole('dialog', { name: `Sposta: ${name}` });
  await dialog.getByLabel('Giorno').fill(other.date);
  const time = dialog.getByRole('textbox', { name: 'Inizio' });
  await time.fill('3');
  await time.blur();
  await expect(time).toHaveValue('03:00');
  const answer = dialog.locator('.check-answer');
  await expect(answer).toContainText('Questo posto viola una regola');
  await expect(answer.locator('li').first()).not.toBeEmpty();
  await expect(answer).not.toContainText('hard');
  await expect(dialog.getByRole('button', { name: 'Salva comunque' })).toBeVisible();
  const slot = dialog.locator('.slot').first();
  await expect(slot).toBeVisible();
  await slot.click();
  await expect(dialog).toBeHidden();
  await expect(opener).toBeFocused();
  const after = await readDraft(page.request, own.url, project);
  expect(after.version).toBeGreaterThan(draft.version);
});

test('a session is fixed, freed and taken out of the plan', async ({ coordinator: page, own, project }) => {
  const draft = await planned(page.request, own.url, project);
  const { placement } = movable(draft);
  await page.goto(`${own.url}/projects/${project}/board?date=${placement.date}`);
  const box = page.locator(`.matrix [data-session="${placement.session}"]`).first();
  await box.press('Enter');
  await page.getByRole('button', { name: 'Fissa qui' }).click();
  await expect(box).toContainText('fissato');
  await box.press('Enter');
  await page.getByRole('button', { name: 'Lascia libero' }).click();
  await expect(box).not.toContainText('fissato');
  await box.press('Enter');
  await page.getByRole('button', { name: 'Togli dal piano' }).click();
  await expect(box).toBeHidden();
  await expect(page.locator(`.unplaced [data-session="${placement.session}"]`)).toBeVisible();
});

test('whoever comes second learns who moved the session, and nothing is lost', async ({
  coordinator: page,
  own,
  project,
  browser,
}) => {
  const draft = await planned(page.request, own.url, project);
  const { placement, name } = movable(draft);
  await page.goto(`${own.url}/projects/${project}/board?date=${placement.date}`);
  await page.locator(`.matrix [data-session="${placement.session}"]`).first().click();
  const dialog = page.getByRole('dialog', { name: `Sposta: ${name}` });
  await expect(dialog.locator('.slot').first()).toBeVisible();
  const second = await browser.newContext();
  await second.request.get(own.url + own.links.coordinator);
  const moved = await second.request.patch(
    `${own.url}/api/v1/projects/${project}/draft/placements/${placement.session}`,
    {
      data: { date: placement.date, start: '18:00', force: true },
      headers: { ...headers(own.url), 'If-Match': `"${placement.version}"` },
    },
  );
  expect(moved.status()).toBe(200);
  await dialog.getByRole('textbox', { name: 'Inizio' }).fill('11');
  await dialog.getByRole('textbox', { name: 'Inizio' }).blur();
  await dialog.getByRole('button', { name: /^Salva/ }).click();
  await expect(dialog.getByRole('alert').filter({ hasText: /ha cambiato questo incontro il/ })).toBeVisible();
  await expect(dialog.getByRole('textbox', { name: 'Inizio' })).toHaveValue('18:00');
  await second.close();
});

test('a change by another person appears without a reload', async ({ coordinator: page, own, project, browser }) => {
  const draft = await planned(page.request, own.url, project);
  const { placement } = movable(draft);
  await page.goto(`${own.url}/projects/${project}/board?date=${placement.date}`);
  const box = page.locator(`.matrix [data-session="${placement.session}"]`).first();
  await expect(box).toBeVisible();
  const second = await browser.newContext();
  await second.request.get(own.url + own.links.coordinator);
  await second.request.delete(`${own.url}/api/v1/projects/${project}/draft/placements/${placement.session}`, {
    headers: { ...headers(own.url), 'If-Match': `"${placement.version}"` },
  });
  await expect(box).toBeHidden();
  await expect(page.locator(`.unplaced [data-session="${placement.session}"]`)).toBeVisible();
  await second.close();
});

test('chosen sessions go online after a preview of the damage', async ({ coordinator: page, own, project }) => {
  await planned(page.request, own.url, project);
  await page.goto(`${own.url}/projects/${project}/board?view=list`);
  await page.getByLabel('Edizione').selectOption({ label: 'SW-1 Lavoro agile, Melegnano' });
  await page.getByLabel('Scegli tutti quelli in elenco').check();
  await page.getByRole('button', { name: 'Passa a distanza' }).click();
  const dialog = page.getByRole('dialog', { name: 'Passa a distanza' });
  await expect(dialog).toContainText(/\d+ incontri cambiano/);
  await expect(dialog).toContainText(/person[ae] interessat[ae]/);
  await dialog.getByRole('button', { name: 'Applica alla bozza' }).click();
  await expect(dialog).toBeHidden();
  await expect(page.locator('.session-row', { hasText: 'a distanza' }).first()).toBeVisible();
  await expect(page.getByRole('button', { name: /^Annulla: passaggio a distanza/ })).toBeVisible();
});

test('a draft is reviewed and published under a name', async ({ coordinator: page, own, project }) => {
  await planned(page.request, own.url, project);
  await page.goto(`${own.url}/projects/${project}/review`);
  await expect(page.locator('.change').first()).toContainText('Diventa');
  await expect(page.getByText(/riceveranno un messaggio/)).toBeVisible();
  const publish = page.getByRole('button', { name: 'Pubblica ora' });
  await publish.click();
  await expect(page.getByText('Compila questo campo.').first()).toBeVisible();
  await page.getByLabel('Nome della pubblicazione').fill('Prima pubblicazione');
  const reason = page.getByLabel('Motivo delle modifiche dentro il preavviso');
  if (await reason.isVisible()) {
    await reason.fill('Avvio del percorso concordato con chi partecipa');
  }
  await publish.click();
  await expect(page).toHaveURL(/\/releases$/);
  await expect(page.getByRole('heading', { name: 'Prima pubblicazione' })).toBeVisible();
  await page.goto(`${own.url}/projects/${project}/review`);
  await expect(page.getByText('La bozza è uguale a quanto è pubblicato')).toBeVisible();
});
