import { describe, expect, it } from 'vitest';
import { engineOf, requestOf, WAIVED } from '../policy.fakes.ts';
import type { PolicyPosture, PostureAnswer } from '../posture.ts';

const SCOPE = `principal in Project::"github/456", action, resource == Resource::"shop-db"`;
const PASS = 'context has posture && context.posture.grade == "pass"';

const clean: PolicyPosture = {
  grade: 'pass',
  blocking: 0,
  critical: 0,
  high: 0,
  medium: 2,
  low: 1,
  rules: ['unpinned-action'],
  ageSeconds: 30,
  coverage: ['SAST', 'SCA'],
  workflowDigest: 'sha256:abc',
};
const known = (change: Partial<PolicyPosture> = {}): PostureAnswer => ({
  known: true,
  posture: { ...clean, ...change },
});
const ask = (posture?: PostureAnswer) =>
  requestOf({}, { context: { nowMs: 1_000, sourceIp: undefined, keyBound: false, posture } });

describe('a policy on posture', () => {
  it.each([
    [PASS, true],
    ['context has posture && context.posture.critical + context.posture.high == 0', true],
    ['context has posture && context.posture.blocking > 0', false],
    ['context has posture && context.posture.rules.contains("unpinned-action")', true],
    ['context has posture && context.posture.rules.contains("unsafe-checkout")', false],
    ['context has posture && context.posture.ageSeconds < 3600', true],
    ['context has posture && context.posture.coverage.containsAll(["SAST", "SCA"])', true],
    ['context has posture && context.posture.coverage.containsAll(["SAST", "IaC"])', false],
    ['context has posture && ["sha256:abc"].contains(context.posture.workflowDigest)', true],
    ['context has posture.reported && context.posture.reported.critical == 0', false],
  ])('%s: %s', async (condition, allowed) => {
    const engine = await engineOf(`@id("p") ${WAIVED} permit (${SCOPE}) when { ${condition} };`);
    expect(engine.fallbackPolicies).toBe(0);
    expect(engine.decide(ask(known())).outcome).toBe(allowed ? 'allow' : 'deny');
    expect(engine.decide(ask({ known: false, reason: 'none' })).outcome).toBe('deny');
    expect(engine.decide(ask()).outcome).toBe('deny');
  });

  it('sees what other tools reported, where somebody keeps it', async () => {
    const engine = await engineOf(
      `@id("p") ${WAIVED} permit (${SCOPE}) when { context has posture.reported && context.posture.reported.sources.contains("trivy") && context.posture.reported.high < 3 };`,
    );
    const reported = { critical: 0, high: 2, medium: 0, low: 0, sources: ['trivy'] };
    expect(engine.decide(ask(known({ reported }))).outcome).toBe('allow');
    expect(engine.decide(ask(known({ reported: { ...reported, high: 3 } }))).outcome).toBe('deny');
  });

  it('must say what happens while it is not known', async () => {
    await expect(
      engineOf(`@id("p") ${WAIVED} permit (${SCOPE}) when { context.posture.grade == "pass" };`),
    ).rejects.toThrow('context.posture');
  });

  it('is explained by what was found, or by why nothing is known', async () => {
    const engine = await engineOf(`@id("p") ${WAIVED} permit (${SCOPE}) when { ${PASS} };`);
    const failed = engine.decide(ask(known({ grade: 'fail' })));
    expect(failed).toMatchObject({
      reason: 'no_permit',
      facts: [
        { received: 'p does not apply' },
        { name: 'context.posture.grade', expected: 'pass', received: 'fail' },
      ],
    });
    expect(engine.decide(ask({ known: false, reason: 'the mirror has no such commit' }))).toMatchObject({
      facts: [
        { received: 'p does not apply' },
        {
          name: 'context.posture.grade',
          expected: 'pass',
          received: 'unknown: the mirror has no such commit',
        },
      ],
    });
  });

  it('as a forbid denies what is not known, too', async () => {
    const engine = await engineOf(
      `@id("p") ${WAIVED} permit (${SCOPE});\n@id("inspected") forbid (principal, action, resource) unless { ${PASS} };`,
    );
    expect(engine.decide(ask(known())).outcome).toBe('allow');
    expect(engine.decide(ask(known({ grade: 'warn' })))).toMatchObject({ determining: ['inspected'] });
    expect(engine.decide(ask({ known: false, reason: 'too slow' }))).toMatchObject({
      reason: 'forbidden',
      facts: expect.arrayContaining([
        { name: 'context.posture', expected: 'present', received: 'unknown: too slow' },
      ]),
    });
  });
});

describe('posture is asked for', () => {
  const permit = (condition: string, scope = SCOPE) =>
    `@id("p") ${WAIVED} permit (${scope}) when { ${condition} };\n`;
  const inspected = `@id("f") forbid (principal, action, resource) unless { ${PASS} };\n`;
  const forks =
    '@id("forks") forbid (principal, action, resource) when { principal.provider == "github" };\n';
  const broken =
    '@id("e") forbid (principal, action, resource) when { context.now.offset(duration("9223372036854775807ms")) < context.now };\n';

  it.each([
    ['when the permit looks at it', permit(PASS), true],
    ['by its other spelling', permit('context has "posture" && context["posture"].blocking == 0'), true],
    ['when a forbid does', permit('true') + inspected, true],
    ['when the whole context is compared', permit('context == context'), true],
    ['not by others', permit('context.keyBound || true'), false],
    ['not for another resource', permit(PASS, SCOPE.replace('shop-db', 'logs')), false],
    ['not for another project', permit(PASS, SCOPE.replace('456', '9')), false],
    ['not by a stranger whom nothing permits anything', inspected, false],
    ['not when the permit lacks something else', permit('principal.provider == "x"') + inspected, false],
    ['not when something else forbids it', permit(PASS) + forks, false],
    ['not when a policy fails in any case', permit(PASS) + broken, false],
  ])('%s', async (_, text, expected) => {
    const engine = await engineOf(text);
    expect(engine.needsPosture(ask())).toBe(expected);
    expect(engine.outlook(ask()) === 'depends-on-posture').toBe(expected);
  });
});
