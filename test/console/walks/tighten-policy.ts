import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { askNow } from './ask.ts';
import { expectOpenToAll, type Scene, sees, walk } from './scene.ts';

const POLICY = 'docs-has-docs-bucket';
const NOBODY = /Nobody loses and nobody gains access/;
const asked = { repository: 'acme/docs', workflow: 'pages', resource: 'docs-bucket' } as const;

/** One person narrows a policy to what it is used for; another looks at what that would have changed, and approves. */
export function walkToTighterPolicy(scene: () => Scene): void {
  it('takes a suggestion with its replay through four eyes into force', async () => {
    const { site } = scene();
    let proposal = '';
    await walk(scene(), 'ines', async (visitor, page) => {
      await visitor.go('/access/suggestions');
      const title = `Narrow ${POLICY} to what used it`;
      await page.getByRole('heading', { name: title }).waitFor();
      await page.locator(`a[href*="${POLICY}"]`, { hasText: 'Show the change' }).click();
      await page.getByRole('region', { name: /Changes of policies\/docs.cedar/ }).waitFor();
      await visitor.settled();
      await page
        .getByRole('button', { name: 'Propose it' })
        .nth(await indexOfSuggestion(page, title))
        .click();
      await page.waitForURL('**/access/proposals/prp_*');
      await visitor.settled();
      proposal = new URL(page.url()).pathname.slice('/console'.length);
      await sees(page, NOBODY, 'somebody else approves it');
      expect(await page.getByRole('button', { name: 'Approve' }).count()).toBe(0);
    });
    await walk(scene(), 'kofi', async (visitor, page) => {
      await visitor.go(proposal);
      await expectOpenToAll(page);
      await sees(page, NOBODY);
      await page.getByRole('textbox', { name: 'Comment' }).fill('It fits what ran.');
      await page.getByRole('button', { name: /^Approve/ }).click();
      await sees(page, 'In force');
    });
    expect(await askNow(site, { ...asked, environment: 'somewhere-else' })).toMatchObject({
      ok: false,
      refused: { reason: 'no_permit' },
    });
    expect(await askNow(site, { ...asked, environment: 'docs' })).toMatchObject({ ok: true });
  });
}

/** Suggestions stand below each other, each with its heading and its button. */
async function indexOfSuggestion(page: Page, title: string): Promise<number> {
  const titles = await page.getByRole('main').getByRole('heading', { level: 2 }).allTextContents();
  return titles.indexOf(title);
}
