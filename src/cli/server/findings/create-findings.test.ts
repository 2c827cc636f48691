import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { FindingsSection } from '#broker/configuration/findings-section.ts';
import { systemClock } from '#core/clock.ts';
import { silentLogger } from '#core/log.ts';
import { sampleImport, sampleReported } from '#findings/testing/sample-reported-finding.ts';
import { correlate } from '#findings/tracking/correlate.ts';
import { makeEvent, makeLease } from '#storage/contract/fixtures.ts';
import { openMemoryStorage } from '#storage/memory/open-memory-storage.ts';
import type { Timers } from '../timers.ts';
import { createFindings } from './create-findings.ts';
import { trackingSettingsOf } from './tracking-settings.ts';

const SARIF = JSON.stringify({
  version: '2.1.0',
  runs: [{ tool: { driver: { name: 'AcmeScan' } }, results: [{ ruleId: 'r', message: { text: 'bad' } }] }],
});

/** Timers that run when they are told to. */
class HandTimers implements Timers {
  readonly works = new Map<string, () => Promise<unknown>>();

  every(_seconds: number, name: string, work: () => Promise<unknown>): void {
    this.works.set(name, work);
  }

  async stop(): Promise<void> {}
}

describe('findings in a server', () => {
  it('are grouped with our own by what our rules say others call the same', async () => {
    const storage = openMemoryStorage();
    const options = {
      storage,
      clock: systemClock,
      log: silentLogger,
      env: {},
      section: () => undefined,
      isPrivileged: () => false,
    };
    const { tracker, store, ruleClasses } = createFindings(options);
    const place = { file: '.github/workflows/ci.yml', line: 7 };
    const actor = { kind: 'person', id: 'mia' } as const;
    for (const [tool, ruleId] of [
      ['vouchgate', 'unpinned-action'],
      ['zizmor', 'unpinned-uses'],
    ] as const) {
      const report = sampleImport([sampleReported({ tool, ruleId, kind: 'pipeline', cwe: [], place })], {
        tool,
      });
      await tracker.takeIn({ report, name: 'a', repository: 'acme/shop', actor });
    }
    const found = await store.findings({}, { limit: 10 }, systemClock.nowMs());
    expect(correlate(found)).toEqual([]);
    expect(correlate(found, await ruleClasses())).toMatchObject([{ reasons: ['same-rule'] }]);
  });

  it('come out of the drop folder of the configuration in force', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'vouchgate-drop-'));
    const storage = openMemoryStorage();
    const section = FindingsSection.parse({ dropFolder: folder });
    const findings = createFindings({
      storage,
      clock: systemClock,
      log: silentLogger,
      env: {},
      section: () => section,
      isPrivileged: () => false,
    });
    const timers = new HandTimers();
    findings.work(timers);
    expect([...timers.works.keys()]).toEqual([
      'acceptances',
      'findings',
      'feeds',
      'reach',
      'ranks',
      'drop-folder',
    ]);
    await mkdir(path.join(folder, 'acme/shop'), { recursive: true });
    await writeFile(path.join(folder, 'acme/shop/a.sarif'), SARIF);
    for (let look = 0; look < 2; look += 1) for (const work of timers.works.values()) await work();
    expect(await storage.findings.reports('acme/shop', 1)).toMatchObject([{ counts: [{ new: 1 }] }]);
    await rm(folder, { recursive: true });
  });
});

describe('priorities in a server', () => {
  it('follow feeds and leases in the background', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'vouchgate-feeds-'));
    const kev = path.join(folder, 'kev.json');
    await writeFile(kev, JSON.stringify({ vulnerabilities: [{ cveID: 'CVE-2021-44228' }] }));
    const storage = openMemoryStorage();
    const section = FindingsSection.parse({ feeds: { kev } });
    const findings = createFindings({
      storage,
      clock: systemClock,
      log: silentLogger,
      env: {},
      section: () => section,
      isPrivileged: (resource) => resource === 'shop-db',
    });
    const timers = new HandTimers();
    findings.work(timers);
    const identity = {
      provider: 'github',
      platform: 'github-actions',
      issuer: 'https://issuer.example',
      subject: 's',
      project: { path: 'acme/shop' },
      claims: {},
    };
    const lease = makeLease({ createdAtMs: systemClock.nowMs(), resource: 'shop-db' });
    const event = makeEvent({ decision: lease.decision, body: { identity } });
    const claim = { tokenKey: 't', proofKey: undefined, holder: undefined, expiresAtMs: lease.expiresAtMs };
    const replay = { ...claim, decision: lease.decision };
    await storage.broker.commit({ replay, lease, retryKey: undefined, events: [event] });
    const flaw = sampleReported({ ruleId: 'CVE-2021-44228', severity: 'medium' });
    expect(findings.priority.priorityOf(flaw, 'acme/shop').score).toBe(23);
    for (const work of timers.works.values()) await work();
    expect(findings.priority.priorityOf(flaw, 'acme/shop').score).toBe(54);
    expect(findings.priority.warnings()).toEqual([]);
    await rm(folder, { recursive: true });
  });
});

describe('the settings of a configuration', () => {
  it('are those of the section, with days, weekend and offset', () => {
    const section = FindingsSection.parse({
      serviceLevel: {
        days: { critical: 1 },
        businessDays: true,
        weekend: ['friday', 'saturday'],
        holidays: ['2026-12-25'],
        utcOffset: '-03:30',
      },
      trustedDecisions: ['snyk'],
      reopenDays: 5,
    });
    expect(trackingSettingsOf(section)).toEqual({
      serviceLevel: {
        days: { critical: 1 },
        businessDays: true,
        weekend: [5, 6],
        holidays: new Set(['2026-12-25']),
        utcOffsetMinutes: -210,
      },
      trustedDecisions: new Set(['snyk']),
      reopenDays: 5,
    });
  });

  it('refuse what has no meaning', () => {
    for (const bad of [
      { dropFolder: 'relative' },
      { serviceLevel: { days: { critical: 0 } } },
      { serviceLevel: { holidays: ['soon'] } },
      { serviceLevel: { utcOffset: '1h' } },
      { reopenDays: -1 },
      { other: true },
    ]) {
      expect(FindingsSection.safeParse(bad).success).toBe(false);
    }
    expect(trackingSettingsOf(undefined)).toEqual(trackingSettingsOf(FindingsSection.parse({})));
  });
});
