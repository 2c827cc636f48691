import { describe, expect, test } from 'vitest';
import { loadConfiguration } from './load-configuration.ts';

const BASE = 'version: 1\nurl: https://vouchgate.acme.example\n';

async function load(people: string, others: Record<string, string> = {}) {
  return loadConfiguration({ 'vouchgate.yaml': `${BASE}people:\n${people}`, ...others });
}

async function problemsOf(people: string, others: Record<string, string> = {}): Promise<string> {
  const result = await load(people, others);
  return result.ok
    ? 'accepted'
    : result.problems
        .map(({ file, line, message, remedy }) => `${file}:${line}: ${message} ${remedy}`)
        .join('\n');
}

const TEAM = '  teams: { shop: { repositories: [acme/shop, acme/shop-deploy] } }\n';

describe('people in the configuration', () => {
  test('are nobody but the admin link where nothing is said', async () => {
    const result = await loadConfiguration({ 'vouchgate.yaml': BASE });
    if (!result.ok) throw new Error(JSON.stringify(result.problems));
    expect(result.configuration.people.settings).toEqual({
      roles: [],
      teams: {},
      sessions: { lifetime: 43_200, idle: 3_600 },
    });
    expect(result.configuration.people.policy.rolesFor('administer', true)).toEqual(['owner']);
  });

  test('have a sign-in with defaults that any provider takes', async () => {
    const result = await load(
      '  signIn: { issuer: "https://login.acme.example/", clientId: vouchgate, clientSecret: { env: OIDC_SECRET } }\n',
    );
    if (!result.ok) throw new Error(JSON.stringify(result.problems));
    expect(result.configuration.people.settings.signIn).toEqual({
      name: 'single sign-on',
      issuer: 'https://login.acme.example/',
      clientId: 'vouchgate',
      clientSecret: { env: 'OIDC_SECRET' },
      scopes: ['openid', 'profile', 'email'],
      groupsClaim: 'groups',
    });
    // Nobody could ever be an owner.
    expect(result.configuration.warnings.map(({ message }) => message)).toContain(
      'People can sign in, and nobody of them is an owner.',
    );
  });

  test.each([
    [
      'a team that is not there',
      `${TEAM}  roles: [{ role: developer, team: shp, groups: [a] }]\n`,
      'Did you mean `shop`?',
    ],
    ['a role that is not there', '  roles: [{ role: root, groups: [a] }]\n', 'people.roles'],
    ['a role for nobody', '  roles: [{ role: owner }]\n', 'needs `groups` or `subjects`'],
    [
      'a client secret in the open',
      '  signIn: { issuer: "https://a.example", clientId: x, clientSecret: hunter2 }\n',
      'must be a reference',
    ],
    [
      'http beyond loopback',
      '  signIn: { issuer: "http://a.example", clientId: x }\n',
      'must be an https URL',
    ],
    [
      'an issuer with a query',
      '  signIn: { issuer: "https://a.example?x=1", clientId: x }\n',
      'must be an https URL',
    ],
    [
      'scopes without openid',
      '  signIn: { issuer: "https://a.example", clientId: x, scopes: [email] }\n',
      'openid',
    ],
    [
      'a pattern in the middle of a name',
      '  teams: { shop: { repositories: ["acme/*/x"] } }\n',
      'must be a repository',
    ],
    ['a pattern for everything', '  teams: { shop: { repositories: ["*"] } }\n', 'must be a repository'],
    ['a session without end', '  sessions: { lifetime: 365d }\n', 'is out of range'],
    ['a session that is over at once', '  sessions: { idle: 1s }\n', 'is out of range'],
    [
      'a prototype for a team',
      '  roles: [{ role: owner, team: __proto__, groups: [a] }]\n',
      'there is no team',
    ],
    ['a key that nobody knows', '  signin: {}\n', 'Unknown key `people.signin`'],
  ])('are refused with %s', async (_, people, expected) => {
    const problems = await problemsOf(people);
    expect(problems).toContain('vouchgate.yaml:');
    expect(problems).toContain(expected);
  });

  test('have policies of the operator, as strict as those for workloads', async () => {
    const wrong = await problemsOf('  {}\n', {
      'people/own.cedar': '@id("x")\npermit (principal in Role::"ownr", action, resource);',
    });
    expect(wrong).toContain('people/own.cedar:2: There is no "ownr" for people. Did you mean `owner`?');
    const right = await load(TEAM, {
      'people/own.cedar':
        '@id("x") forbid (principal in Team::"shop", action == Action::"propose", resource);',
    });
    if (!right.ok) throw new Error(JSON.stringify(right.problems));
    expect(right.configuration.people.policy.files).toEqual(['people/own.cedar']);
    expect(right.configuration.warnings).toEqual([]);
    // The policies for workloads do not know them.
    expect(right.configuration.policies).toEqual([]);
  });

  test('do not share their folder with the policies for workloads', async () => {
    const both = await loadConfiguration({ 'vouchgate.yaml': `${BASE}policies: people\n` });
    expect(both.ok).toBe(false);
  });
});
