import { compilePeoplePolicies } from '#policy/people/compile-people-policies.ts';
import { personRoles } from '#policy/people/people-schema.ts';
import type { PeopleSettings } from '#people/settings.ts';
import type { SignIn } from '#people/sign-in/sign-in.ts';
import { FakeApiTokenStore } from '../stores.fake.ts';
import type { PeopleDependencies } from './dependencies.ts';

export const ISSUER = 'https://login.acme.example';

/** Groups with a role each, and one whose role holds for a team. */
export type TestGroup = (typeof personRoles)[number] | 'shop-devs' | 'nobody';

const compiling = compilePeoplePolicies([], new Set(['shop']));

export async function createTestPeople() {
  const compilation = await compiling;
  if (!compilation.ok) throw new Error('the built-in policies for people are broken');
  const { policy } = compilation;
  const settings: PeopleSettings = {
    signIn: {
      name: 'Acme',
      issuer: ISSUER,
      clientId: 'vouchgate',
      scopes: ['openid'],
      groupsClaim: 'groups',
    },
    sessions: { lifetime: 43_200, idle: 3_600 },
    roles: [
      ...personRoles.map((role) => ({ role, groups: [role], subjects: [] })),
      { role: 'developer', groups: ['shop-devs'], subjects: [], team: 'shop' },
    ],
    teams: { shop: { repositories: ['acme/shop', 'acme/shop-deploy'] } },
  };
  const inForce = { settings, policy };
  const apiTokens = new FakeApiTokenStore();
  const signIn: { current: SignIn } = {
    current: {
      start: async () => ({ location: `${ISSUER}/authorize`, cookie: 'a cookie' }),
      finish: async () => ({ ok: false, refusal: 'sign_in_not_started' }),
    },
  };
  const dependencies: PeopleDependencies = {
    inForce: async () => inForce,
    apiTokens,
    signIn: {
      start: (...input) => signIn.current.start(...input),
      finish: (...input) => signIn.current.finish(...input),
    },
    consoleFiles: undefined,
    version: '1.2.3',
  };
  return { dependencies, inForce, apiTokens, signIn };
}
