import { expect, it } from 'vitest';
import { readMain, type Scene, walk } from './scene.ts';

/** Somebody sends a colleague what they are looking at. */
export function walkByDeepLinks(scene: () => Scene): void {
  it('shows a colleague the same by the address alone: filters, tabs and selection', async () => {
    const seen = new Map<string, string>();
    const paths = [
      '/decisions?outcome=denied&range=all',
      '/findings?severity=high&repository=acme%2Finfrastructure',
      '/pipelines/pipeline?repository=acme%2Fpayments&file=.github%2Fworkflows%2Fdeploy.yml&tab=source',
      '/record?tab=export',
      '/access/policies?policy=shop-has-shop-production',
    ];
    const timeless = (text: string): string =>
      text.replaceAll(/\d+ (?:sec|min)\. ago|now|in \d+ (?:sec|min)\./g, '').replaceAll(/[\d,.]+/g, '#');
    await walk(scene(), 'ines', async (visitor, page) => {
      for (const path of paths) {
        await visitor.go(path);
        seen.set(path, timeless(await readMain(page)));
        expect(page.url(), path).toContain(path.split('?')[0]);
      }
    });
    await walk(scene(), 'vera', async (visitor, page) => {
      for (const path of paths.slice(0, 4)) {
        await visitor.go(path);
        const heading = await page.getByRole('heading', { level: 1 }).textContent();
        expect(seen.get(path), path).toContain(timeless(heading ?? ''));
      }
    });
  });

  it('brings somebody who has to sign in first to where they wanted to go', async () => {
    const { site, browser } = scene();
    const context = await browser.newContext({ baseURL: site.url });
    const page = await context.newPage();
    await page.goto('/console/findings?severity=high');
    await page
      .getByRole('link', { name: /Sign in with/ })
      .or(page.getByRole('button', { name: /Sign in with/ }))
      .first()
      .click();
    await page.getByRole('button', { name: 'Vera Novak' }).click();
    await page.waitForURL(/console\/findings\?severity=/);
    await page.getByRole('heading', { level: 1, name: 'Findings' }).waitFor();
    await context.close();
  });
}
