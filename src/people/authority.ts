import { ALL_REPOSITORIES, type RepositoryScope } from '#core/repository-scope.ts';
import type { PersonFacts, RoleGrant } from '#policy/people/people-policy.ts';
import type { PersonAction, PersonRole } from '#policy/people/people-schema.ts';
import { grantsOf } from './grants.ts';
import type { SignedIn } from './ports.ts';
import { narrowScope, uniteScopes } from './scopes.ts';
import type { PeopleInForce, PeopleSettings } from './settings.ts';

/** What a token was made for; a session has no such bounds. */
export interface TokenBounds {
  readonly actions: readonly PersonAction[];
  readonly repositories: readonly string[] | undefined;
}

/** Where somebody may do something; undefined: nowhere. */
export interface Authority {
  readonly grants: readonly RoleGrant[];
  readonly scope: RepositoryScope | undefined;
}

/** What was missing, and who has it: for the answer to whoever is refused. */
export interface Needs {
  readonly action: PersonAction;
  readonly roles: readonly PersonRole[];
  readonly ask: readonly string[];
}

// No name of a team is empty: a token for some repositories is bounded like a role of a team, and this is the team.
const BOUNDED = '';
const ASK_MAX = 10;

function factsOf(person: SignedIn, settings: PeopleSettings, bounds: TokenBounds | undefined): PersonFacts {
  const grants = grantsOf(person, settings);
  return {
    subject: person.subject,
    signedInBy: bounds === undefined ? person.signedInBy : 'token',
    groups: person.groups,
    // What reaches beyond repositories is not for a token that is bound to some.
    grants:
      bounds?.repositories === undefined
        ? grants
        : grants.map(({ role, team }) => ({ role, team: team ?? BOUNDED })),
  };
}

function scopeOf({ team }: RoleGrant, settings: PeopleSettings): RepositoryScope {
  if (team === undefined || team === BOUNDED) return ALL_REPOSITORIES;
  const entry = Object.hasOwn(settings.teams, team) ? settings.teams[team] : undefined;
  return { kind: 'some', patterns: entry?.repositories ?? [] };
}

/** Whether somebody may do something, and where, under what is in force now. */
export function judgeAuthority(
  { settings, policy }: PeopleInForce,
  person: SignedIn,
  action: PersonAction,
  bounds?: TokenBounds,
): Authority {
  const facts = factsOf(person, settings, bounds);
  if (bounds !== undefined && action !== 'own' && !bounds.actions.includes(action)) {
    return { grants: facts.grants, scope: undefined };
  }
  const { grants } = policy.judge(facts, action);
  if (grants.length === 0) return { grants: facts.grants, scope: undefined };
  const scope = uniteScopes(grants.map((grant) => scopeOf(grant, settings)));
  const { repositories } = bounds ?? {};
  return {
    grants: facts.grants,
    scope: repositories === undefined ? scope : narrowScope(scope, repositories),
  };
}

export function needsOf({ settings, policy }: PeopleInForce, action: PersonAction): Needs {
  const roles = policy.rolesFor(action, true);
  const holders = settings.roles.filter(({ role, team }) => team === undefined && roles.includes(role));
  const named = holders.flatMap(({ role, groups, subjects }) => [
    ...groups.map((group) => `group ${group} (${role})`),
    ...subjects.map((subject) => `${subject} (${role})`),
  ]);
  const ask = named.length === 0 ? ['whoever runs the server (vouchgate up --admin-link)'] : named;
  return { action, roles, ask: [...new Set(ask)].slice(0, ASK_MAX) };
}
