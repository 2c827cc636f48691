import type { PolicyResource } from './access-request.ts';
import type { ReadPolicy } from './engine/compiled-policy.ts';
import { type LintId, lintEntry } from './lint-catalogue.ts';
import { type LintSubject, describeSubject } from './lint/lint-subject.ts';
import { lintIdentity } from './lint/lint-identity.ts';
import { lintContext } from './lint/lint-context.ts';
import { lintPosture } from './lint/lint-posture.ts';
import { lintReachability } from './lint/lint-reachability.ts';
import { readWaivers } from './lint/waivers.ts';

/** What the linter may know of a configured identity provider. */
export interface LintIdentityProvider {
  /** The entry's name in the configuration. */
  name: string;
  /** Kind: `github-actions`. */
  platform: string;
  /** Attributes that never change hands there: `project.id`. */
  immutableAttributes: readonly string[];
}

export interface LintEnvironment {
  resources: readonly PolicyResource[];
  /** Undefined when the configuration is not known; then what depends on it is left out. */
  identityProviders: readonly LintIdentityProvider[] | undefined;
  /**
   * Whether anybody finds out what `context.posture` is; `guarded` when a forbid demands it of every workload, so
   * that no permit need say so. Undefined when the configuration is not known.
   */
  posture?: 'configured' | 'guarded' | 'missing' | undefined;
}

export interface LintFinding {
  id: LintId | 'waiver_invalid';
  severity: 'error' | 'warning';
  message: string;
  remedy: string;
}

/** A finding as a rule reports it; severity and remedy come from the catalogue unless it says otherwise. */
export interface RawFinding {
  id: LintId;
  message: string;
  severity?: 'error' | 'warning';
  remedy?: string;
}

const rules: readonly ((subject: LintSubject) => Iterable<RawFinding>)[] = [
  lintIdentity,
  lintContext,
  lintReachability,
  lintPosture,
];

/** Judges one policy. A finding that the policy waives with a reason becomes a warning that says so. */
export function lintPolicy(policy: ReadPolicy, environment: LintEnvironment): LintFinding[] {
  const { waivers, problems } = readWaivers(policy.annotations['allow']);
  const subject = describeSubject(policy, environment);
  const found = rules.flatMap((rule) => [...rule(subject)]).map(complete);
  const judged = found.map((finding) => {
    const reason = waivers.get(finding.id);
    if (reason === undefined) return finding;
    return { ...finding, severity: 'warning' as const, message: `Waived (${reason}): ${finding.message}` };
  });
  // A name that stands in a condition twice is one finding.
  return [
    ...new Map(
      [...problems, ...judged].map((finding) => [`${finding.id} ${finding.message}`, finding]),
    ).values(),
  ];
}

function complete({ id, message, severity, remedy }: RawFinding): LintFinding {
  const entry = lintEntry(id);
  return {
    id,
    message,
    severity: severity ?? entry?.severity ?? 'error',
    remedy: remedy ?? entry?.remedy ?? '',
  };
}
