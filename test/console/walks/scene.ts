import { expect } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import { type ConsoleSite } from '../harness/console-site.ts';
import { findBarriers } from '../harness/find-barriers.ts';
import { type VisitOptions, type Visitor, visit } from '../harness/visitor.ts';

const SEEN_WITHIN_MS = 20_000;

/** What a walk needs: a company with a past, and a browser. */
export interface Scene {
  readonly site: ConsoleSite;
  readonly browser: Browser;
}

/** Somebody comes, does what they came for and leaves; on the way nothing went wrong in their browser. */
export async function walk(
  { site, browser }: Scene,
  as: NonNullable<VisitOptions['as']>,
  what: (visitor: Visitor, page: Page) => Promise<void>,
): Promise<void> {
  const visitor = await visit(browser, site, { as });
  try {
    await what(visitor, visitor.page);
    expect(await visitor.complaints()).toEqual([]);
  } finally {
    await visitor.close();
  }
}

/** What somebody sees of the page, for the words that must be on it. */
export function readMain(page: Page): Promise<string> {
  return page.getByRole('main').innerText();
}

/** Waits until somebody sees these words on the page. */
export async function sees(page: Page, ...words: (string | RegExp)[]): Promise<void> {
  for (const word of words)
    await expect.poll(() => readMain(page), { timeout: SEEN_WITHIN_MS }).toMatch(word);
}

/** A dialog that is open: nobody is kept out of it either. */
export async function expectOpenToAll(page: Page): Promise<void> {
  expect(await findBarriers(page)).toEqual([]);
}
