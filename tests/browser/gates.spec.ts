/* What every screen must hold: axe finds nothing on phone and desktop in both languages, nothing
 * scrolls sideways at 320 px, the console stays empty, no other host is asked. */
import type { Page } from '@playwright/test';

import { violations } from './axe.ts';
import { expect, test } from './cronotopo.ts';
import type { Lang } from './cronotopo.ts';
import { SCREENS, idsFor } from './screens.ts';
import type { Screen } from './screens.ts';

const SIZES = [
  { width: 390, height: 844 },
  { width: 1280, height: 800 },
];
const MAIN_ACTION_PX = 44;
const NARROW = { width: 320, height: 640 };

/* Targets under 24 px, and main actions under 44 px. The window is made as tall as the page, so
 * that the bar at the foot covers nothing. */
async function smallTargets(page: Page): Promise<string[]> {
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  await page.setViewportSize({ width: SIZES[0]!.width, height: height + 100 });
  const tiny = await violations(page, { runOnly: { type: 'rule', values: ['target-size'] } });
  const low = await page
    .locator('.btn, nav button, .wide-nav a, .thumb-nav a')
    .evaluateAll(
      (buttons, least) =>
        buttons
          .filter((button) => button.getClientRects().length > 0 && button.getBoundingClientRect().height < least)
          .map((button) => button.outerHTML.slice(0, 160)),
      MAIN_ACTION_PX,
    );
  return [...tiny.flatMap(({ nodes }) => nodes), ...low];
}

/* Everything the page complained about or asked of another host. */
function watch(page: Page, home: string): string[] {
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) {
      complaints.push(`console ${message.type()}: ${message.text()}`);
    }
  });
  page.on('pageerror', (failure) => complaints.push(`exception: ${failure.message}`));
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (!['data:', 'blob:'].includes(url.protocol) && url.host !== new URL(home).host) {
      complaints.push(`foreign request: ${request.url()}`);
    }
  });
  return complaints;
}

/* Waits until the page has its heading and nothing is loading. */
async function settled(page: Page): Promise<void> {
  await page.locator('h1').first().waitFor();
  await expect(page.locator('.skeleton')).toHaveCount(0);
  await page.evaluate(() => document.fonts.ready);
}

async function open(page: Page, screen: Screen, lang: Lang, path: string): Promise<void> {
  await page.goto(path);
  await settled(page);
  await expect(page.locator('html')).toHaveAttribute('lang', lang);
  if (screen.press) {
    await page.getByRole('button', { name: screen.press[lang] }).first().click();
    await page.getByRole('dialog').waitFor();
    await settled(page);
  }
}

async function sideways(page: Page): Promise<number> {
  return page.evaluate(() => {
    const boxes = [document.documentElement, ...document.querySelectorAll('dialog[open]')];
    return Math.max(...boxes.map((box) => box.scrollWidth - box.clientWidth));
  });
}

for (const screen of SCREENS) {
  for (const lang of ['it', 'en'] as const) {
    test(`${screen.name} keeps every gate, ${lang}`, async ({ page, enter, cronotopo }) => {
      await enter(page, screen.role, lang);
      const path = typeof screen.path === 'string' ? screen.path : screen.path(await idsFor(page.request, cronotopo.url));
      expect(path, 'the demo has no id for this address').not.toMatch(/.\/$|\/\//);
      const complaints = watch(page, cronotopo.url);
      for (const size of SIZES) {
        await page.setViewportSize(size);
        await open(page, screen, lang, path);
        expect(await violations(page), `axe at ${size.width} px`).toEqual([]);
      }
      await page.setViewportSize(SIZES[0]!);
      await open(page, screen, lang, path);
      expect(await smallTargets(page), 'targets too small').toEqual([]);
      await page.setViewportSize(NARROW);
      await open(page, screen, lang, path);
      expect(await sideways(page), 'pixels of sideways scroll at 320 px').toBeLessThanOrEqual(0);
      expect(complaints).toEqual([]);
    });
  }
}
