import { describe, expect, it } from 'vitest';
import type { RecordedEvent } from '../event.ts';
import { describeDecision } from './describe-decision.ts';

const identity = {
  provider: 'github',
  platform: 'github-actions',
  subject: 's',
  project: { id: '74', path: 'acme/shop' },
  ref: { full: 'refs/heads/main', protected: true },
  commit: 'c1',
  config: { uri: 'acme/shop/.github/workflows/a@b.yml@refs/heads/main', sha: '1' },
  runner: { hosting: 'self', id: 'r1' },
  run: { id: '1', attempt: '1' },
  actor: { login: 'octo' },
  claims: { run_id: '1' },
};

function made(body: Record<string, unknown>, change: Partial<RecordedEvent> = {}): RecordedEvent {
  return {
    id: 'evt_1',
    sequence: 1,
    timeMs: 5,
    type: 'decision.issued',
    decision: 'dec_1',
    resource: 'shop-db',
    actor: { kind: 'workload', id: 'github/s' },
    body,
    ...change,
  };
}

describe('a decision in the index', () => {
  it('is of the same kind whatever differs from run to run', () => {
    const first = describeDecision(made({ identity }));
    const later = describeDecision(
      made({
        identity: {
          ...identity,
          commit: 'c2',
          run: { id: '2' },
          actor: { login: 'hubot' },
          config: { ...identity.config, sha: '2' },
          runner: { hosting: 'self', id: 'r2' },
          claims: { run_id: '2' },
        },
      }),
    );
    expect(later?.workload).toBe(first?.workload);
    expect(later?.shape).toBe(first?.shape);
    expect(first?.workflow).toBe('acme/shop/.github/workflows/a@b.yml');
  });

  it.each([
    ['another ref', { identity: { ...identity, ref: { full: 'refs/heads/dev' } } }],
    ['a protected ref', { identity: { ...identity, ref: { full: 'refs/heads/main' } } }],
    ['a fork', { identity: { ...identity, forked: true } }],
    ['another runner', { identity: { ...identity, runner: { hosting: 'platform' } } }],
    ['another definition', { identity: { ...identity, config: { uri: 'acme/shop/b.yml' } } }],
    ['no identity', {}],
  ])('is of another kind with %s', (_name, body) => {
    expect(describeDecision(made(body))?.workload).not.toBe(describeDecision(made({ identity }))?.workload);
  });

  it('is told apart by the policies that decided, though the kind is the same', () => {
    const [one, other] = [['a'], ['a', 'b']].map((determining) =>
      describeDecision(made({ identity, policy: { version: 'v', determining } })),
    );
    expect(one?.workload).toBe(other?.workload);
    expect(one?.shape).not.toBe(other?.shape);
  });

  it('says how the pipeline stood, where somebody asked', () => {
    const postureOf = (posture: unknown) => describeDecision(made({ posture }))?.posture;
    expect(postureOf({ known: true, facts: { grade: 'fail' } })).toBe('fail');
    expect(postureOf({ known: false, reason: 'gone' })).toBe('unknown');
    expect(describeDecision(made({}))?.posture).toBeUndefined();
  });

  it('is none for every other event, and for one without an id', () => {
    expect(describeDecision(made({}, { type: 'credential.issued' }))).toBeUndefined();
    const { decision: _decision, ...nameless } = made({});
    expect(describeDecision(nameless)).toBeUndefined();
  });

  it('keeps nothing that an index of a database would refuse', () => {
    const long = 'x'.repeat(5_000);
    const found = describeDecision(
      made({
        identity: { ...identity, run: { id: long }, actor: { login: long }, commit: long },
        policy: { version: long, determining: Array.from({ length: 500 }, () => long) },
        denial: { code: long },
      }),
    );
    expect(found?.policies).toHaveLength(100);
    for (const value of [found?.run, found?.actor, found?.commit, found?.reason, found?.policyVersion])
      expect(value).toHaveLength(200);
  });
});
