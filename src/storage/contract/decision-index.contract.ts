import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { changeOf } from '#audit/decision-index/project-decisions.ts';
import { DECISION_COLUMNS, type DecisionFilter, type IndexedOutcome } from '#audit/decision-index/ports.ts';
import type { AuditEvent } from '#audit/event.ts';
import { ALL_REPOSITORIES } from '#core/repository-scope.ts';
import { openMemoryStorage } from '../memory/open-memory-storage.ts';
import type { Storage } from '../storage.ts';
import { makeEvent, type OpenHarness, START_MS, type StorageHarness } from './fixtures.ts';

const HOUR_MS = 3_600_000;
const ALL = { scope: ALL_REPOSITORIES } as const;
let serial = 0;

interface Request {
  outcome?: Exclude<IndexedOutcome, 'failed'>;
  repository?: string;
  resource?: string;
  ref?: string;
  actor?: string;
  run?: string;
  policies?: readonly string[];
  timeMs?: number;
  reason?: string;
}

function decided(request: Request = {}): AuditEvent {
  serial += 1;
  const {
    repository = 'acme/shop',
    ref = 'refs/heads/main',
    actor = 'octo',
    run = '1',
    policies = [],
  } = request;
  const { outcome = 'issued', resource = 'shop-db', timeMs = START_MS, reason } = request;
  return makeEvent({
    timeMs,
    type: `decision.${outcome}`,
    decision: `dec_${String(serial).padStart(26, '0')}`,
    resource,
    actor: { kind: 'workload', id: `github/repo:${repository}:ref:${ref}` },
    ...(outcome === 'denied' ? {} : { lease: `lse_${serial}` }),
    body: {
      identity: {
        provider: 'github',
        platform: 'github-actions',
        project: { id: '74', path: repository },
        org: { name: repository.split('/')[0] },
        ref: { full: ref },
        trigger: 'push',
        commit: `c${serial}`,
        config: { uri: `${repository}/.github/workflows/deploy.yml@${ref}` },
        run: { id: run },
        actor: { id: '583231', login: actor },
        claims: {},
      },
      policy: { version: 'v1', determining: policies },
      ...(reason === undefined ? {} : { denial: { code: reason } }),
    },
  });
}

export function describeDecisionIndex(open: OpenHarness): void {
  describe('the index of decisions', () => {
    let harness: StorageHarness;
    let storage: Storage;
    beforeEach(async () => {
      harness = await open();
      storage = harness.storage;
    });
    afterEach(() => harness.dispose());

    const takeIn = async (target: Storage) => {
      const from = await target.decisions.position();
      const found = await target.events.list({ afterSequence: from, limit: 1_000 });
      const change = changeOf(found, from, found.at(-1)?.sequence ?? from);
      return target.decisions.apply(change, 'a', START_MS, START_MS + 1_000);
    };
    const record = async (...events: AuditEvent[]) => {
      await storage.events.append(events);
      expect(await takeIn(storage)).toBe(true);
    };
    const idsOf = async (filter: Partial<DecisionFilter>, limit = 100) =>
      (await storage.decisions.search({ ...ALL, ...filter }, { limit })).map(({ id }) => id);

    it('begins empty', async () => {
      const { decisions } = storage;
      expect(await decisions.position()).toBe(0);
      expect(await decisions.search(ALL, { limit: 10 })).toEqual([]);
      expect(await decisions.search(ALL, { limit: 10, before: 5 })).toEqual([]);
      expect(await decisions.counts(ALL, 'hour')).toEqual([]);
      expect(await decisions.top(ALL, 'repository', 10)).toEqual([]);
      expect(await decisions.shapes(ALL, 10)).toEqual([]);
      expect(await decisions.changes(ALL, 0, 10)).toEqual({ decisions: [], through: 0 });
      expect(await decisions.find('dec_1')).toBeUndefined();
      expect(await decisions.repositoriesOf(['dec_1'])).toEqual(new Map());
    });

    it('says of a decision what its event says', async () => {
      const event = decided({
        outcome: 'denied',
        policies: ['no-forks', 'base'],
        reason: 'policy_forbidden',
      });
      await record(event);
      const [found] = await storage.decisions.search(ALL, { limit: 1 });
      expect(found).toMatchObject({
        id: event.decision,
        outcome: 'denied',
        timeMs: START_MS,
        repository: 'acme/shop',
        org: 'acme',
        resource: 'shop-db',
        provider: 'github',
        platform: 'github-actions',
        ref: 'refs/heads/main',
        trigger: 'push',
        workflow: 'acme/shop/.github/workflows/deploy.yml',
        run: '1',
        actor: 'octo',
        reason: 'policy_forbidden',
        policies: ['no-forks', 'base'],
        policyVersion: 'v1',
      });
      expect(found).toMatchObject({ environment: undefined, posture: undefined, lease: undefined });
      expect(await storage.decisions.find(event.decision ?? '')).toEqual(found);
    });

    it('takes in a stretch of the record once, from one server at a time', async () => {
      const { decisions, events } = storage;
      await events.append([decided()]);
      const found = await events.list({ afterSequence: 0, limit: 10 });
      const to = found.at(-1)?.sequence ?? 0;
      const change = changeOf(found, 0, to);
      const tries = await Promise.all(
        Array.from({ length: 5 }, () => decisions.apply(change, 'a', START_MS, START_MS + 1_000)),
      );
      expect(tries.filter(Boolean)).toHaveLength(1);
      const next = { ...changeOf([], to, to + 1), to: to + 1 };
      expect(await decisions.apply(next, 'b', START_MS + 1_000, START_MS + 2_000)).toBe(false);
      expect(await decisions.apply(next, 'b', START_MS + 1_001, START_MS + 2_000)).toBe(true);
      expect(await decisions.position()).toBe(to + 1);
      expect(await idsOf({})).toHaveLength(1);
    });

    it('follows a decision to its end, and says that it changed', async () => {
      const made = decided({ outcome: 'allowed' });
      const other = decided({ outcome: 'allowed' });
      await record(made, other);
      const after = await storage.decisions.position();
      const ends = (type: AuditEvent['type'], decision: string | undefined) =>
        makeEvent({ type, ...(decision === undefined ? {} : { decision }) });
      await record(
        ends('credential.failed', made.decision),
        ends('credential.issued', made.decision),
        ends('credential.failed', 'dec_nobody'),
        ends('credential.failed', other.decision),
        ends('credential.issued', undefined),
      );
      expect((await storage.decisions.find(made.decision ?? ''))?.outcome).toBe('issued');
      expect((await storage.decisions.find(other.decision ?? ''))?.outcome).toBe('failed');
      const news = await storage.decisions.changes(ALL, after, 10);
      expect(news.decisions.map(({ id }) => id)).toEqual([made.decision, other.decision]);
      expect(news.through).toBe(await storage.decisions.position());
      expect((await storage.decisions.changes(ALL, news.through, 10)).decisions).toEqual([]);
      expect((await storage.decisions.changes(ALL, after, 1)).decisions.map(({ id }) => id)).toEqual([
        made.decision,
      ]);
    });

    it('forgets the person of an event that was erased', async () => {
      await record(decided({ actor: 'octo' }), decided({ actor: 'hubot' }));
      const [, first] = await storage.events.list({ limit: 10 });
      await record(makeEvent({ type: 'event.erased', body: { sequence: first?.sequence, event: 'evt' } }));
      expect(await idsOf({ actor: 'octo' })).toEqual([]);
      expect(await idsOf({ actor: 'hubot' })).toHaveLength(1);
      const rows = await storage.decisions.search(ALL, { limit: 10 });
      expect(rows.map(({ actor }) => actor)).toEqual(['hubot', undefined]);
    });

    it('shows each only what is in scope, in lists, counts and figures', async () => {
      await record(
        decided({ repository: 'acme/shop' }),
        decided({ repository: 'acmes/x' }),
        decided({ repository: 'b/c' }),
      );
      const scope = { kind: 'some', patterns: ['acme/*', 'b/c'] } as const;
      expect(await idsOf({ scope })).toHaveLength(2);
      expect(await idsOf({ scope: { kind: 'some', patterns: [] } })).toEqual([]);
      expect((await storage.decisions.counts({ scope }, 'day')).map(({ count }) => count)).toEqual([2]);
      const top = await storage.decisions.top({ scope }, 'repository', 10);
      expect(top.map(({ value }) => value)).toEqual(['acme/shop', 'b/c']);
      expect(await storage.decisions.shapes({ scope }, 10)).toHaveLength(2);
      expect((await storage.decisions.changes({ scope }, 0, 10)).decisions).toHaveLength(2);
    });

    it('finds words in any case, and takes every character for what it is', async () => {
      await record(
        decided({ repository: 'Acme/Über_shop', resource: "a%b'; --" }),
        decided({ repository: 'acme/xshop', resource: 'back\\slash \0 \uD800' }),
      );
      expect(await idsOf({ text: 'ÜBER_SHOP  acme' })).toHaveLength(1);
      expect(await idsOf({ text: '_shop' })).toHaveLength(1);
      expect(await idsOf({ text: "a%b';" })).toHaveLength(1);
      expect(await idsOf({ text: '%' })).toHaveLength(1);
      expect(await idsOf({ text: 'back\\slash' })).toHaveLength(1);
      expect(await idsOf({ resource: 'back\\slash \0 \uD800' })).toHaveLength(1);
      const [newest] = await idsOf({});
      expect(await idsOf({ text: ` ${newest} ` })).toEqual([newest]);
    });

    it('goes back page by page, through equal times, without a gap or a repetition', async () => {
      const events = Array.from({ length: 60 }, (_, at) =>
        decided({ timeMs: START_MS - (at % 3) * HOUR_MS }),
      );
      await record(...events);
      const all = await idsOf({});
      const seen: string[] = [];
      let before: number | undefined;
      for (let page = 0; page < 20; page += 1) {
        const found = await storage.decisions.search(ALL, { limit: 7, before });
        seen.push(...found.map(({ id }) => id));
        before = found.at(-1)?.sequence;
        if (found.length < 7) break;
      }
      expect(seen).toEqual(all);
      expect(new Set(seen).size).toBe(60);
    });

    it('puts decisions of one kind together, whatever policies decided', async () => {
      const events = [
        decided({ run: '1', policies: ['old'] }),
        decided({ run: '2', policies: ['new'], outcome: 'denied' }),
        decided({ ref: 'refs/heads/other' }),
      ];
      await record(...events);
      const shapes = await storage.decisions.shapes(ALL, 10);
      expect(shapes.map(({ count, ref }) => [ref, count])).toEqual([
        ['refs/heads/other', 1],
        ['refs/heads/main', 2],
      ]);
      expect(shapes[1]).toMatchObject({
        policies: ['new', 'old'],
        outcomes: { issued: 1, denied: 1, allowed: 0, failed: 0 },
        latest: { id: events[1]?.id },
      });
    });

    it('is not stopped by anything that stands in a body', async () => {
      const long = 'x\u{1F600}\\'.repeat(700);
      await record(
        makeEvent({
          type: 'decision.denied',
          decision: 'dec_odd',
          body: { identity: 'none', policy: 5, posture: [] },
        }),
        makeEvent({
          type: 'decision.denied',
          decision: 'dec_odd',
          body: JSON.parse('{"__proto__":{"identity":1}}'),
        }),
        makeEvent({ type: 'decision.issued', body: {} }),
        decided({
          actor: long,
          run: long,
          ref: long,
          repository: long,
          resource: long,
          policies: [long],
          reason: long,
        }),
        makeEvent({ type: 'event.erased', body: { sequence: 'one' } }),
        makeEvent({ type: 'event.erased', body: { sequence: 9_999 } }),
      );
      expect(await idsOf({})).toHaveLength(2);
      expect(await idsOf({ actor: long })).toHaveLength(1);
    });

    it('answers as the model does', { timeout: 60_000 }, async () => {
      const model = openMemoryStorage();
      const pick = <T>(values: readonly T[], at: number): T | undefined => values[at % values.length];
      const outcomeAt = (at: number) => pick(['issued', 'denied', 'allowed'] as const, at * 7) ?? 'issued';
      const events = Array.from({ length: 300 }, (_, at) =>
        decided({
          outcome: outcomeAt(at),
          repository: pick(['acme/shop', 'acme/web', 'other/x'], at * 5) ?? '',
          resource: pick(['db', 'aws', 'gcp', 'npm'], at * 3) ?? '',
          ref: pick(['refs/heads/main', 'refs/heads/dev'], at) ?? '',
          actor: pick(['octo', 'hubot'], at * 11) ?? '',
          policies: pick([[], ['a'], ['a', 'b']], at) ?? [],
          timeMs: START_MS + ((at * 7919) % 97) * 1_000_000,
          ...(outcomeAt(at) === 'denied' ? { reason: at % 2 === 0 ? 'no_permit' : 'token_expired' } : {}),
        }),
      );
      for (const target of [storage, model]) {
        for (const event of events) await target.events.append([event]);
        expect(await takeIn(target)).toBe(true);
      }
      const maybe = <T>(...values: readonly T[]) => fc.option(fc.constantFrom(...values), { nil: undefined });
      const filters = fc.record({
        scope: fc.constantFrom(ALL_REPOSITORIES, { kind: 'some' as const, patterns: ['acme/*'] }),
        outcomes: fc.option(fc.subarray<IndexedOutcome>(['issued', 'denied', 'allowed', 'failed']), {
          nil: undefined,
        }),
        resource: maybe('db', 'nothing'),
        repository: maybe('acme/web'),
        policy: maybe('a', 'b', 'c'),
        reason: maybe('token_expired'),
        actor: maybe('octo'),
        text: maybe('acme', 'DEV', 'db main'),
        fromMs: maybe(START_MS + 20_000_000),
        toMs: maybe(START_MS + 70_000_000),
      });
      await fc.assert(
        fc.asyncProperty(
          filters,
          fc.constantFrom(...DECISION_COLUMNS),
          fc.nat(320),
          async (filter, column, before) => {
            const answers = async ({ decisions }: Storage) => ({
              list: await decisions.search(filter, { limit: 25 }),
              page: await decisions.search(filter, { limit: 25, before }),
              counts: await decisions.counts(filter, 'hour'),
              days: await decisions.counts(filter, 'day'),
              top: await decisions.top(filter, column, 10),
              shapes: (await decisions.shapes(filter, 50)).map(({ latest, ...shape }) => ({
                ...shape,
                id: latest.id,
              })),
              changes: await decisions.changes(filter, before, 20),
            });
            expect(await answers(storage)).toEqual(await answers(model));
          },
        ),
        { numRuns: 40 },
      );
    });
  });
}
