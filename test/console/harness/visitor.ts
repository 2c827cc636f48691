import { setTimeout as delay } from 'node:timers/promises';
import type { Browser, BrowserContext, Page, Request } from 'playwright-core';
import { companyStaff, type StaffName } from '#cli/demo/company/company-staff.ts';

export const DESKTOP = { width: 1_280, height: 800 };
export const PHONE = { width: 390, height: 844 };
/** Generous: a machine that is busy with other tests is no reason to fail. */
const TIMEOUT_MS = 30_000;
/** Nothing was asked for so long: a page is as it will be. */
const QUIET_MS = 150;

/** Runs before any script of the page: what a browser only tells those who listen. */
const WATCH = `
  globalThis.__seen = { violations: [], layoutShift: 0 };
  document.addEventListener('securitypolicyviolation', (event) => {
    __seen.violations.push(event.violatedDirective + ': ' + (event.blockedURI || event.sample));
  });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) __seen.layoutShift += entry.value;
  }).observe({ type: 'layout-shift', buffered: true });`;

interface Seen {
  readonly violations: readonly string[];
  readonly layoutShift: number;
}

/** Somebody with a browser of their own: cookies, window and all. */
export interface Visitor {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Opens a path below `/console` and waits until nothing is loading. */
  go(path: string): Promise<void>;
  settled(): Promise<void>;
  /** What went wrong in the browser since the last call: errors, violations of the policy, dialogs, foreign requests. */
  complaints(): Promise<string[]>;
  /** Cumulative layout shift since the page was loaded. */
  layoutShift(): Promise<number>;
  close(): Promise<void>;
}

/** What a visitor has to know of an installation. */
export interface VisitedSite {
  readonly url: string;
  readonly issuers: { readonly people: { readonly issuer: string } };
  newAdminLink(): Promise<string>;
}

export interface VisitOptions {
  readonly viewport?: { width: number; height: number };
  readonly colorScheme?: 'light' | 'dark';
  /** Who it is; `link` (the default) is the owner by the one-time link, `nobody` has not signed in. */
  readonly as?: StaffName | 'link' | 'nobody';
}

export async function visit(
  browser: Browser,
  site: VisitedSite,
  options: VisitOptions = {},
): Promise<Visitor> {
  const { viewport = DESKTOP, colorScheme = 'light', as = 'link' } = options;
  const context = await browser.newContext({
    viewport,
    colorScheme,
    baseURL: site.url,
    reducedMotion: 'reduce',
  });
  context.setDefaultTimeout(TIMEOUT_MS);
  await context.addInitScript(WATCH);
  const page = await context.newPage();
  const heard: string[] = [];
  page.on('pageerror', (error) => heard.push(`error: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') heard.push(`console: ${message.text()} ${message.location().url}`);
  });
  page.on('dialog', (dialog) => {
    heard.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    const { protocol, origin } = new URL(request.url());
    const isOurs = origin === site.url || origin === site.issuers.people.issuer;
    if (/^(?:https?|wss?):$/.test(protocol) && !isOurs) heard.push(`request to ${request.url()}`);
  });
  const pending = trackRequests(page);
  const settled = async (): Promise<void> => {
    const untilMs = Date.now() + TIMEOUT_MS;
    let quietSinceMs = Date.now();
    while (Date.now() < untilMs && Date.now() - quietSinceMs < QUIET_MS) {
      await delay(QUIET_MS / 5);
      if (pending.size > 0) quietSinceMs = Date.now();
    }
    await page.locator('[aria-busy="true"], .mantine-Skeleton-root').first().waitFor({ state: 'detached' });
  };
  const seen = (): Promise<Seen> => page.evaluate<Seen>('globalThis.__seen');
  if (as === 'link') await signInByLink(context, site);
  else if (as !== 'nobody') await signInByProvider(page, as);
  return {
    page,
    context,
    settled,
    async go(path) {
      await page.goto(`/console${path}`);
      await settled();
    },
    async complaints() {
      const { violations } = await seen();
      return [...heard.splice(0), ...violations.map((violation) => `policy: ${violation}`)];
    },
    layoutShift: async () => (await seen()).layoutShift,
    close: () => context.close(),
  };
}

/** As the page of the link does it: one request of the console itself, which sets the cookie. */
async function signInByLink(context: BrowserContext, site: VisitedSite): Promise<void> {
  const link = await site.newAdminLink();
  const answer = await context.request.post('/v1/sessions', {
    headers: { 'vouchgate-request': '1', origin: site.url, 'sec-fetch-site': 'same-origin' },
    data: { link, cookie: true },
  });
  if (!answer.ok()) throw new Error(`nobody could sign in: ${answer.status()} ${await answer.text()}`);
}

/** What was asked for and is not there yet; a question that waits for news is no sign of work. */
function trackRequests(page: Page): ReadonlySet<Request> {
  const pending = new Set<Request>();
  page.on('request', (request) => {
    const waitsForNews = request.resourceType() === 'eventsource' || /[?&]wait=/.test(request.url());
    if (!waitsForNews) pending.add(request);
  });
  page.on('requestfinished', (request) => pending.delete(request));
  page.on('requestfailed', (request) => pending.delete(request));
  return pending;
}

/** By the button of the sign-in page, and the page of the identity provider that it leads to. */
async function signInByProvider(page: Page, person: StaffName): Promise<void> {
  const name = companyStaff.find(({ subject }) => subject === person)?.name ?? person;
  await page.goto('/auth/sign-in');
  await page.getByRole('button', { name }).click();
  await page.waitForURL('**/console/**');
}
