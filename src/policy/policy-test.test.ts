import { describe, expect, it } from 'vitest';
import { WAIVED, engineOf, productionJob, resources } from './policy.fakes.ts';
import { runPolicyTests } from './policy-test.ts';

const POLICY = `@id("deploy") ${WAIVED} permit (principal in Project::"github/456", action == Action::"issue", resource == Resource::"shop-db") when { principal has trigger && principal.trigger == "push" };`;

async function run(text: string, identify?: Parameters<typeof runPolicyTests>[0]['identify']) {
  const files = [{ path: 'policies/shop.test.yaml', text }];
  return runPolicyTests({ files, engine: await engineOf(POLICY), resources, ...(identify && { identify }) });
}

const PUSH = 'identity: { provider: github, project: { id: "456" }, trigger: push }';

describe('a policy test', () => {
  it('passes where the decision is the expected one', async () => {
    const result = await run(`cases:
  - name: push may
    ${PUSH}
    resource: shop-db
    expect: allow
    because: deploy
  - name: a pull request may not
    identity: { provider: github, project: { id: "456" }, trigger: pull_request }
    resource: shop-db
    expect: deny
  - name: renewal is another action
    ${PUSH}
    resource: shop-db
    action: renew
    context: { now: 2026-02-03T04:05:06Z, sourceIp: 192.0.2.1, keyBound: true }
    expect: deny
`);
    expect(result).toMatchObject({
      passed: true,
      problems: [],
      results: [{ line: 2 }, { line: 7 }, { line: 11 }],
    });
  });

  it('gives a posture of which only what matters is written, and none unless it is given', async () => {
    const text = `@id("p") ${WAIVED} permit (principal, action, resource) when { context has posture && context.posture.grade == "pass" && context.posture.high < 2 };`;
    const engine = await engineOf(text);
    const outcomes = ['', '{ grade: pass }', '{ high: 1 }', '{ high: 2 }', '{ grade: warn }'].map(
      (posture) => {
        const context = posture === '' ? '' : `    context: { posture: ${posture} }\n`;
        const test = `cases:\n  - name: a\n    ${PUSH}\n    resource: logs\n${context}    expect: allow\n`;
        return runPolicyTests({ files: [{ path: 'a.test.yaml', text: test }], engine, resources }).results[0];
      },
    );
    expect(outcomes.map((each) => each?.passed)).toEqual([false, true, true, false, false]);
    expect(outcomes[0]?.message).toContain('unknown: the case gives none');
  });

  it.each([
    [
      'another outcome',
      `${PUSH}\n    resource: shop-db\n    expect: deny`,
      'Expected deny, but the decision is allow by deploy.',
    ],
    [
      'another policy',
      `${PUSH}\n    resource: shop-db\n    expect: allow\n    because: other`,
      'because of `other`',
    ],
    [
      'a resource that is not there',
      `${PUSH}\n    resource: shop-bd\n    expect: allow`,
      'Did you mean `shop-db`?',
    ],
    [
      'the reason of the denial',
      'identity: { provider: github }\n    resource: shop-db\n    expect: allow',
      'principal.project: expected github/456, received nothing',
    ],
    [
      'claims where nobody can read them',
      'token: { provider: github, claims: {} }\n    resource: shop-db\n    expect: allow',
      'without a configuration',
    ],
  ])('fails with its line and %s', async (_what, body, message) => {
    const result = await run(`cases:\n  - name: it\n    ${body}\n`);
    expect(result.passed).toBe(false);
    expect(result.results).toMatchObject([
      { file: 'policies/shop.test.yaml', line: 2, passed: false, message: expect.stringContaining(message) },
    ]);
  });

  it('reads claims as the provider does', async () => {
    const text =
      'cases:\n  - { name: it, token: { provider: github, claims: { sub: a } }, resource: shop-db, expect: allow }';
    expect(await run(text, () => productionJob)).toMatchObject({ passed: true });
    expect(await run(text, () => ({ problem: 'No project id.' }))).toMatchObject({
      results: [{ message: 'No project id.' }],
    });
  });

  it.each([
    [
      'a misspelt attribute',
      `cases:\n  - name: it\n    identity: { provider: github, projct: { id: "1" } }\n    resource: a\n    expect: deny`,
      3,
    ],
    ['neither identity nor token', 'cases:\n  - { name: it, resource: a, expect: deny }', 2],
    ['no cases', 'cases: []', 1],
    ['no YAML', 'cases: [', 1],
    [
      'a time that is none',
      `cases:\n  - name: it\n    ${PUSH}\n    resource: a\n    context: { now: later }\n    expect: deny`,
      5,
    ],
  ])('that has %s is refused with its line', async (_what, text, line) => {
    const result = await run(text);
    expect(result).toMatchObject({
      passed: false,
      results: [],
      problems: [{ file: 'policies/shop.test.yaml', line }],
    });
  });
});
