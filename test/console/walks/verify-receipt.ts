import { expect, it } from 'vitest';
import { askNow } from './ask.ts';
import { readMain, type Scene, sees, walk } from './scene.ts';

/** Somebody does not believe us, and checks with their own browser. */
export function walkToVerifiedReceipt(scene: () => Scene): void {
  it('verifies the receipt of a decision in the browser, with a key that is pinned', async () => {
    const answer = await askNow(scene().site, {
      repository: 'acme/shop',
      environment: 'staging',
      resource: 'shop-staging',
    });
    if (!answer.ok) throw new Error('the job should have been let through');
    await walk(scene(), 'vera', async (visitor, page) => {
      await visitor.go(`/decisions/${answer.decision}`);
      await page.getByText('The event stands in the log as shown').first().waitFor();
      await page.getByRole('button', { name: 'Pin this key' }).click();
      await visitor.settled();
      await page.reload();
      await page.getByText('The event stands in the log as shown').first().waitFor();
      await sees(page, 'signed by the log', 'at this place', 'as it was recorded');
      expect(await readMain(page)).not.toContain('From this server');
    });
  });

  it('says so when what the server shows is not what was recorded', async () => {
    const answer = await askNow(scene().site, {
      repository: 'acme/shop',
      environment: 'staging',
      resource: 'shop-staging',
    });
    if (!answer.ok) throw new Error('the job should have been let through');
    await walk(scene(), 'vera', async (visitor, page) => {
      // A server that lies about one field of the event, but has to hand out the receipt that it has.
      await page.route('**/v1/decisions/dec_*', async (route) => {
        const response = await route.fetch();
        const text = await response.text();
        await route.fulfill({ response, body: text.replaceAll('acme/shop', 'acme/shed') });
      });
      await visitor.go(`/decisions/${answer.decision}`);
      await page
        .getByRole('alert')
        .filter({ hasText: /not proved|differ|not as/i })
        .first()
        .waitFor();
    });
  });
}
