import { judgeAuthority, needsOf } from '#people/authority.ts';
import type { PeopleInForce } from '#people/settings.ts';
import type { PersonAction } from '#policy/people/people-schema.ts';
import type { Person } from '../ports.ts';
import { RequestProblem } from '../request-problem.ts';
import type { KnownPerson } from './authenticate-person.ts';
import type { PersonEvents } from './person-events.ts';

/** Lets a person do what a route does, and says where. @throws {RequestProblem} `action_denied` */
export type Authorise = (
  person: KnownPerson,
  asked: { action: PersonAction; operation: string },
  inForce: PeopleInForce,
  sourceIp: string | undefined,
) => Promise<Person>;

export function createAuthorise(events: PersonEvents): Authorise {
  return async (person, { action, operation }, inForce, sourceIp) => {
    const { grants, scope } = judgeAuthority(inForce, person, action, person.bounds);
    if (scope !== undefined) return { ...person, grants, scope };
    const needs = needsOf(inForce, action);
    const refused: Person = { ...person, grants, scope: { kind: 'some', patterns: [] } };
    await events.actionRefused(refused, needs, operation, sourceIp);
    throw new RequestProblem('action_denied', detailOf(refused, action), { needs });
  };
}

function detailOf({ kind, grants }: Person, action: PersonAction): string {
  if (kind === 'token') return `This needs \`${action}\`, which this API token does not have here.`;
  const held = grants.map(({ role, team }) => (team === undefined ? role : `${role} in ${team}`));
  const roles = held.length === 0 ? 'You have no role' : `Your role is ${[...new Set(held)].join(', ')}`;
  return `This needs \`${action}\`. ${roles}.`;
}
