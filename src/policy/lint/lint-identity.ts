import type { EntityName } from '../engine/value.ts';
import { type Atom, isPinnedBy } from '../expression/formula.ts';
import type { RawFinding } from '../lint.ts';
import { type LintSubject, entitiesOf, isPositive } from './lint-subject.ts';

/** Without a configuration: what every platform of ours keeps for ever. */
const IMMUTABLE_DEFAULT = ['project.id', 'org.id'];
const MUTABLE_NAMES = new Set(
  (
    'project.path org.name actor.login subject config.uri callee.uri run.url runner.id ' +
    'tags.repository tags.repository_owner tags.actor tags.sub tags.project_path tags.namespace_path ' +
    'tags.user_login tags.workflow_ref tags.job_workflow_ref tags.ci_config_ref_uri'
  ).split(' '),
);
const OWNED_TYPES = new Set(['Project', 'Org']);

/** Who is meant: a permit must be bound to something that cannot change hands. */
export function* lintIdentity(subject: LintSubject): Iterable<RawFinding> {
  const { policy, formula } = subject;
  if (policy.effect !== 'permit') return;
  const immutable = immutableAttributes(subject);
  const byEntity = entityBound(subject, OWNED_TYPES);
  // One alternative may name a project and the other an id: each must be bound by either.
  const binds = (atom: Atom) =>
    (isExact(atom) && immutable.has(attributeOf(atom) ?? '')) || names(atom, OWNED_TYPES);
  const byEither = isPinnedBy(formula, binds);
  if (byEntity) return;
  if (byEither) {
    yield* lintProviderOfId(subject, immutable);
    return;
  }
  if (entityBound(subject, new Set([...OWNED_TYPES, 'Workload']))) {
    if (!immutable.has('subject')) {
      yield { id: 'subject-is-a-name', message: 'The permit is bound to a subject, which is made of names.' };
    }
    return;
  }
  const byName = isPinnedBy(
    formula,
    (atom) => binds(atom) || (isPositive(atom) && MUTABLE_NAMES.has(attributeOf(atom) ?? '')),
  );
  yield byName
    ? { id: 'mutable-name-only', message: 'The permit is bound only to names, which can change hands.' }
    : { id: 'trusts-whole-issuer', message: 'The permit is open to every project of the identity provider.' };
}

function* lintProviderOfId(
  { identityProviders, environment }: LintSubject,
  immutable: ReadonlySet<string>,
): Iterable<RawFinding> {
  const configured = environment.identityProviders;
  if (configured === undefined || configured.length < 2 || (identityProviders?.length ?? 0) < 2) return;
  const attributes = [...immutable].map((name) => `principal.${name}`).join(' or ');
  yield {
    id: 'ambiguous-provider',
    message: `The permit compares ${attributes} without saying whose: ${configured.length} identity providers are configured.`,
  };
}

function immutableAttributes({ identityProviders }: LintSubject): ReadonlySet<string> {
  const [first, ...others] = identityProviders ?? [];
  if (first === undefined) return new Set(IMMUTABLE_DEFAULT);
  const common = first.immutableAttributes.filter((name) =>
    others.every((provider) => provider.immutableAttributes.includes(name)),
  );
  return new Set(common);
}

function entityBound({ policy, formula }: LintSubject, types: ReadonlySet<string>): boolean {
  const scoped = policy.principal.entity;
  return (
    (scoped !== undefined && types.has(scoped.type)) || isPinnedBy(formula, (atom) => names(atom, types))
  );
}

function names(atom: Atom, types: ReadonlySet<string>): boolean {
  if (atom.negated || atom.path?.join('.') !== 'principal') return false;
  const entities: readonly EntityName[] = entitiesOf(atom);
  return entities.length > 0 && entities.every(({ type }) => types.has(type));
}

/** `like` on an id is no pin: `12*` is also the id of a project that will be made tomorrow. */
function isExact({ test, negated }: Atom): boolean {
  return !negated && test.kind === 'equals';
}

/** `project.id` for an atom about `principal.project.id`. */
function attributeOf({ path }: Atom): string | undefined {
  return path?.[0] === 'principal' ? path.slice(1).join('.') : undefined;
}
