import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FindingsSection } from '#broker/configuration/findings-section.ts';
import { silentLogger } from '#core/log.ts';
import type { Reach } from '#findings/priority/priority.ts';
import { sampleReported } from '#findings/testing/sample-reported-finding.ts';
import { createPriority } from './create-priority.ts';

const DAY_MS = 86_400_000;
const KEV = JSON.stringify({ dateReleased: '2026-11-20', vulnerabilities: [{ cveID: 'CVE-2021-44228' }] });
const EPSS = '#score_date:2026-11-22T00:00:00Z\ncve,epss,percentile\nCVE-2021-44228,0.5,0.9\n';

let folder: string;
let nowMs: number;
beforeEach(async () => {
  nowMs = Date.parse('2026-11-23T00:00:00Z');
  folder = await mkdtemp(path.join(tmpdir(), 'vouchgate-priority-'));
  await writeFile(path.join(folder, 'kev.json'), KEV);
  await writeFile(path.join(folder, 'epss.csv'), EPSS);
});
afterEach(() => rm(folder, { recursive: true }));

function open(input: object | undefined, reach: Reach = 'unknown') {
  const section = input === undefined ? undefined : FindingsSection.parse(input);
  return createPriority({
    section: () => section,
    reach: { reachOf: (repository) => (repository === 'acme/shop' ? reach : 'unknown') },
    clock: { nowMs: () => nowMs },
    log: silentLogger,
  });
}

const flaw = sampleReported({ ruleId: 'CVE-2021-44228', confidence: 'high', severity: 'high' });

describe('the priority in a server', () => {
  it('goes by the defaults as long as there is no configuration', () => {
    const priority = open(undefined);
    expect(priority.priorityOf(flaw, 'acme/shop')).toMatchObject({ score: 45, band: 'soon' });
    expect(priority.warnings()).toEqual([]);
  });

  it('goes by weights and reach', () => {
    const priority = open({ priority: { severity: { high: 20 } } }, 'production');
    expect(priority.priorityOf(flaw, 'acme/shop').score).toBe(30);
    expect(priority.priorityOf(flaw, 'acme/other').score).toBe(20);
  });

  it('knows what the feeds know, and says so as long as they are not read', async () => {
    const feeds = { kev: path.join(folder, 'kev.json'), epss: path.join(folder, 'epss.csv') };
    const priority = open({ feeds });
    expect(priority.warnings()).toEqual(['the EPSS feed is not read yet', 'the KEV feed is not read yet']);
    await priority.refreshFeeds();
    expect(priority.warnings()).toEqual([]);
    expect(priority.priorityOf(flaw, 'acme/shop').score).toBe(72);
    const onlyEpss = open({ feeds: { epss: feeds.epss } });
    await onlyEpss.refreshFeeds();
    expect(onlyEpss.priorityOf(flaw, 'acme/shop').factors[2]).toMatchObject({ value: 1.3 });
  });

  it('uses one feed when the other is broken, and warns', async () => {
    const priority = open({ feeds: { kev: path.join(folder, 'kev.json'), epss: '/none/epss.csv' } });
    await priority.refreshFeeds();
    expect(priority.priorityOf(flaw, 'acme/shop').score).toBe(72);
    expect(priority.warnings()).toEqual([
      expect.stringContaining('the EPSS feed cannot be read, nothing of it'),
    ]);
  });

  it('warns of a feed that nobody renews', async () => {
    const priority = open({ feeds: { kev: path.join(folder, 'kev.json') } });
    await priority.refreshFeeds();
    nowMs += 40 * DAY_MS;
    expect(priority.warnings()).toEqual(['the KEV feed is of 2026-11-20']);
  });
});

describe('the configuration of priorities', () => {
  it.each([
    { feeds: { kev: 'relative.json' } },
    { feeds: { other: '/a' } },
    { priority: { severity: { critical: 101 } } },
    { priority: { reach: { production: 11 } } },
    { priority: { exposure: { inside: 1 } } },
  ])('refuses what has no meaning: %j', (input) => {
    expect(FindingsSection.safeParse(input).success).toBe(false);
  });
});
