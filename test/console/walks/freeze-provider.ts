import { expect, it } from 'vitest';
import { askNow } from './ask.ts';
import { expectOpenToAll, type Scene, sees, walk } from './scene.ts';

const asked = {
  repository: 'acme/billing',
  environment: 'production',
  resource: 'billing-production',
} as const;

/** An emergency: nobody of one platform gets anything until it is over. */
export function walkToFrozenProvider(scene: () => Scene): void {
  it('freezes an identity provider, whose jobs are then refused with the reason, and thaws it', async () => {
    const { site } = scene();
    expect(await askNow(site, asked)).toMatchObject({ ok: true });
    await walk(scene(), 'ines', async (visitor, page) => {
      await visitor.go('/access/identity-providers');
      await page
        .getByRole('button', { name: /^Freeze(?! everything)/ })
        .last()
        .click();
      const dialog = page.getByRole('dialog', { name: /Freeze all jobs of gitlab/ });
      await expectOpenToAll(page);
      await dialog.getByRole('textbox', { name: /Why/ }).fill('The runners of GitLab are under attack.');
      await dialog.getByRole('button', { name: 'Freeze' }).click();
      await dialog.waitFor({ state: 'hidden' });
      await expect
        .poll(() => askNow(site, asked))
        .toMatchObject({ ok: false, refused: { reason: 'frozen' } });
      const refused = await askNow(site, asked);
      expect(JSON.stringify(refused)).toContain('under attack');
      expect(
        await askNow(site, { repository: 'acme/shop', environment: 'staging', resource: 'shop-staging' }),
      ).toMatchObject({ ok: true });

      await visitor.go('/decisions?outcome=denied');
      await sees(page, 'frozen');
      await visitor.go('/access/identity-providers');
      await sees(page, 'under attack');
      await page
        .getByRole('button', { name: /Lift|Thaw|Unfreeze/ })
        .first()
        .click();
      const confirm = page.getByRole('dialog').getByRole('button', { name: /Lift|Thaw|Unfreeze/ });
      if ((await confirm.count()) > 0) await confirm.click();
      await expect.poll(() => askNow(site, asked), { timeout: 10_000 }).toMatchObject({ ok: true });
    });
  });
}
