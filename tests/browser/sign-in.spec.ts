/* Signing in by mail and by password, and what a device may do about it. */
import { expect, test } from './cronotopo.ts';

interface Me {
  person: { email: string };
}

test('a mailed link signs in once, and comes back to where one was going', async ({
  page,
  browser,
  enter,
  cronotopo,
}) => {
  const known = await browser.newContext({ baseURL: cronotopo.url });
  await known.request.get(cronotopo.links.participant!);
  const { person } = (await (await known.request.get('/api/v1/me')).json()) as Me;
  await known.close();

  await enter(page, null);
  await page.goto('/my-sessions');
  const byLink = page.locator('form', { hasText: 'Senza password' });
  await byLink.getByLabel('Indirizzo di posta elettronica').fill(person.email);
  await byLink.getByRole('button', { name: 'Mandami il link' }).click();
  await expect(page.getByRole('heading', { name: 'Controlla la posta' })).toBeVisible();
  await page.getByRole('link', { name: /la posta si legge qui/ }).click();
  await page.locator('.mail-list a').first().click();
  const link = await page.locator('.mail-text a', { hasText: '/enter/' }).getAttribute('href');
  const address = new URL(link!).pathname;

  await page.goto(address);
  await expect(page.getByRole('heading', { name: 'Conferma che sei tu' })).toBeVisible();
  await page.getByRole('button', { name: 'Entra' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'I miei incontri' })).toBeVisible();

  await page.context().clearCookies();
  await page.goto(address);
  await expect(page.getByText(/già stato usato o è scaduto/)).toBeVisible();
  await expect(page.getByRole('button', { name: 'Mandami il link' })).toBeVisible();
});

test('an incomplete address is said before anything is sent', async ({ page, enter }) => {
  await enter(page, null);
  await page.goto('/sign-in');
  const byLink = page.locator('form', { hasText: 'Senza password' });
  await byLink.getByLabel('Indirizzo di posta elettronica').fill('anna');
  await byLink.getByRole('button', { name: 'Mandami il link' }).click();
  await expect(byLink.getByText('Scrivi un indirizzo completo')).toBeVisible();
  await expect(byLink.getByLabel('Indirizzo di posta elettronica')).toHaveAttribute('aria-invalid', 'true');
});

test('a new password opens the door, and a revoked device must sign in again', async ({
  page,
  browser,
  enter,
  cronotopo,
}) => {
  const password = `tre parole a caso ${String(Date.now())}`;
  await enter(page, 'inspector');
  await page.goto('/account');
  await page.getByLabel('Nuova password').fill('corta');
  await page.getByRole('button', { name: 'Cambia la password' }).click();
  await expect(page.getByText('La password è troppo corta')).toBeVisible();
  await page.getByLabel('Nuova password').fill(password);
  await page.getByRole('button', { name: 'Cambia la password' }).click();
  await expect(page.getByText('Password cambiata.')).toBeVisible();
  const { person } = (await (await page.request.get('/api/v1/me')).json()) as Me;

  const other = await (await browser.newContext({ baseURL: cronotopo.url, locale: 'it-IT' })).newPage();
  await other.goto('/sign-in?next=/account');
  await other.getByLabel('Indirizzo di posta elettronica').first().fill(person.email);
  await other.getByLabel('Password', { exact: true }).fill(password);
  await other.getByRole('button', { name: 'Entra', exact: true }).click();
  await expect(other.getByRole('heading', { level: 1, name: 'Il mio profilo' })).toBeVisible();

  await page.reload();
  const others = page.locator('.device').filter({ hasNotText: 'questo dispositivo' });
  await others
    .first()
    .getByRole('button', { name: /^Revoca/ })
    .click();
  await page.getByRole('dialog').getByRole('button', { name: 'Revoca', exact: true }).click();
  await expect(page.getByText('Dispositivo revocato.')).toBeVisible();
  await other.reload();
  await expect(other).toHaveURL(/\/sign-in/);
  await other.context().close();
});
