/* How pages behave under the hand: focus, keyboard, languages, times in another zone, sign-in. */
import { expect, test } from './cronotopo.ts';

interface Published {
  title: string;
  start: string;
  end: string;
  starts_at: string;
  ends_at: string;
}

test('focus returns to the button after a dialog closes', async ({ page, enter }) => {
  await enter(page, 'participant');
  await page.goto('/my-sessions');
  const button = page.getByRole('button', { name: 'Aggiungi al mio calendario' });
  await button.focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Aggiungi al mio calendario' });
  await expect(dialog).toBeVisible();
  expect(await dialog.evaluate((box) => box.contains(document.activeElement))).toBe(true);
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(button).toBeFocused();
});

test('the calendar dialog offers every calendar and says how slow they are', async ({ page, enter }) => {
  await enter(page, 'participant');
  await page.goto('/my-sessions');
  await page.getByRole('button', { name: 'Aggiungi al mio calendario' }).click();
  const dialog = page.getByRole('dialog');
  const link = await dialog.getByLabel('Link del calendario collegato').inputValue();
  expect(link).toMatch(/^https?:\/\/.+\.ics$/);
  await expect(dialog.getByRole('link', { name: 'Google Calendar' })).toHaveAttribute(
    'href',
    /^https:\/\/calendar\.google\.com\/calendar\/r\?cid=webcal/,
  );
  await expect(dialog.getByRole('link', { name: /Apple/ })).toHaveAttribute('href', /^webcal:\/\//);
  await expect(dialog.getByRole('link', { name: 'Outlook' })).toHaveAttribute('href', /addfromweb\?url=/);
  await expect(dialog.getByRole('img', { name: /QR/ })).toBeVisible();
  await expect(dialog.getByText(/8-24 ore/)).toBeVisible();
  const feed = await page.request.get(new URL(link).pathname);
  expect(feed.headers()['content-type']).toContain('text/calendar');
});

test('a move between pages puts the focus on the heading', async ({ page, enter }) => {
  await enter(page, 'participant');
  await page.getByRole('link', { name: 'I miei incontri' }).first().click();
  await expect(page.getByRole('heading', { level: 1, name: 'I miei incontri' })).toBeFocused();
  await expect(page).toHaveTitle(/^I miei incontri · /);
  await page.goBack();
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
});

test('the account menu opens and closes by keyboard', async ({ page, enter }) => {
  await enter(page, 'participant');
  const button = page.getByRole('button', { name: /Menu personale/ });
  await button.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('link', { name: 'Il mio profilo' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('link', { name: 'Il mio profilo' })).toBeHidden();
  await expect(button).toBeFocused();
});

test('the language changes without losing what was typed, and is remembered', async ({ page, enter, cronotopo }) => {
  await enter(page, null);
  await page.goto(`${cronotopo.url}/sign-in`);
  await page.getByLabel('Indirizzo di posta elettronica').first().fill('anna@example.org');
  await page.getByRole('button', { name: /EN/ }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Sign in' })).toBeVisible();
  await expect(page.getByLabel('E-mail address').first()).toHaveValue('anna@example.org');
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  expect(await page.evaluate(() => localStorage.getItem('cronotopo.lang'))).toBe('en');
});

test('a page for members asks to sign in and then comes back', async ({ page, enter }) => {
  await enter(page, null);
  await page.goto('/my-sessions');
  await expect(page).toHaveURL(/\/sign-in\?next=%2Fmy-sessions/);
});

test('a wrong password is said in a sentence and nothing is lost', async ({ page, enter }) => {
  await enter(page, null);
  await page.goto('/sign-in');
  await page.getByLabel('Indirizzo di posta elettronica').first().fill('nessuno@example.org');
  await page.getByLabel('Password', { exact: true }).fill('sbagliata');
  await page.getByRole('button', { name: 'Entra', exact: true }).click();
  await expect(page.getByRole('alert').filter({ hasText: 'non corrispondono' })).toBeVisible();
  await expect(page.getByLabel('Password', { exact: true })).toHaveValue('sbagliata');
});

test('a read that fails says so, and one press reads again', async ({ page, enter }) => {
  await enter(page, 'participant');
  await page.route('**/api/v1/me/sessions*', (route) => route.abort());
  await page.goto('/my-sessions');
  await expect(page.getByRole('alert').filter({ hasText: 'La rete non risponde' })).toBeVisible({ timeout: 10_000 });
  await page.unroute('**/api/v1/me/sessions*');
  await page.getByRole('button', { name: 'Riprova' }).click();
  await expect(page.locator('.session').first()).toBeVisible();
});

test('a busy server is asked again without a word', async ({ page, enter }) => {
  await enter(page, 'participant');
  let refused = 0;
  await page.route('**/api/v1/me/sessions*', (route) => {
    refused += 1;
    return refused > 2 ? route.continue() : route.fulfill({ status: 503, json: { code: 'busy' } });
  });
  await page.goto('/my-sessions');
  await expect(page.locator('.skeleton')).toBeVisible();
  await expect(page.locator('.session').first()).toBeVisible();
});

test('an answer that makes no sense leaves a sentence, not a blank page', async ({ page, enter }) => {
  await enter(page, 'participant');
  await page.route('**/api/v1/me/sessions*', (route) => route.fulfill({ json: { items: null } }));
  await page.goto('/my-sessions');
  await expect(page.getByRole('heading', { name: 'La pagina non si è caricata' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Riprova' })).toBeVisible();
});

test('an account keeps its language on a new device, until one is chosen there', async ({ page, browser, enter, cronotopo }) => {
  await enter(page, 'technician');
  await page.getByRole('button', { name: /EN/ }).click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await expect
    .poll(async () => ((await (await page.request.get('/api/v1/me')).json()) as { person: { language: string } }).person.language)
    .toBe('en');
  const other = await (await browser.newContext({ baseURL: cronotopo.url, locale: 'it-IT' })).newPage();
  await other.goto(cronotopo.links.technician!);
  await expect(other.locator('html')).toHaveAttribute('lang', 'en');
  await other.context().close();
});

test.describe('in New York', () => {
  test.use({ timezoneId: 'America/New_York' });

  test("sessions keep the alliance's wall times", async ({ page, enter }) => {
    await enter(page, 'participant');
    const { items } = (await (await page.request.get('/api/v1/me/sessions?from=2020-01-01&to=2040-01-01')).json()) as {
      items: Published[];
    };
    expect(items.length).toBeGreaterThan(0);
    await page.goto('/my-sessions');
    for (const session of items.slice(0, 5)) {
      const row = page.locator('.session', { hasText: session.title });
      await expect(row.filter({ hasText: `${session.start}-${session.end}` }).first()).toBeVisible();
    }
  });

  test("the last Sundays of March and October show Rome's hours", async ({ page, enter }) => {
    await enter(page, 'participant');
    await page.route('**/api/v1/me/sessions*', async (route) => {
      const answer = await route.fetch();
      const body = (await answer.json()) as { items: Published[] };
      const sample = body.items[0]!;
      const on = (title: string, starts_at: string, ends_at: string) => ({
        ...sample,
        state: 'confirmed',
        as: 'participant',
        session: crypto.randomUUID(),
        title,
        starts_at,
        ends_at,
      });
      body.items = [
        on('prima della notte di marzo', '2026-03-29T01:30:00+01:00', '2026-03-29T04:00:00+02:00'),
        on('nella notte di ottobre', '2026-10-25T02:30:00+02:00', '2026-10-25T02:30:00+01:00'),
        on('la sera di ottobre', '2026-10-25T20:00:00+01:00', '2026-10-25T22:00:00+01:00'),
      ];
      await route.fulfill({ response: answer, json: body });
    });
    await page.goto('/my-sessions');
    await expect(page.getByText('dom 29 mar 2026, 01:30-04:00')).toBeVisible();
    await expect(page.getByText('dom 25 ott 2026, 02:30-02:30')).toBeVisible();
    await expect(page.getByText('dom 25 ott 2026, 20:00-22:00')).toBeVisible();
  });
});

test('weekly hours are written on the 24-hour clock and saved', async ({ page, enter }) => {
  await enter(page, 'trainer');
  await page.goto('/availability');
  await page.getByRole('button', { name: 'Aggiungi una fascia: sabato' }).click();
  const from = page.getByLabel('sabato, fascia 1, dalle');
  await from.fill('930');
  await from.blur();
  await expect(from).toHaveValue('09:30');
  await page.getByRole('button', { name: 'Salva' }).click();
  await expect(page.getByText('Disponibilità salvata.')).toBeVisible();
  await page.reload();
  await expect(page.getByLabel('sabato, fascia 1, dalle')).toHaveValue('09:30');
});
