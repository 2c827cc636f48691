import type { Finding, Location, Suppression } from '#findings/finding.ts';
import { isAtLeast } from '#findings/severity.ts';
import { computeFingerprints, type FingerprintParts } from '#findings/fingerprint.ts';
import type { RuleDescription } from '#findings/rule-description.ts';
import type { SecretHit } from './secret-hit.ts';

/** A hit in a file, and who said that it may stay. */
export interface PlacedHit {
  readonly file: string;
  readonly hit: Omit<SecretHit, 'value' | 'weighed'>;
  readonly suppression?: Suppression | undefined;
  /** What more there is to say about the place: that it is in the history. */
  readonly where?: string;
  /** What tells it from one in another file or tree. */
  readonly structure?: string;
}

export type FindDescription = (ruleId: string) => RuleDescription | undefined;

function locate({ file, hit }: PlacedHit): Location {
  const { start, end, excerpt } = hit;
  return { file, start, end, excerpt: { firstLine: start.line, lines: [excerpt] } };
}

function toParts({ file, hit, structure = 'secret' }: PlacedHit): FingerprintParts {
  const text = `${hit.excerpt.replace(/\*+/g, '*')} ${hit.digest}`;
  return { ruleId: hit.ruleId, file, structure, text };
}

function messageOf({ hit, where }: PlacedHit, title: string): string {
  const what = title.replace(/ stands in a file$/, '');
  const shown = hit.shown === '' ? '' : ` (${hit.shown})`;
  const wrapped = hit.wrapped ? ', in base64,' : '';
  const place = where ?? 'stands in this file, for everybody who can read it';
  return `${what.charAt(0).toLowerCase()}${what.slice(1)}${shown}${wrapped} ${place}`;
}

/** Hits as findings, in the order that is given: equal ones are numbered in it. */
export function toFindings(placed: readonly PlacedHit[], describe: FindDescription): Finding[] {
  const fingerprints = computeFingerprints(placed.map(toParts));
  return placed.flatMap((each, index): Finding[] => {
    const { hit, suppression } = each;
    const rule = describe(hit.ruleId);
    if (rule === undefined) return [];
    const advises = hit.tier === 'generic';
    return [
      {
        ruleId: rule.id,
        severity: advises && isAtLeast(rule.severity, 'medium') ? 'medium' : rule.severity,
        confidence: advises ? 'low' : rule.confidence,
        persona: advises ? (hit.inTest ? 'auditor' : 'pedantic') : rule.persona,
        message: messageOf(each, rule.title),
        explanation: rule.why,
        remedy: rule.remedy,
        locations: [locate(each)],
        fixes: [],
        fingerprint: fingerprints[index] ?? '',
        ...(suppression === undefined ? {} : { suppression }),
      },
    ];
  });
}
