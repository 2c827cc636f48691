import { describe, expect, it } from 'vitest';
import { WAIVED, engineOf, requestOf } from '../policy.fakes.ts';

const SCOPE =
  'permit (principal in Project::"github/456", action == Action::"issue", resource == Resource::"shop-db")';

async function factsOf(condition: string, ...request: Parameters<typeof requestOf>) {
  const engine = await engineOf(`@id("deploy") ${WAIVED} ${SCOPE} when { ${condition} };`);
  const decision = engine.decide(requestOf(...request));
  return decision.outcome === 'deny' ? decision.facts : [];
}

describe('a missing permit is explained by what the nearest one wanted', () => {
  it.each([
    [
      'principal has ref.full && principal.ref.full == "refs/heads/release"',
      'principal.ref.full',
      'refs/heads/release',
      'refs/heads/main',
    ],
    ['"refs/tags/v1" == principal.issuer', 'principal.issuer', 'refs/tags/v1', 'https://issuer.example'],
    [
      'principal has trigger && ["schedule", "api"].contains(principal.trigger)',
      'principal.trigger',
      'one of schedule, api',
      'push',
    ],
    [
      'principal has ref.full && principal.ref.full like "refs/tags/*"',
      'principal.ref.full',
      'matches refs/tags/*',
      'refs/heads/main',
    ],
    ['principal has trigger && principal.trigger != "push"', 'principal.trigger', 'not push', 'push'],
    ['principal has commit', 'principal.commit', 'present', undefined],
    ['principal has commit && principal.commit == "c0ffee"', 'principal.commit', 'c0ffee', undefined],
    ['principal has forked && principal.forked', 'principal.forked', 'true', 'false'],
    [
      'principal in Project::"github/9"',
      'principal',
      'in Project::"github/9"',
      'Project::"github/456", Org::"github/123", IdentityProvider::"github"',
    ],
    [
      'principal.hasTag("repo_property_team") && principal.getTag("repo_property_team") == "shop"',
      'principal.tags.repo_property_team',
      'shop',
      'payments',
    ],
    [
      'context.now > datetime("2030-01-01")',
      'context.now',
      '> datetime(2030-01-01)',
      '2026-06-01T12:00:00.000Z',
    ],
    [
      'context has sourceIp && context.sourceIp.isInRange(ip("10.0.0.0/8"))',
      'context.sourceIp',
      'isInRange(ip(10.0.0.0/8))',
      '192.0.2.7/32',
    ],
    ['context.keyBound', 'context.keyBound', 'true', 'false'],
    [
      'principal has trigger && (principal.trigger == "a" || principal.trigger == "b")',
      'principal.trigger',
      'a or b',
      'push',
    ],
    ['!resource.privileged', 'resource.privileged', 'false', 'true'],
  ])('%s', async (condition, name, expected, received) => {
    expect(await factsOf(condition)).toEqual([
      { name: 'policy', expected: 'applies', received: 'deploy does not apply' },
      { name, expected, received },
    ]);
  });

  it('also by the scope', async () => {
    expect(await factsOf('true', { project: { id: '9' } })).toContainEqual({
      name: 'principal.project',
      expected: 'github/456',
      received: 'github/9',
    });
    expect(await factsOf('true', { project: {} })).toContainEqual({
      name: 'principal.project',
      expected: 'github/456',
      received: undefined,
    });
  });

  it('of several, the three that lack least, those for this project first', async () => {
    const other = (id: number) => `@id("p${id}") ${WAIVED} ${SCOPE.replace('456', String(id))};`;
    const own = `@id("own") ${WAIVED} ${SCOPE} when { principal has trigger && principal.trigger == "x" && principal.issuer == "y" };`;
    const engine = await engineOf([other(1), other(2), other(3), own].join('\n'));
    const decision = engine.decide(requestOf());
    const named = decision.outcome === 'deny' ? decision.facts.filter(({ name }) => name === 'policy') : [];
    expect(named.map(({ received }) => received)).toEqual([
      'own does not apply',
      'p1 does not apply',
      'p2 does not apply',
    ]);
  });

  it('or by the absence of any', async () => {
    const decision = (await engineOf('')).decide(requestOf());
    expect(decision).toMatchObject({ facts: [{ name: 'resource', received: 'shop-db' }] });
  });
});

it('a forbid is explained by what of it holds', async () => {
  const engine = await engineOf(
    '@id("no-forks") forbid (principal, action, resource) when { principal has forked && principal.forked };',
  );
  expect(engine.decide(requestOf({ forked: true }))).toMatchObject({
    reason: 'forbidden',
    determining: ['no-forks'],
    facts: [
      { name: 'policy', expected: 'no forbid applies', received: 'no-forks forbids it' },
      { name: 'principal.forked', expected: 'false', received: 'true' },
    ],
  });
});

describe('a fact', () => {
  it('is short, and there are few', async () => {
    const conditions = Array.from({ length: 60 }, (_, index) => `principal.issuer == "${index}"`);
    const facts = await factsOf(conditions.join(' && '), { issuer: 'i'.repeat(2_000) });
    expect(facts).toHaveLength(20);
    for (const { name, expected, received = '' } of facts) {
      expect(Math.max(name.length, expected.length, received.length)).toBeLessThanOrEqual(200);
    }
  });

  it('cannot move the cursor of a terminal', async () => {
    const [, fact] = await factsOf('principal.issuer == "a"', { issuer: '\u001B[2Jok\u202E\n' });
    expect(fact?.received).toBe('\uFFFD[2Jok\uFFFD\uFFFD');
  });
});
