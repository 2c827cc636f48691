import { beforeAll, describe, expect, it } from 'vitest';
import { compilePeoplePolicies } from './compile-people-policies.ts';
import type { PeoplePolicy, PersonFacts, RoleGrant } from './people-policy.ts';
import { type PersonAction, personActions, type PersonRole, personRoles } from './people-schema.ts';

const TEAMS = new Set(['shop', 'mobile']);

async function compile(text?: string): Promise<PeoplePolicy> {
  const files = text === undefined ? [] : [{ path: 'people/own.cedar', text }];
  const compilation = await compilePeoplePolicies(files, TEAMS);
  if (!compilation.ok) throw new Error(JSON.stringify(compilation.problems));
  return compilation.policy;
}

async function problemsOf(text: string): Promise<string[]> {
  const compilation = await compilePeoplePolicies([{ path: 'people/own.cedar', text }], TEAMS);
  return compilation.ok
    ? []
    : compilation.problems.map(({ code, line, remedy }) => `${line}: ${code} ${remedy}`);
}

function person(grants: readonly RoleGrant[], change: Partial<PersonFacts> = {}): PersonFacts {
  return { subject: 'alice', signedInBy: 'oidc', groups: [], grants, ...change };
}

const everywhere = (role: PersonRole): RoleGrant => ({ role, team: undefined });

/** The whole table, written down: a change of a built-in policy has to be a change here. */
const MATRIX: Readonly<Record<PersonRole, readonly PersonAction[]>> = {
  owner: personActions,
  security: ['own', 'view', 'viewRecord', 'triage', 'upload', 'propose', 'approve', 'manageLeases'],
  developer: ['own', 'view', 'triage', 'upload', 'propose'],
  approver: ['own', 'view', 'approve'],
  auditor: ['own', 'view', 'viewRecord'],
};

describe('the built-in policies for people', () => {
  let policy: PeoplePolicy;
  beforeAll(async () => {
    policy = await compile();
  });

  it.each(personRoles)('give %s what the table says, and nothing else', (role) => {
    const allowed = personActions.filter(
      (action) => policy.judge(person([everywhere(role)]), action).grants.length > 0,
    );
    expect(allowed).toEqual(MATRIX[role]);
  });

  it.each(personRoles)('keep what %s of a team may do inside the team', (role) => {
    const whole: readonly PersonAction[] = [
      'viewRecord',
      'propose',
      'approve',
      'manageLeases',
      'configure',
      'administer',
    ];
    const allowed = personActions.filter(
      (action) => policy.judge(person([{ role, team: 'shop' }]), action).grants.length > 0,
    );
    expect(allowed).toEqual(MATRIX[role].filter((action) => !whole.includes(action)));
  });

  it('are valid by their own schema', async () => {
    const harmless = '@id("nobody") forbid (principal == Person::"nobody", action, resource);';
    expect(await problemsOf(harmless)).toEqual([]);
  });

  it('allow nothing to somebody without a role', () => {
    for (const action of personActions) expect(policy.judge(person([]), action).grants).toEqual([]);
  });

  it('say by which grants something is allowed, so that its reach is known', () => {
    const grants: RoleGrant[] = [everywhere('auditor'), { role: 'developer', team: 'shop' }];
    expect(policy.judge(person(grants), 'view').grants).toEqual(grants);
    expect(policy.judge(person(grants), 'triage').grants).toEqual([grants[1]]);
    expect(policy.judge(person(grants), 'viewRecord').grants).toEqual([grants[0]]);
  });

  it('do not add up roles that each are too small', () => {
    // An owner of one team, who may look everywhere, is no owner of everything.
    const grants: RoleGrant[] = [{ role: 'owner', team: 'shop' }, everywhere('auditor')];
    expect(policy.judge(person(grants), 'administer').grants).toEqual([]);
    expect(policy.judge(person(grants), 'configure').grants).toEqual([]);
  });

  it('let no token approve or administer, whoever made it', () => {
    const token = person([everywhere('owner')], { signedInBy: 'token' });
    expect(policy.judge(token, 'approve')).toEqual({ grants: [], policies: ['tokens-are-no-people'] });
    expect(policy.judge(token, 'administer').grants).toEqual([]);
    expect(policy.judge(token, 'configure').grants).toHaveLength(1);
  });

  it('know two people apart only where a policy could', () => {
    const one = policy.judge(person([everywhere('auditor')]), 'view');
    expect(policy.judge(person([everywhere('auditor')], { subject: 'bob', groups: ['x'] }), 'view')).toBe(
      one,
    );
  });

  it('name the roles that have what somebody lacks', () => {
    expect(policy.rolesFor('configure', true)).toEqual(['owner']);
    expect(policy.rolesFor('approve', true)).toEqual(['owner', 'security', 'approver']);
    expect(policy.rolesFor('approve', false)).toEqual([]);
  });
});

describe('policies of the operator', () => {
  it('add to a role', async () => {
    const policy = await compile(
      '@id("devs-read-the-record") permit (principal in Role::"developer", action == Action::"viewRecord", resource);',
    );
    const developer = person([everywhere('developer')]);
    expect(policy.judge(developer, 'viewRecord')).toEqual({
      grants: [everywhere('developer')],
      policies: ['devs-read-the-record'],
    });
    expect(policy.files).toEqual(['people/own.cedar']);
  });

  it('take away, and win over every permit and every other role', async () => {
    const policy = await compile(`
      @id("contractors-propose-nothing")
      forbid (principal in Team::"mobile", action == Action::"propose", resource);
      @id("no-alice") forbid (principal, action == Action::"approve", resource) when { principal.subject == "alice" };
    `);
    const grants: RoleGrant[] = [everywhere('owner'), { role: 'developer', team: 'mobile' }];
    expect(policy.judge(person(grants), 'propose')).toEqual({
      grants: [],
      policies: ['contractors-propose-nothing'],
    });
    expect(policy.judge(person([everywhere('owner')]), 'propose').grants).toHaveLength(1);
    expect(policy.judge(person([everywhere('owner')]), 'approve').grants).toEqual([]);
    expect(policy.judge(person([everywhere('owner')], { subject: 'bob' }), 'approve').grants).toHaveLength(1);
  });

  it('take a subject for text, whatever is in it', async () => {
    const policy = await compile(
      '@id("x") forbid (principal, action, resource) when { principal.subject == "mallory" };',
    );
    const hostile = person([everywhere('auditor')], {
      subject: '"} permit (principal, action, resource); //\u0000\u202e',
      groups: ['__proto__', 'constructor'],
    });
    expect(policy.judge(hostile, 'administer').grants).toEqual([]);
    expect(policy.judge(hostile, 'viewRecord').grants).toHaveLength(1);
  });

  it.each([
    [
      'a role that does not exist',
      '@id("a") forbid (principal in Role::"ownr", action, resource);',
      'role_unknown Did you mean `owner`?',
    ],
    [
      'a team that does not exist',
      '@id("a") forbid (principal in Team::"shp", action, resource);',
      'team_unknown Did you mean `shop`?',
    ],
    [
      'a role in a condition',
      '@id("a") forbid (principal, action, resource) when { principal in Role::"root" };',
      'role_unknown',
    ],
    [
      'an action that does not exist',
      '@id("a") permit (principal, action == Action::"aprove", resource);',
      'action_unknown Did you mean `approve`?',
    ],
    [
      'an attribute that does not exist',
      '@id("a") forbid (principal, action, resource) when { principal has grups };',
      'attribute_unknown Did you mean `groups`?',
    ],
    ['a workload', '@id("a") permit (principal is Workload, action, resource);', 'entity_type_unknown'],
    ['no @id', 'permit (principal, action, resource);', 'policy_id_missing'],
    [
      'the @id of a built-in policy',
      '@id("owner") permit (principal, action, resource);',
      'policy_id_duplicate',
    ],
    [
      'a mistake of type',
      '@id("a") permit (principal, action, resource) when { principal.groups == "x" };',
      'policy_i',
    ],
    ['no Cedar', '@id("a") allow everybody;', 'policy_syntax'],
  ])('with %s are refused at their line', async (_, text, expected) => {
    expect((await problemsOf(`\n${text}`)).join('\n')).toContain(`2: ${expected}`);
  });
});
