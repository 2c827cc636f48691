import { describe, expect, it } from 'vitest';
import { compilePolicies } from './compile-policies.ts';
import { lintCatalogue } from './lint-catalogue.ts';
import type { LintIdentityProvider } from './lint.ts';
import { identityProviders, resources } from './policy.fakes.ts';

const OWN = 'principal in Project::"github/456"';
const DB = 'resource == Resource::"shop-db"';
const LOGS = 'resource == Resource::"logs"';
const MAIN = 'principal has ref.full && principal.ref.full == "refs/heads/main"';
const PUSH = 'principal has trigger && principal.trigger == "push"';
const ID = 'principal has project.id && principal.project.id == "456"';
const PATH = 'principal has project.path && principal.project.path == "acme/shop"';

const gitlab: LintIdentityProvider = {
  name: 'gitlab',
  platform: 'gitlab-ci',
  immutableAttributes: ['project.id', 'org.id'],
};

async function lintsOf(text: string, providers: readonly LintIdentityProvider[] = identityProviders) {
  const options = { identityProviders: providers };
  const compiled = await compilePolicies([{ path: 'a.cedar', text }], resources, options);
  const found = compiled.ok ? compiled.warnings : compiled.problems;
  return found.map(({ severity, code }) => `${severity} ${code}`).sort();
}

function permit(principal: string, resource: string, condition?: string, annotations = ''): string {
  const clause = condition === undefined ? '' : ` when { ${condition} }`;
  return `@id("a") ${annotations} permit (${principal}, action == Action::"issue", ${resource})${clause};`;
}

describe('what a policy makes of posture', () => {
  const PASS = 'context has posture && context.posture.grade == "pass"';
  const forbid = (clause: string, scope = 'principal, action, resource') =>
    `@id("f") forbid (${scope}) ${clause};`;
  const whole = (condition: string, resource = DB) =>
    permit(OWN, resource, `${MAIN} && ${PUSH} && ${condition}`);

  async function postureLints(text: string, posture?: 'configured' | 'missing') {
    const options = { identityProviders, ...(posture === undefined ? {} : { posture }) };
    const compiled = await compilePolicies([{ path: 'a.cedar', text }], resources, options);
    const found = compiled.ok ? compiled.warnings : compiled.problems;
    return found.map(({ severity, code }) => `${severity} ${code}`).sort();
  }

  it.each<[string, string, 'configured' | 'missing' | undefined, string[]]>([
    ['demanded', whole(PASS), 'configured', []],
    ['demanded of everybody by a forbid', whole('true') + forbid(`unless { ${PASS} }`), 'configured', []],
    ['not demanded', whole('true'), 'configured', ['warning posture-not-demanded']],
    ['not demanded for what hurts nobody', whole('true', LOGS), 'configured', []],
    ['not demanded where nobody inspects', whole('true'), 'missing', []],
    [
      'demanded of some by a forbid',
      whole('true') + forbid(`unless { ${PASS} }`, 'principal in Project::"github/9", action, resource'),
      'configured',
      ['warning posture-not-demanded'],
    ],
    ['without a source', whole(PASS), 'missing', ['error posture-without-source']],
    [
      'by a forbid without a source',
      forbid(`unless { ${PASS} }`),
      'missing',
      ['error posture-without-source'],
    ],
    [
      'a forbid that unknown passes',
      forbid('when { context has posture && context.posture.critical > 0 }'),
      'configured',
      ['error posture-unknown-passes'],
    ],
    [
      'a permit that unknown passes',
      whole('(if context has posture then context.posture.grade == "pass" else true)'),
      'configured',
      ['error posture-unknown-passes'],
    ],
    [
      'a permit for what is not known to be bad',
      permit(OWN, DB, `${MAIN} && ${PUSH}`).replace(
        /;$/,
        ' unless { context has posture && context.posture.grade == "fail" };',
      ),
      'configured',
      ['error posture-unknown-passes'],
    ],
    ['one way among others', whole(`(context.keyBound || (${PASS}))`), 'configured', []],
    [
      'reports of others that may be absent',
      whole(
        `${PASS} && (if context has posture.reported then context.posture.reported.critical == 0 else true)`,
      ),
      'configured',
      [],
    ],
    [
      'a grade that does not exist',
      whole('context has posture && ["pass", "passed"].contains(context.posture.grade)'),
      'configured',
      ['error posture-grade-unknown'],
    ],
    ['nothing known of the configuration', whole('true'), undefined, []],
  ])('%s', async (_, text, posture, expected) => {
    expect(await postureLints(text, posture)).toEqual(expected);
  });
});

describe('whom a permit trusts', () => {
  it.each<[string, string, string | undefined, string[]]>([
    ['nobody in particular', 'principal', undefined, ['error trusts-whole-issuer']],
    ['any workload', 'principal is Workload', undefined, ['error trusts-whole-issuer']],
    ['a whole provider', 'principal in IdentityProvider::"github"', undefined, ['error trusts-whole-issuer']],
    ['a branch of anybody', 'principal', MAIN, ['error trusts-whole-issuer']],
    ['a project', OWN, undefined, []],
    ['an organisation', 'principal in Org::"github/123"', undefined, []],
    ['a subject', 'principal == Workload::"github/repo:acme/shop"', undefined, ['warning subject-is-a-name']],
    ['a project id', 'principal', ID, []],
    [
      'a project id, the other way round',
      'principal',
      'principal has project.id && "456" == principal.project.id',
      [],
    ],
    [
      'one of several project ids',
      'principal',
      'principal has project.id && ["1", "2"].contains(principal.project.id)',
      [],
    ],
    ['a project in a condition', 'principal', 'principal in Project::"github/456"', []],
    ['one of several projects', 'principal', 'principal in [Project::"github/1", Project::"github/2"]', []],
    [
      'a pattern of ids',
      'principal',
      'principal has project.id && principal.project.id like "45*"',
      ['error trusts-whole-issuer'],
    ],
    [
      'every id but one',
      'principal',
      'principal has project.id && principal.project.id != "1"',
      ['error trusts-whole-issuer'],
    ],
    ['a path', 'principal', PATH, ['error mutable-name-only']],
    [
      'a pattern of paths',
      'principal',
      'principal has project.path && principal.project.path like "acme/*"',
      ['error mutable-name-only'],
    ],
    [
      'a person',
      'principal',
      'principal has actor.login && principal.actor.login == "eve"',
      ['error mutable-name-only'],
    ],
    [
      'a claim that is a name',
      'principal',
      'principal.hasTag("repository") && principal.getTag("repository") == "acme/shop"',
      ['error mutable-name-only'],
    ],
    ['an id or a path', 'principal', `(${ID}) || (${PATH})`, ['error mutable-name-only']],
    ['an id or an organisation', 'principal', `(${ID}) || principal in Org::"github/1"`, []],
    ['an id or anybody on main', 'principal', `(${ID}) || (${MAIN})`, ['error trusts-whole-issuer']],
    ['what is not outside of a project', 'principal', '!(!(principal in Project::"github/456"))', []],
    [
      'whatever a condition chooses',
      'principal',
      'if principal.provider == "github" then principal in Project::"github/1" else true',
      ['error trusts-whole-issuer'],
    ],
  ])('%s', async (_what, principal, condition, expected) => {
    expect(await lintsOf(permit(principal, LOGS, condition))).toEqual(expected);
  });

  it('an unless that lets a project out is a pin as well', async () => {
    const text = `@id("a") permit (principal, action, ${LOGS}) unless { !(principal in Project::"github/1") };`;
    expect(await lintsOf(text)).toEqual([]);
  });

  it('an id needs its provider where there are two', async () => {
    const both = [...identityProviders, gitlab];
    expect(await lintsOf(permit('principal', LOGS, ID), both)).toEqual(['warning ambiguous-provider']);
    const whose = `principal.provider == "github" && ${ID}`;
    expect(await lintsOf(permit('principal', LOGS, whose), both)).toEqual([]);
  });

  it('a forbid may be for everybody', async () => {
    expect(await lintsOf(`@id("a") forbid (principal, action, resource) when { !(${MAIN}) };`)).toEqual([]);
  });
});

describe('which jobs may have a privileged resource', () => {
  const bare = ['error privileged-without-context'];
  it.each<[string, string | undefined, string[]]>([
    ['all of the project', undefined, bare],
    ['those on main by push', `${MAIN} && ${PUSH}`, []],
    ['those on main, whatever started them', MAIN, ['warning pull-request-target']],
    ['those on any branch', 'principal has ref.full && principal.ref.full like "refs/heads/*"', bare],
    [
      'those of an environment',
      'principal has environment && principal.environment.name == "production"',
      ['warning fork-not-excluded'],
    ],
    [
      'those of an environment and of no fork',
      'principal has environment && principal.environment.name == "production" && principal has forked && !principal.forked',
      [],
    ],
    [
      'pull requests',
      'principal has trigger && principal.trigger == "pull_request_target"',
      ['warning pull-request-target'],
    ],
    [
      'those that are no pull requests',
      'principal has trigger && principal.trigger != "pull_request"',
      [...bare, 'warning negated-guard-only'],
    ],
    ['those on main, or all', `(${MAIN} && ${PUSH}) || principal.provider == "github"`, bare],
    ['those of a reusable definition', 'principal has callee.uri && principal.callee.uri == "x"', bare],
    ['those that have a ref at all', 'principal has ref.full', bare],
    [
      'those on protected refs by push',
      `principal has ref.protected && principal.ref.protected && ${PUSH}`,
      [],
    ],
    [
      'those on unprotected refs',
      'principal has ref.protected && !principal.ref.protected',
      [...bare, 'warning negated-guard-only'],
    ],
  ])('%s', async (_what, condition, expected) => {
    expect(await lintsOf(permit(OWN, DB, condition))).toEqual(expected);
  });

  it('GitHub’s trap is not told to those who have GitLab only', async () => {
    const text = permit('principal in Project::"gitlab/1"', DB, MAIN);
    expect(await lintsOf(text, [gitlab])).toEqual([]);
  });
});

describe('which resources a permit is for', () => {
  it.each<[string, string, string | undefined, string[]]>([
    ['one', LOGS, undefined, []],
    ['every', 'resource', `${MAIN} && ${PUSH}`, ['error unconstrained-resource']],
    ['every that is not privileged', 'resource', '!resource.privileged', ['warning unconstrained-resource']],
    [
      'those of a team',
      'resource',
      `resource.hasTag("team") && resource.getTag("team") == "shop" && ${MAIN} && ${PUSH}`,
      [],
    ],
    ['one by name', 'resource', 'resource.name == "logs"', []],
    ['one in a condition', 'resource', 'resource == Resource::"logs"', []],
  ])('%s', async (_what, resource, condition, expected) => {
    expect(await lintsOf(permit(OWN, resource, condition))).toEqual(expected);
  });
});

describe('a policy about a provider that is not configured', () => {
  it.each([
    ['by an entity', permit('principal in Project::"gihub/456"', LOGS)],
    ['by an id without a provider', permit('principal in Project::"456"', LOGS)],
    ['by an attribute', permit(OWN, LOGS, 'principal.provider == "gihub"')],
    ['in a forbid', '@id("a") forbid (principal in Org::"gihub/1", action, resource);'],
  ])('is refused: %s', async (_what, text) => {
    expect(await lintsOf(text)).toEqual(['error unreachable']);
  });
});

describe('a waiver', () => {
  it.each([
    [
      'with a reason makes a warning of it',
      '@allow("trusts-whole-issuer: logs are public anyway")',
      ['warning trusts-whole-issuer'],
    ],
    [
      'without a reason is none',
      '@allow("trusts-whole-issuer")',
      ['error trusts-whole-issuer', 'error waiver_invalid'],
    ],
    [
      'with a poor reason is none',
      '@allow("trusts-whole-issuer: because")',
      ['error trusts-whole-issuer', 'error waiver_invalid'],
    ],
    [
      'of something unknown is none',
      '@allow("trust-whole-issuer: logs are public anyway")',
      ['error trusts-whole-issuer', 'error waiver_invalid'],
    ],
    [
      'of something else changes nothing',
      '@allow("unreachable: logs are public anyway")',
      ['error trusts-whole-issuer'],
    ],
  ])('%s', async (_what, annotation, expected) => {
    expect(await lintsOf(permit('principal', LOGS, undefined, annotation))).toEqual(expected);
  });
});

it('every lint says what, why and what to write', () => {
  for (const { id, title, why, remedy } of lintCatalogue) {
    expect(id).toMatch(/^[a-z-]+$/);
    expect(Math.min(title.length, why.length, remedy.length)).toBeGreaterThan(20);
  }
});
