import { quoteCedar } from '../cedar-text.ts';
import type { Clause } from '../engine/compiled-policy.ts';
import { visit } from '../expression/expression.ts';
import { type Atom, isPinnedBy } from '../expression/formula.ts';
import { readsPosture } from '../expression/reads-posture.ts';
import type { RawFinding } from '../lint.ts';
import { grades } from '../posture.ts';
import type { LintSubject } from './lint-subject.ts';

const KNOWN_GRADES: ReadonlySet<unknown> = new Set(grades);

/** What a policy makes of the verdict on the pipeline, and of not having one. */
export function* lintPosture(subject: LintSubject): Iterable<RawFinding> {
  const { policy, environment } = subject;
  const reads = readsPosture(policy.clauses);
  if (reads && environment.posture === 'missing') {
    yield {
      id: 'posture-without-source',
      message: 'The policy looks at `context.posture`, which nobody finds out: it is never there.',
    };
  }
  if (reads) yield* lintUnknown(subject);
  yield* lintGrades(subject);
  if (reads || policy.effect !== 'permit' || !subject.reachesPrivileged) return;
  if (environment.posture === 'configured') {
    yield {
      id: 'posture-not-demanded',
      message: 'A privileged resource is open to pipelines whatever the inspection says of them.',
    };
  }
}

/** A pipeline that could not be inspected must not pass where a bad one does not. */
function* lintUnknown({ policy, formula, atoms }: LintSubject): Iterable<RawFinding> {
  const needsPosture = isPinnedBy(formula, (atom) => isAboutPosture(atom) && !asksAbsence(atom));
  if (policy.effect === 'forbid') {
    if (!needsPosture) return;
    const message =
      'The forbid does not apply while the posture is not known: what cannot be inspected passes.';
    yield { id: 'posture-unknown-passes', message };
    return;
  }
  if (needsPosture || !(atoms.some(asksAbsence) || policy.clauses.some(branchesOnPosture))) return;
  const message = 'The permit also holds while the posture is not known: what cannot be inspected passes.';
  yield { id: 'posture-unknown-passes', message };
}

function isAboutPosture({ path }: Atom): boolean {
  return path?.[0] === 'context' && path[1] === 'posture';
}

/** About the posture as a whole: what other tools reported may well be absent. */
function asksAbsence(atom: Atom): boolean {
  return isAboutPosture(atom) && atom.test.kind === 'present' && atom.negated && atom.path?.length === 2;
}

/** `if context has posture then … else …`: the formula keeps the branches only. */
function branchesOnPosture({ body }: Clause): boolean {
  let found = false;
  visit(body, (expression) => {
    found ||= expression.kind === 'if' && readsPosture([{ kind: 'when', body: expression.condition }]);
  });
  return found;
}

function* lintGrades({ atoms }: LintSubject): Iterable<RawFinding> {
  for (const { path, test } of atoms) {
    if (path?.join('.') !== 'context.posture.grade' || test.kind !== 'equals') continue;
    for (const value of test.values) {
      if (KNOWN_GRADES.has(value)) continue;
      const shown = typeof value === 'string' ? quoteCedar(value.slice(0, 60)) : 'the value';
      yield { id: 'posture-grade-unknown', message: `No pipeline has the grade ${shown}.` };
    }
  }
}
