import { hash } from 'node:crypto';
import { callCedar, type Cedar } from '../cedar-runtime.ts';
import { PolicyError } from '../problem.ts';
import { type PersonAction, type PersonRole, personRoles } from './people-schema.ts';

const KEPT_MAX = 10_000;

/** A role, everywhere or for one team only. */
export interface RoleGrant {
  readonly role: PersonRole;
  readonly team: string | undefined;
}

/** What policies can know of somebody. */
export interface PersonFacts {
  readonly subject: string;
  readonly signedInBy: 'link' | 'oidc' | 'token';
  readonly groups: readonly string[];
  readonly grants: readonly RoleGrant[];
}

export interface PersonJudgement {
  /** The grants by which it is allowed: where they hold is where the action may be done. None: it is refused. */
  readonly grants: readonly RoleGrant[];
  /** `@id` of the policies that decided: of the permits, or of the forbid. */
  readonly policies: readonly string[];
}

/** Who may do what here. Answers are kept: the same person asks the same question all day. */
export interface PeoplePolicy {
  judge(person: PersonFacts, action: PersonAction): PersonJudgement;
  /** The roles that allow it when they are held everywhere, or for a team. For tables, and for whoever is refused. */
  rolesFor(action: PersonAction, everywhere: boolean): readonly PersonRole[];
  /** Files of the operator that take part, beside the built-in policies. */
  readonly files: readonly string[];
}

interface Verdict {
  allowed: boolean;
  policies: readonly string[];
}

/** `texts`: policy by its `@id`, parsed and validated before. */
export function createPeoplePolicy(
  cedar: Cedar,
  texts: ReadonlyMap<string, string>,
  files: readonly string[],
): PeoplePolicy {
  const policySet = preparse(cedar, Object.fromEntries(texts));
  const kept = new Map<string, PersonJudgement>();
  // The built-in policies look at roles alone: then all who have the same are one.
  const relevant = (person: PersonFacts): PersonFacts =>
    files.length === 0 ? { ...person, subject: 'anybody', groups: [] } : person;

  const ask = (person: PersonFacts, action: PersonAction): Verdict => {
    const principal = { type: 'Person', id: person.subject };
    const parents = parentsOf(person.grants);
    const { subject, signedInBy, groups } = person;
    // Without the schema, which costs far more to read than the rest: the policies were validated against it.
    const answer = callCedar(() =>
      cedar.statefulIsAuthorized({
        principal,
        action: { type: 'Action', id: action },
        resource: { type: 'Vouchgate', id: 'here' },
        context: { everywhere: person.grants.some(({ team }) => team === undefined) },
        preparsedPolicySetId: policySet,
        entities: [
          { uid: principal, attrs: { subject, signedInBy, groups: [...groups] }, parents },
          ...parents.map((uid) => ({ uid, attrs: {}, parents: [] })),
        ],
      }),
    );
    // Cedar skips a forbid that fails, so a failure is no answer at all.
    if (answer.type === 'success' && answer.response.diagnostics.errors.length === 0) {
      const { decision, diagnostics } = answer.response;
      return { allowed: decision === 'allow', policies: diagnostics.reason };
    }
    throw new PolicyError('policy_evaluation_failed', 'Cedar could not evaluate the policies for people.', {
      cause: answer.type === 'failure' ? answer.errors : answer.response.diagnostics.errors,
    });
  };

  const judgeAnew = (person: PersonFacts, action: PersonAction): PersonJudgement => {
    // A forbid on any role or team of theirs wins, whatever their other roles allow.
    const whole = ask(person, action);
    if (!whole.allowed) return { grants: [], policies: whole.policies };
    const verdicts = person.grants.map((grant) => ({
      grant,
      verdict: ask({ ...person, grants: [grant] }, action),
    }));
    const allowing = verdicts.filter(({ verdict }) => verdict.allowed);
    const deciding = allowing.length === 0 ? verdicts : allowing;
    return {
      grants: allowing.map(({ grant }) => grant),
      policies: [...new Set(deciding.flatMap(({ verdict }) => verdict.policies))].sort(),
    };
  };

  const judge: PeoplePolicy['judge'] = (somebody, action) => {
    const person = relevant(somebody);
    const key = JSON.stringify([action, person.subject, person.signedInBy, person.groups, person.grants]);
    const known = kept.get(key);
    if (known !== undefined) return known;
    const judgement = person.grants.length === 0 ? NOBODY : judgeAnew(person, action);
    if (kept.size >= KEPT_MAX) kept.clear();
    kept.set(key, judgement);
    return judgement;
  };

  return {
    judge,
    files,
    rolesFor: (action, everywhere) =>
      personRoles.filter((role) => {
        const grants = [{ role, team: everywhere ? undefined : 'any' }];
        const person: PersonFacts = { subject: 'anybody', signedInBy: 'oidc', groups: [], grants };
        return judge(person, action).grants.length > 0;
      }),
  };
}

/**
 * Cedar keeps what it has read once under a name, and never forgets it: the name is made of the content, so that
 * the same policies are there once, however often a configuration is loaded.
 */
function preparse(cedar: Cedar, staticPolicies: Readonly<Record<string, string>>): string {
  const name = `people-${hash('sha256', JSON.stringify(staticPolicies))}`;
  const answer = callCedar(() => cedar.preparsePolicySet(name, { staticPolicies: { ...staticPolicies } }));
  if (answer.type === 'success') return name;
  throw new PolicyError('policy_compiler_failed', 'Cedar could not read the policies for people.', {
    cause: answer.errors,
  });
}

const NOBODY: PersonJudgement = { grants: [], policies: [] };

function parentsOf(grants: readonly RoleGrant[]): { type: string; id: string }[] {
  const roles = new Set(grants.map(({ role }) => role));
  const teams = new Set(grants.flatMap(({ team }) => (team === undefined ? [] : [team])));
  return [
    ...[...roles].map((id) => ({ type: 'Role', id })),
    ...[...teams].map((id) => ({ type: 'Team', id })),
  ];
}
