import { expect, it } from 'vitest';
import { askNow } from './ask.ts';
import { type Scene, sees, walk } from './scene.ts';

/** Somebody who has just started a server, and nothing else, gets the first job its credential. */
export function walkToFirstCredential(scene: () => Scene): void {
  it('leads a newcomer from nothing to the first job that gets its credential', async () => {
    const { site } = scene();
    const { issuer } = site.issuers.github;
    const bare = `version: 1\nurl: ${site.url}\nnetwork: { allowPrivateHosts: ["${new URL(issuer).host}"] }\n`;
    await site.configure({ 'vouchgate.yaml': bare });
    await walk(scene(), 'link', async (visitor, page) => {
      await visitor.go('/');
      await page.getByRole('link', { name: 'Set up the first job' }).first().click();
      await page.getByRole('heading', { level: 1, name: 'First secretless job' }).waitFor();
      await page.getByRole('radio', { name: 'GitHub Actions' }).check();
      expect(await page.getByRole('figure', { name: 'vouchgate.yaml' }).innerText()).toContain(
        'github-actions',
      );

      // What the page says, put where it says; only the issuer is the one that signs here.
      const shown =
        (await page.getByRole('figure', { name: 'vouchgate.yaml' }).locator('code').textContent()) ?? '';
      const yaml = shown.replace('type: github-actions', `type: github-actions\n    issuer: ${issuer}`);
      await site.configure({ 'vouchgate.yaml': bare + yaml });
      await sees(page, /Resource first-token: (?!not)/);

      const asked = { repository: 'acme/shop', environment: 'production', resource: 'first-token' } as const;
      const refused = await askNow(site, asked);
      expect(refused).toMatchObject({ ok: false, refused: { reason: 'no_permit' } });
      const policy = page.getByRole('figure', { name: 'policies/first-token.cedar' });
      await policy.waitFor();
      await sees(page, 'acme/shop at refs/heads/main asked for first-token');

      const cedar = (await policy.locator('code').textContent()) ?? '';
      await site.configure({ 'vouchgate.yaml': bare + yaml, 'policies/first-token.cedar': cedar });
      expect(await askNow(site, asked)).toMatchObject({ ok: true });
      await page.getByText('Issued', { exact: true }).waitFor();
      expect(await askNow(site, { ...asked, ref: 'refs/heads/mine' })).toMatchObject({ ok: false });
    });
  });
}
