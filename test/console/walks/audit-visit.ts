import { expect, it } from 'vitest';
import { consoleRoutes } from '../harness/console-routes.ts';
import { type Scene, sees, walk } from './scene.ts';

/** What changes something, in the words of the buttons. */
const CHANGES =
  /^(?:Freeze|Lift|Propose|Approve|Turn down|Take back|Import|Revoke|End|Save|Create|Make|Accept|Assign|False positive|Reopen|Retry|Seal|Erase|New)\b/;

/** Pages that are about one thing, which their address would have to name, and those that are for others. */
const ELSEWHERE = [
  '/sign-in',
  '/first-run',
  '/findings/rule',
  '/pipelines/repository',
  '/pipelines/pipeline',
  '/pipelines/attack',
];

/** Somebody who may look at everything and touch nothing. */
export function walkAsAuditor(scene: () => Scene): void {
  it('shows an auditor the record and every page, and offers nothing that would change anything', async () => {
    await walk(scene(), 'vera', async (visitor, page) => {
      const offered: string[] = [];
      for (const route of consoleRoutes.filter((path) => !path.includes('$') && !ELSEWHERE.includes(path))) {
        await visitor.go(route);
        const names = await page.getByRole('main').getByRole('button').allTextContents();
        offered.push(...names.filter((name) => CHANGES.test(name.trim())).map((name) => `${route}: ${name}`));
      }
      expect(offered).toEqual([]);
      await visitor.go('/record');
      await sees(page, /Entries in the log\s+[\d,]+/);
      await page.getByText('The event stands in the log as shown').first().waitFor();
      for (const [path, body] of [
        ['/v1/freezes', { target: { kind: 'everything' }, reason: 'because' }],
        ['/v1/leases/revoke', { filter: { all: true } }],
        ['/v1/findings/triage', { findings: ['fnd_x'], decision: { action: 'comment', note: 'x' } }],
      ] as const) {
        const answer = await visitor.context.request.post(path, {
          headers: { 'vouchgate-request': '1', 'sec-fetch-site': 'same-origin' },
          data: body,
        });
        expect([answer.status(), (await answer.json()) as object], path).toEqual([
          403,
          expect.objectContaining({ code: 'action_denied' }),
        ]);
      }
    });
  });
}
