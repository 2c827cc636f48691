import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RecordedEvent } from '#audit/event.ts';
import { createRecordingLogger } from '#credentials/credential-provider.fakes.ts';
import { findFreePort } from '#test/e2e/harness/wait.ts';
import { openStorage } from '../../server/open-storage.ts';
import { companyRepositories } from './company-repositories.ts';
import { fillCompany } from './fill-company.ts';
import { atShare, DAY_MS, type PlayedSpan } from './plan.ts';
import { planCompany } from './plan-company.ts';
import type { Tally } from './play-jobs.ts';
import { createPlayedClock } from './played-clock.ts';
import { startCompanyIssuers } from './start-issuers.ts';

/** Tuesday and Wednesday: people work. */
const SPAN: PlayedSpan = { startMs: Date.UTC(2026, 2, 3, 5), endMs: Date.UTC(2026, 2, 5, 5) };
const SEED = 11;
const EVENTS_MAX = 10_000;

interface Filled {
  readonly home: string;
  readonly tally: Tally;
  readonly events: readonly RecordedEvent[];
}

async function fill(): Promise<Filled> {
  const home = await mkdtemp(path.join(tmpdir(), 'vouchgate-company-'));
  const clock = createPlayedClock(SPAN.startMs);
  const url = `http://127.0.0.1:${await findFreePort()}`;
  const issuers = await startCompanyIssuers(url, clock);
  try {
    const tally = await fillCompany({
      dataFolder: path.join(home, 'data'),
      configFolder: path.join(home, 'config'),
      site: {
        url,
        githubIssuer: issuers.github.issuer,
        gitlabIssuer: issuers.gitlab.issuer,
        peopleIssuer: issuers.people.issuer,
        mirror: path.join(home, 'mirror'),
        archive: path.join(home, 'archive.jsonl'),
      },
      issuers,
      clock,
      span: SPAN,
      seed: SEED,
      env: { PATH: process.env['PATH'] },
      onProgress: () => {},
      onLog: () => {},
    });
    return { home, tally, events: await readEvents(home) };
  } finally {
    await issuers.close();
  }
}

async function readEvents(home: string): Promise<readonly RecordedEvent[]> {
  const clock = { nowMs: () => SPAN.endMs };
  const file = path.join(home, 'data', 'vouchgate.db');
  const storage = await openStorage({ database: undefined, path: file, clock, log: createRecordingLogger() });
  try {
    const { size } = await storage.log.head();
    const events = await storage.events.list({ limit: EVENTS_MAX });
    expect(size, 'every event stands in the log').toBe(events.length);
    return events;
  } finally {
    await storage.close();
  }
}

describe('the plan of the company', () => {
  it('is the same for the same seed, and another for another', () => {
    const plan = (seed: number) => planCompany(SPAN, seed, { hasDatabase: false });
    expect(plan(1)).toEqual(plan(1));
    expect(plan(1).steps).not.toEqual(plan(2).steps);
  });

  it('has thousands of requests in four weeks, by all repositories, in the order of time, and none outside of it', () => {
    const span = { startMs: SPAN.startMs, endMs: SPAN.startMs + 28 * DAY_MS };
    const { steps, commits } = planCompany(span, SEED, { hasDatabase: true });
    const asks = steps.filter(({ kind }) => kind === 'ask');
    expect(asks.length).toBeGreaterThan(2_000);
    expect(new Set(commits.map(({ repository }) => repository))).toEqual(new Set(companyRepositories));
    const times = steps.map(({ atMs }) => atMs);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(times[0]).toBeGreaterThanOrEqual(span.startMs);
    expect(times.at(-1)).toBeLessThanOrEqual(span.endMs);
  });
});

describe('a filled data directory', { timeout: 120_000 }, () => {
  let filled: Filled;

  beforeAll(async () => {
    filled = await fill();
  }, 120_000);

  afterAll(async () => {
    await rm(filled.home, { recursive: true, force: true });
  });

  it('has for the same seed the same that is issued and the same refusals, whatever the machine is busy with', () => {
    expect(Object.fromEntries(filled.tally)).toEqual({
      issued: 265,
      no_permit: 9,
      posture_failed: 2,
      resource_unknown: 3,
      token_audience_mismatch: 1,
      token_replayed: 3,
    });
  });

  it('has every event between the beginning and the end, and the gate’s refusal with its finding', () => {
    const { events } = filled;
    const times = events.map(({ timeMs }) => timeMs);
    expect(Math.min(...times)).toBeGreaterThanOrEqual(SPAN.startMs);
    expect(Math.max(...times)).toBeLessThan(SPAN.endMs + 60_000);
    const refused = events.filter(
      ({ type, body }) => type === 'decision.denied' && JSON.stringify(body).includes('"posture_failed"'),
    );
    expect(refused.length).toBeGreaterThan(0);
    expect(JSON.stringify(refused[0]?.body)).toContain('leaked-secret');
    expect(refused[0]?.timeMs).toBeGreaterThan(atShare(SPAN, 0.8));
  });

  it('has changes of the configuration, one that was refused, reports of tools, and people', () => {
    const types = new Set(filled.events.map(({ type }) => type));
    for (const type of [
      'configuration.applied',
      'configuration.refused',
      'findings.imported',
      'secret.sealed',
      'session.opened',
    ])
      expect(types, type).toContain(type);
  });

  it('is left as files that a server goes on with', async () => {
    expect(await readdir(path.join(filled.home, 'config'))).toEqual([
      'policies',
      'vouchgate.policy.yaml',
      'vouchgate.yaml',
    ]);
    expect(await readdir(path.join(filled.home, 'mirror', 'acme'))).toHaveLength(companyRepositories.length);
  });
});
