import { type Atom, demandedBoolean, isPinnedBy } from '../expression/formula.ts';
import type { RawFinding } from '../lint.ts';
import { type LintSubject, isPositive } from './lint-subject.ts';

const REF = new Set([
  'ref.full',
  'ref.type',
  'ref.protected',
  'tags.ref',
  'tags.ref_path',
  'tags.ref_protected',
]);
const ENVIRONMENT = new Set(['environment.name', 'environment.protected', 'tags.environment']);
const TRIGGER = new Set(['trigger', 'tags.event_name', 'tags.pipeline_source']);
const DEFINITION = new Set([
  'config.uri',
  'config.sha',
  'commit',
  'tags.workflow_ref',
  'tags.ci_config_ref_uri',
]);
/** The callee's ref says which reusable definition runs, not which branch called it: it is not among these. */
const CONTEXT = new Set([...REF, ...ENVIRONMENT, ...TRIGGER, ...DEFINITION]);
const STRANGERS_TRIGGERS = new Set([
  'pull_request',
  'pull_request_target',
  'workflow_run',
  'issue_comment',
  'issues',
  'merge_request_event',
  'external_pull_request_event',
]);

/** Which jobs are meant: a permit for something that hurts must tell one job of a project from another. */
export function* lintContext(subject: LintSubject): Iterable<RawFinding> {
  const { policy, constrainsResource, reachesPrivileged } = subject;
  if (policy.effect !== 'permit') return;
  if (!constrainsResource) {
    yield {
      id: 'unconstrained-resource',
      message: 'The permit is for every resource, also for those that are added later.',
      severity: reachesPrivileged ? 'error' : 'warning',
    };
  }
  if (onlyNegated(subject)) {
    yield {
      id: 'negated-guard-only',
      message: 'The conditions on ref, environment and trigger only say what must not be.',
    };
  }
  if (reachesPrivileged) yield* lintPrivileged(subject);
}

function* lintPrivileged(subject: LintSubject): Iterable<RawFinding> {
  const pinned = (attributes: ReadonlySet<string>) => isPinned(subject, attributes);
  if (!pinned(CONTEXT)) {
    yield {
      id: 'privileged-without-context',
      message: 'A privileged resource is open to every job of the project, whatever its branch.',
    };
    return;
  }
  const trigger = pinned(TRIGGER) && !namesStrangersTrigger(subject);
  if (trigger) return;
  if (pinned(REF) || namesStrangersTrigger(subject)) {
    if (!mayBeGitHub(subject)) return;
    yield {
      id: 'pull-request-target',
      message: namesStrangersTrigger(subject)
        ? 'A privileged resource is open to a trigger that strangers can set off.'
        : 'A privileged resource is pinned to a ref, but not to a trigger; pull_request_target has the same ref.',
    };
  } else if (!isPinnedBy(subject.formula, excludesForks)) {
    yield {
      id: 'fork-not-excluded',
      message: "A privileged resource is open to jobs that run a fork's code.",
    };
  }
}

function isPinned({ formula }: LintSubject, attributes: ReadonlySet<string>): boolean {
  return isPinnedBy(formula, (atom) => isAbout(atom, attributes) && isPositive(atom) && !isEveryRef(atom));
}

function isAbout({ path }: Atom, attributes: ReadonlySet<string>): boolean {
  return path?.[0] === 'principal' && attributes.has(path.slice(1).join('.'));
}

/** `like "refs/heads/*"` is every branch, also the one that an attacker pushes. */
function isEveryRef({ test }: Atom): boolean {
  if (test.kind !== 'like' || test.pattern.at(-1) !== undefined) return false;
  return /^(?:refs\/?(?:heads\/?|tags\/?)?)?$/.test(test.pattern.join(''));
}

function onlyNegated({ atoms }: LintSubject): boolean {
  const about = atoms.filter((atom) => isAbout(atom, CONTEXT) && atom.test.kind !== 'present');
  return about.length > 0 && !about.some(isPositive);
}

function namesStrangersTrigger({ atoms }: LintSubject): boolean {
  return atoms.some(
    (atom) =>
      isAbout(atom, TRIGGER) &&
      !atom.negated &&
      atom.test.kind === 'equals' &&
      atom.test.values.some((value) => typeof value === 'string' && STRANGERS_TRIGGERS.has(value)),
  );
}

/** Where the platforms are known, only GitHub has `pull_request_target`. */
function mayBeGitHub({ identityProviders }: LintSubject): boolean {
  return (
    identityProviders === undefined || identityProviders.some(({ platform }) => platform === 'github-actions')
  );
}

function excludesForks(atom: Atom): boolean {
  return isAbout(atom, new Set(['forked'])) && demandedBoolean(atom) === false;
}
