import { describe, expect, it } from 'vitest';
import { WAIVED, engineOf, requestOf, resources } from '../policy.fakes.ts';

const PERMIT = `@id("deploy") ${WAIVED} permit (principal in Project::"github/456", action == Action::"issue", resource == Resource::"shop-db")`;

async function decide(text: string, ...request: Parameters<typeof requestOf>) {
  return (await engineOf(text)).decide(requestOf(...request));
}

describe('a decision', () => {
  it('is a denial where there is no policy', async () => {
    expect(await decide('')).toMatchObject({ outcome: 'deny', reason: 'no_permit', determining: [] });
  });

  it('names every permit that allows it', async () => {
    const text = `${PERMIT}; ${PERMIT.replace('deploy', 'again')};`;
    expect(await decide(text)).toMatchObject({ outcome: 'allow', determining: ['deploy', 'again'] });
  });

  it('is a denial where a forbid matches, whatever permits say', async () => {
    const text = `${PERMIT}; @id("stop") forbid (principal, action, resource) when { resource.privileged };`;
    expect(await decide(text)).toMatchObject({ outcome: 'deny', reason: 'forbidden', determining: ['stop'] });
  });

  it('is a denial where a policy cannot be evaluated, though Cedar would skip it', async () => {
    const overflow = 'when { context.now.offset(duration("9223372036854775807ms")) > context.now }';
    const text = `${PERMIT}; @id("broken") forbid (principal, action, resource) ${overflow};`;
    expect(await decide(text)).toMatchObject({
      outcome: 'deny',
      reason: 'evaluation_error',
      determining: ['broken'],
      facts: [{ name: 'policy', received: 'broken cannot be evaluated: datetime out of range' }],
    });
  });

  it('is not touched by a broken policy that is for something else', async () => {
    const overflow = 'when { context.now.offset(duration("9223372036854775807ms")) > context.now }';
    const text = `${PERMIT}; @id("broken") forbid (principal, action, resource == Resource::"logs") ${overflow};`;
    expect(await decide(text)).toMatchObject({ outcome: 'allow' });
  });

  it('is a denial where the address of the caller cannot be read and a policy asks for it', async () => {
    const text = `${PERMIT} when { context has sourceIp };`;
    const context = { nowMs: 0, sourceIp: 'somewhere', keyBound: false };
    expect(await decide(text, {}, { context })).toMatchObject({ reason: 'evaluation_error' });
  });

  it.each([
    ['::ffff:192.0.2.7', 'allow'],
    ['192.0.2.7', 'allow'],
    ['192.0.3.7', 'deny'],
    ['2001:db8::1', 'deny'],
  ])('sees %s as the address it is: %s', async (sourceIp, outcome) => {
    const text = `${PERMIT} when { context has sourceIp && context.sourceIp.isInRange(ip("192.0.2.0/24")) };`;
    const context = { nowMs: 0, sourceIp, keyBound: false };
    expect(await decide(text, {}, { context })).toMatchObject({ outcome });
  });
});

describe('the scope', () => {
  it.each([
    ['principal in Project::"github/456"', true],
    ['principal in Project::"gitlab/456"', false],
    ['principal in Org::"github/123"', true],
    ['principal in IdentityProvider::"github"', true],
    ['principal == Workload::"github/repo:acme/shop:environment:production"', true],
    ['principal is Workload in Org::"github/123"', true],
    ['principal is Workload in Org::"github/9"', false],
  ])('%s applies: %s', async (principal, applies) => {
    const text = `@id("a") ${WAIVED} permit (${principal}, action, resource);`;
    expect((await engineOf(text)).decide(requestOf()).outcome).toBe(applies ? 'allow' : 'deny');
  });

  it('does not take a project without an id for any project', async () => {
    expect(await decide(`${PERMIT};`, { project: { path: '456' } })).toMatchObject({ outcome: 'deny' });
  });

  it('keeps actions and resources apart', async () => {
    expect(await decide(`${PERMIT};`, {}, { action: 'renew' })).toMatchObject({ outcome: 'deny' });
    const [, logs] = resources;
    expect(await decide(`${PERMIT};`, {}, logs && { resource: logs })).toMatchObject({ outcome: 'deny' });
  });
});

describe('a policy that only cedar-wasm can evaluate', () => {
  const text = `${PERMIT} when { context.now.toTime().toMilliseconds() < 9007199254740993 && principal has trigger && principal.trigger == "push" };`;

  it('is counted and decides the same', async () => {
    const engine = await engineOf(text);
    expect(engine.fallbackPolicies).toBe(1);
    expect(engine.decide(requestOf()).outcome).toBe('allow');
    expect(engine.decide(requestOf({ trigger: 'pull_request' }))).toMatchObject({
      outcome: 'deny',
      facts: [{ name: 'policy' }, { name: 'principal.trigger', expected: 'push', received: 'pull_request' }],
    });
  });
});

it('claims and attributes of JavaScript objects are not attributes of a workload', async () => {
  const engine = await engineOf(
    `${PERMIT} when { principal.hasTag("toString") || principal.hasTag("__proto__") };`,
  );
  expect(engine.decide(requestOf()).outcome).toBe('deny');
});
