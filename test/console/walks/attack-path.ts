import { gzipSync } from 'node:zlib';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { DEFINITIONS_SCHEMA } from '#inventory/definition-upload.ts';
import { readMain, type Scene, sees, walk } from './scene.ts';

const MENDED = new URL('../../../src/cli/demo/company/repositories/shop/preview.first.yml', import.meta.url);
const DEPLOY = new URL('../../../src/cli/demo/company/repositories/shop/deploy.yml', import.meta.url);

/** Somebody asks what an attacker would use, mends it, and sees that it is gone. */
export function walkAlongAttackPath(scene: () => Scene): void {
  it('shows the way in, what ends it, and that it is closed once it is mended', async () => {
    await walk(scene(), 'ines', async (visitor, page) => {
      await visitor.go('/');
      await sees(page, /An outsider has 1 way in/);
      await visitor.go('/pipelines');
      await page.getByText('Attack paths', { exact: true }).first().click();
      await visitor.settled();
      await page
        .getByRole('main')
        .getByRole('link', { name: /pull request/ })
        .first()
        .click();
      await page.getByRole('heading', { level: 1, name: 'Attack path' }).waitFor();
      await sees(page, 'pull_request_target', 'CDN_PURGE_TOKEN', 'What ends it');

      const place = page.getByRole('link', { name: /preview\.yml:16/ }).first();
      await place.click();
      await visitor.settled();
      await sees(page, 'github.event.pull_request.head.sha');

      // As the pipeline of the repository does after the pull request that mends it was merged.
      const files = [MENDED, DEPLOY].map((url, index) => ({
        file: `.github/workflows/${index === 0 ? 'preview' : 'deploy'}.yml`,
        text: readFileSync(url, 'utf8'),
      }));
      const query = new URLSearchParams({ repository: 'acme/shop', commit: 'd'.repeat(40) });
      const answer = await visitor.context.request.post(`/v1/inspections?${query.toString()}`, {
        headers: {
          'vouchgate-request': '1',
          'sec-fetch-site': 'same-origin',
          'content-type': 'application/octet-stream',
          'content-encoding': 'gzip',
        },
        data: gzipSync(JSON.stringify({ schema: DEFINITIONS_SCHEMA, files })),
      });
      expect(await answer.json()).toMatchObject({ inventory: 'updated', attackPaths: 0 });

      await expect
        .poll(
          async () => {
            await visitor.go('/');
            return readMain(page);
          },
          { timeout: 20_000, interval: 1_000 },
        )
        .not.toMatch(/An outsider has/);
    });
  });
}
