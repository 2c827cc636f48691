import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** WCAG 2.2 AA, and all that it takes over from before. */
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

interface Violation {
  readonly id: string;
  readonly help: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

/** All that can be another thing in other colours. */
const COLOUR_RULES = ['color-contrast', 'link-in-text-block'];

/**
 * What keeps people out who cannot see, hear or point, one line for each place (by axe). `colours`: only what depends
 * on them, for a page that was looked at already in others.
 */
export async function findBarriers(
  page: Page,
  about: 'everything' | 'colours' = 'everything',
): Promise<string[]> {
  await page.evaluate(axe.source);
  const runOnly =
    about === 'everything' ? { type: 'tag', values: TAGS } : { type: 'rule', values: COLOUR_RULES };
  const options = JSON.stringify({ runOnly, resultTypes: ['violations'] });
  const result = await page.evaluate<{ violations: Violation[] }>(`axe.run(document, ${options})`);
  return result.violations.flatMap(({ id, help, nodes }) =>
    nodes.map(
      ({ html, failureSummary = '' }) =>
        `${id}: ${help}: ${html.slice(0, 200)} ${failureSummary.replaceAll(/\s+/g, ' ')}`,
    ),
  );
}
