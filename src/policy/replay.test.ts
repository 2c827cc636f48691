import { describe, expect, it } from 'vitest';
import { productionJob, engineOf, resources, WAIVED } from './policy.fakes.ts';
import type { PolicySet, RecordedUse } from './recorded-use.ts';
import { replayUses } from './replay.ts';

const SCOPE =
  'permit (principal in Project::"github/456", action == Action::"issue", resource == Resource::"shop-db")';

function useOf(change: Partial<RecordedUse> = {}): RecordedUse {
  return {
    identity: productionJob,
    resource: 'shop-db',
    allowed: 500,
    denied: 0,
    firstMs: Date.parse('2026-05-01T12:00:00Z'),
    lastMs: Date.parse('2026-06-01T12:00:00Z'),
    lastDecision: 'dec_1',
    keyBound: false,
    sourceIp: '192.0.2.7',
    posture: undefined,
    determining: ['deploy'],
    ...change,
  };
}

async function setOf(text: string, change: Partial<PolicySet> = {}): Promise<PolicySet> {
  return {
    engine: await engineOf(text),
    resources: new Map(resources.map((each) => [each.name, { ...each, proofRequired: false }])),
    identityProviders: new Set(['github']),
    ...change,
  };
}

const permitAll = `@id("deploy") ${WAIVED} ${SCOPE};`;
const permitPush = `@id("deploy") ${WAIVED} ${SCOPE} when { principal has trigger && principal.trigger == "push" };`;
const onSchedule = useOf({ identity: { ...productionJob, trigger: 'schedule' }, allowed: 3 });

describe('a replay', () => {
  it('names who would lose access, which policy let them, and which fact makes the difference', async () => {
    const outcome = await replayUses([useOf(), onSchedule], await setOf(permitAll), await setOf(permitPush));
    expect(outcome).toMatchObject({ gain: [], unclear: [], unchanged: { allowed: 1, denied: 0 } });
    expect(outcome.lose).toHaveLength(1);
    expect(outcome.lose[0]).toMatchObject({
      use: { allowed: 3 },
      before: { outcome: 'allowed', policies: ['deploy'] },
      after: {
        outcome: 'denied',
        reason: 'no_permit',
        facts: expect.arrayContaining([
          { name: 'principal.trigger', expected: 'push', received: 'schedule' },
        ]),
      },
    });
  });

  it('names who would gain access', async () => {
    const outcome = await replayUses([onSchedule], await setOf(permitPush), await setOf(permitAll));
    expect(outcome.gain).toMatchObject([
      { before: { reason: 'no_permit' }, after: { policies: ['deploy'] } },
    ]);
    expect(outcome.lose).toEqual([]);
  });

  it('sees a resource or an identity provider that goes, and a proof that is demanded', async () => {
    const before = await setOf(permitAll);
    const reasonOf = async (after: Partial<PolicySet>) => {
      const { lose } = await replayUses([useOf()], before, await setOf(permitAll, after));
      return lose.map((each) => (each.after.outcome === 'denied' ? each.after.reason : ''));
    };
    expect(await reasonOf({ resources: new Map() })).toEqual(['resource_unknown']);
    expect(await reasonOf({ identityProviders: new Set() })).toEqual(['identity_provider_unknown']);
    const demanding = new Map(resources.map((each) => [each.name, { ...each, proofRequired: true }]));
    expect(await reasonOf({ resources: demanding })).toEqual(['proof_required']);
    expect(
      (
        await replayUses(
          [useOf({ keyBound: true })],
          before,
          await setOf(permitAll, { resources: demanding }),
        )
      ).lose,
    ).toEqual([]);
  });

  it('does not claim to know what a posture would have been that nobody asked for', async () => {
    const demands = `@id("deploy") ${WAIVED} ${SCOPE} when { context has posture && context.posture.grade == "pass" };`;
    const unclear = await replayUses([useOf()], await setOf(permitAll), await setOf(demands));
    expect(unclear).toMatchObject({ lose: [], unclear: [{ after: { policies: ['deploy'] } }] });
    const recorded = useOf({ posture: { known: false, reason: 'no source' } });
    const known = await replayUses([recorded], await setOf(permitAll), await setOf(demands));
    expect(known.lose).toHaveLength(1);
  });

  it('lets others of the process have their turn', async () => {
    const set = await setOf(permitAll);
    let turns = 0;
    const tick = setInterval(() => (turns += 1), 0);
    await replayUses(
      Array.from({ length: 5_000 }, () => useOf()),
      set,
      set,
    );
    clearInterval(tick);
    expect(turns).toBeGreaterThan(2);
  });
});
