import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { type Scene, sees, walk } from './scene.ts';

const STEPS_MAX = 150;

/** Presses Tab until that is where somebody is. */
async function tabTo(page: Page, role: string, name: RegExp): Promise<void> {
  for (let step = 0; step < STEPS_MAX; step += 1) {
    await page.keyboard.press('Tab');
    const focused = page.locator(':focus');
    if ((await focused.count()) === 0) continue;
    const snapshot = await focused.ariaSnapshot();
    if (snapshot.startsWith(`- ${role}`) && name.test(snapshot.split('\n', 1)[0] ?? '')) return;
  }
  throw new Error(`nobody comes to ${role} ${name.source} by Tab`);
}

/** Whether somebody can see where they are. */
function isFocusVisible(page: Page): Promise<boolean> {
  return page.evaluate<boolean>(`(() => {
    const style = getComputedStyle(document.activeElement);
    return (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none';
  })()`);
}

/** Somebody without a mouse finds what is to be done first, and reads about it. */
export function walkByKeyboard(scene: () => Scene): void {
  it('is walked by keyboard alone, from the first page to one finding and back', async () => {
    await walk(scene(), 'ines', async (visitor, page) => {
      await visitor.go('/');
      await page.keyboard.press('Tab');
      expect(await page.locator(':focus').innerText()).toBe('Skip to the content');
      await tabTo(page, 'link', /Findings/);
      expect(await isFocusVisible(page)).toBe(true);
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { level: 1, name: 'Findings' }).waitFor();
      await visitor.settled();
      await tabTo(page, 'searchbox', /./);
      await page.keyboard.type('pull_request_target');
      await page.waitForURL(/pull_request_target/);
      await visitor.settled();
      await tabTo(page, 'link', /pull request/);
      expect(await isFocusVisible(page)).toBe(true);
      const title = await page.locator(':focus').innerText();
      await page.keyboard.press('Enter');
      await page.waitForURL('**/findings/fnd_*');
      await visitor.settled();
      await sees(page, title.split('\n', 1)[0] ?? '', 'pull_request_target');
      await page.goBack();
      await page.waitForURL(/pull_request_target/);
    });
  });
}
