import type { RoleGrant } from '#policy/people/people-policy.ts';
import type { SignedIn } from './ports.ts';
import type { PeopleSettings, RoleAssignment } from './settings.ts';

/** The owner that the admin link makes; `people.roles` cannot name it, nobody can sign in as it. */
export const ADMIN_SUBJECT = 'admin';

function isGiven({ groups, subjects }: RoleAssignment, person: SignedIn): boolean {
  return subjects.includes(person.subject) || person.groups.some((group) => groups.includes(group));
}

function isSame(one: RoleGrant, other: RoleGrant): boolean {
  return one.role === other.role && one.team === other.team;
}

/**
 * The roles of somebody under the configuration in force: a changed `people.roles` holds at once, for open sessions
 * and for tokens. Whoever signed in with another issuer than the configured one has none.
 */
export function grantsOf(person: SignedIn, settings: PeopleSettings): readonly RoleGrant[] {
  if (person.signedInBy === 'link') return [{ role: 'owner', team: undefined }];
  if (settings.signIn === undefined || settings.signIn.issuer !== person.issuer) return [];
  const given = settings.roles.filter((assignment) => isGiven(assignment, person));
  const grants = given.map(({ role, team }): RoleGrant => ({ role, team }));
  return grants.filter((grant, at) => grants.findIndex((other) => isSame(grant, other)) === at);
}
