import type { Locator } from 'playwright-core';
import { routeOf } from './console-routes.ts';
import type { Visitor } from './visitor.ts';

const PAGES_MAX = 80;

/** A page, or a tab of one: `/pipelines/pipeline · Source`. */
type Each = (kind: string, address: string) => Promise<void>;

/**
 * One page of every kind that a person can reach by links, and every tab of it, beginning at these paths below
 * `/console`. `each` is called while it is open. Returns the kinds.
 */
export async function crawl(visitor: Visitor, starts: readonly string[], each: Each): Promise<string[]> {
  const waiting = starts.map((start) => `/console${start}`);
  const seen = new Set<string>();
  const visited: string[] = [];
  while (waiting.length > 0 && visited.length < PAGES_MAX) {
    const address = waiting.shift() ?? '';
    const route = routeOf(address);
    if (route === undefined || seen.has(route)) continue;
    seen.add(route);
    await visitor.go(address.slice('/console'.length));
    visited.push(route);
    await each(route, address);
    waiting.push(...(await linksOf(visitor)));
    for (const tab of await unselectedTabs(visitor)) {
      const kind = `${route} · ${await nameOf(tab)}`;
      await tab.click();
      await visitor.settled();
      visited.push(kind);
      await each(kind, visitor.page.url());
      waiting.push(...(await linksOf(visitor)));
    }
  }
  return visited;
}

function linksOf({ page }: Visitor): Promise<string[]> {
  return page.evaluate<string[]>(
    `[...document.querySelectorAll('a[href^="/console/"]')].map((anchor) => anchor.getAttribute('href'))`,
  );
}

/** Tabs by their place: choosing one does not make the others move. */
async function unselectedTabs({ page }: Visitor): Promise<Locator[]> {
  const tabs = await page.getByRole('tab').all();
  const chosen = await Promise.all(
    tabs.map(async (tab) => (await tab.getAttribute('aria-selected')) === 'true'),
  );
  const enabled = await Promise.all(tabs.map((tab) => tab.isEnabled()));
  return tabs.filter((_, index) => chosen[index] === false && enabled[index] === true);
}

async function nameOf(tab: Locator): Promise<string> {
  return ((await tab.textContent()) ?? '').replaceAll(/\d+/g, '').trim();
}
