import { setTimeout as delay } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumPath, startChromium } from './harness/chromium.ts';
import { type ConsoleSite, openConsoleSite } from './harness/console-site.ts';
import { consoleRoutes } from './harness/console-routes.ts';
import { crawl } from './harness/crawl.ts';
import { findBarriers } from './harness/find-barriers.ts';
import { PHONE, type Visitor, visit } from './harness/visitor.ts';

/** The first page, and those that nobody who is signed in is led to. */
const STARTS = ['/', '/first-run', '/sign-in'];
/** Web Vitals: what is good (https://web.dev/articles/cls). */
const LAYOUT_SHIFT_MAX = 0.1;
const DAYS = 2;
const COLOURS_CHANGE_MS = 300;
const LOOKS_MAX = 10;

/** All that is said of a page at once, so that one run shows everything that is wrong. */
type Remarks = Map<string, string[]>;

describe.skipIf(chromiumPath === undefined)('every page of the console', { timeout: 240_000 }, () => {
  let site: ConsoleSite;
  let browser: Browser;
  let remarks: Remarks;
  let kinds: string[];

  beforeAll(async () => {
    [site, browser] = await Promise.all([openConsoleSite({ days: DAYS }), startChromium()]);
    remarks = new Map();
    const visitor = await visit(browser, site);
    kinds = await crawl(visitor, STARTS, async (kind) => {
      remarks.set(kind, await inspectPage(visitor));
    });
  }, 240_000);

  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  const found = (about: string): string[] =>
    [...remarks].flatMap(([kind, said]) =>
      said.filter((line) => line.startsWith(`${about}: `)).map((line) => `${kind}: ${line}`),
    );

  it('is reached by links from the first one', () => {
    expect(consoleRoutes.length).toBeGreaterThan(15);
    expect(consoleRoutes.filter((route) => !kinds.includes(route))).toEqual([]);
  });

  it('has one first heading and a title of its own', () => {
    expect(found('heading')).toEqual([]);
    expect(found('title')).toEqual([]);
  });

  it('keeps nobody out: no violation of WCAG 2.2 AA, in light and in dark', () => {
    expect(found('light')).toEqual([]);
    expect(found('dark')).toEqual([]);
  });

  it('makes no error, breaks no policy, opens no dialog and asks no other host', () => {
    expect(found('complaint')).toEqual([]);
  });

  it('does not move what somebody is about to click', () => {
    expect(found('shift')).toEqual([]);
  });

  it('fits on a phone: nothing has to be scrolled sideways', () => {
    expect(found('phone')).toEqual([]);
  });
});

async function inspectPage(visitor: Visitor): Promise<string[]> {
  const { page } = visitor;
  const shift = await visitor.layoutShift();
  const headings = await page.getByRole('heading', { level: 1 }).count();
  const title = await page.title();
  const light = await findBarriers(page);
  await page.emulateMedia({ colorScheme: 'dark' });
  // Colours that change by and by are not yet what they will be.
  await delay(COLOURS_CHANGE_MS);
  const dark = await findBarriers(page, 'colours');
  await page.emulateMedia({ colorScheme: 'light' });
  const desktop = page.viewportSize();
  await page.setViewportSize(PHONE);
  await visitor.settled();
  const width = await widthOnceDrawn(page);
  const wide = width > PHONE.width ? await widestElements(visitor) : [];
  if (desktop !== null) await page.setViewportSize(desktop);
  return [
    ...(headings === 1 ? [] : [`heading: there are ${headings} headings of the first level`]),
    ...(title === '' ? ['title: it has none'] : []),
    ...light.map((line) => `light: ${line}`),
    ...dark.map((line) => `dark: ${line}`),
    ...(await visitor.complaints()).map((line) => `complaint: ${line}`),
    ...(shift < LAYOUT_SHIFT_MAX ? [] : [`shift: ${shift.toFixed(3)}`]),
    ...(width > PHONE.width ? [`phone: ${width} px wide: ${wide.join(' ')}`] : []),
  ];
}

/** What is drawn to measure, such as a chart, is drawn anew a little after the window has changed. */
async function widthOnceDrawn(page: Page): Promise<number> {
  let width = Number.POSITIVE_INFINITY;
  for (let look = 0; look < LOOKS_MAX && width > PHONE.width; look += 1) {
    if (look > 0) await delay(COLOURS_CHANGE_MS);
    width = await page.evaluate<number>('document.documentElement.scrollWidth');
  }
  return width;
}

/** What sticks out, for whoever has to mend it. */
function widestElements({ page }: Visitor): Promise<string[]> {
  return page.evaluate<string[]>(`[...document.querySelectorAll('main *')]
    .filter((element) => element.getBoundingClientRect().right > ${PHONE.width + 1})
    .slice(0, 5)
    .map((element) => element.outerHTML.slice(0, 120))`);
}
