import type { Attack, ExploitComplexity } from '#findings/attack.ts';
import { severities, type Severity } from '#findings/severity.ts';
import type { Strength } from './reach.ts';

/**
 * How bad it is that an outsider runs code, by what it reaches and what it takes. Documented in
 * docs/decisions/0013-attack-paths.md; the two change together.
 */
const SEVERITIES: Readonly<Record<Strength, Readonly<Record<ExploitComplexity, Severity>>>> = {
  project: { low: 'critical', medium: 'high', high: 'high' },
  unknown: { low: 'high', medium: 'high', high: 'medium' },
  talk: { low: 'high', medium: 'medium', high: 'medium' },
  nothing: { low: 'medium', medium: 'low', high: 'low' },
};

export function severityOf(strength: Strength, complexity: ExploitComplexity): Severity {
  return SEVERITIES[strength][complexity];
}

function lower(left: Severity, right: Severity): Severity {
  return severities.indexOf(left) <= severities.indexOf(right) ? left : right;
}

/**
 * The severity of a finding whose attack is known. Where code runs for certain it follows from what is reached;
 * what is only probable, or was only seen in part, is never worse than the rule itself says.
 */
export function gradeFinding(
  own: { readonly severity: Severity; readonly certain: boolean },
  strength: Strength,
  attack: Attack,
): Severity {
  const graded = severityOf(strength, attack.complexity);
  return own.certain && attack.partial === undefined ? graded : lower(graded, own.severity);
}
