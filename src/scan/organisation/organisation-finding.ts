import { type Severity, severities } from '#findings/severity.ts';

export type OrganisationFindingKind =
  | 'shared-secret'
  | 'shared-image'
  | 'shared-runner'
  | 'shared-workflow'
  | 'platform-setting';

/** What no repository shows alone. */
export interface OrganisationFinding {
  readonly kind: OrganisationFindingKind;
  readonly severity: Severity;
  /** One sentence, with names. */
  readonly message: string;
  readonly why: string;
  readonly remedy: string;
  /** Where it begins, and whom it reaches; names of repositories. */
  readonly from: readonly string[];
  readonly to: readonly string[];
}

/** The worst first, then what reaches most. */
export function compareOrganisationFindings(left: OrganisationFinding, right: OrganisationFinding): number {
  const bySeverity = severities.indexOf(right.severity) - severities.indexOf(left.severity);
  if (bySeverity !== 0) return bySeverity;
  if (left.to.length !== right.to.length) return right.to.length - left.to.length;
  return left.message < right.message ? -1 : 1;
}

/** `a, b and 12 more`. */
export function listNames(names: readonly string[], shownMax = 3): string {
  const shown = names.slice(0, shownMax);
  const left = names.length - shown.length;
  if (left > 0) return `${shown.join(', ')} and ${left} more`;
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`;
}
