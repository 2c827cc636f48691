import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe } from 'vitest';
import { chromiumPath, startChromium } from './harness/chromium.ts';
import { type ConsoleSite, openConsoleSite } from './harness/console-site.ts';
import { walkAlongAttackPath } from './walks/attack-path.ts';
import { walkAsAuditor } from './walks/audit-visit.ts';
import { walkByKeyboard } from './walks/by-keyboard.ts';
import { walkByDeepLinks } from './walks/deep-links.ts';
import { walkToFirstCredential } from './walks/first-credential.ts';
import { walkToFrozenProvider } from './walks/freeze-provider.ts';
import type { Scene } from './walks/scene.ts';
import { walkToTighterPolicy } from './walks/tighten-policy.ts';
import { walkToVerifiedReceipt } from './walks/verify-receipt.ts';

const DAYS = 4;
const TIMEOUT_MS = 240_000;

describe.skipIf(chromiumPath === undefined)('people walk through the console', { timeout: 120_000 }, () => {
  let scene: Scene;
  let newcomer: Scene;
  let sites: ConsoleSite[] = [];
  let browser: Browser;

  beforeAll(async () => {
    browser = await startChromium();
    sites = [await openConsoleSite({ days: DAYS }), await openConsoleSite({ days: 0 })];
    const [company, bare] = sites;
    if (company === undefined || bare === undefined) throw new Error('two sites were opened');
    scene = { site: company, browser };
    newcomer = { site: bare, browser };
  }, TIMEOUT_MS);

  afterAll(async () => {
    await browser?.close();
    for (const site of sites) await site.close();
  });

  walkToFirstCredential(() => newcomer);
  // Those that only look come before those that change what there is to see.
  walkAsAuditor(() => scene);
  walkByKeyboard(() => scene);
  walkByDeepLinks(() => scene);
  walkToVerifiedReceipt(() => scene);
  walkAlongAttackPath(() => scene);
  walkToTighterPolicy(() => scene);
  walkToFrozenProvider(() => scene);
});
