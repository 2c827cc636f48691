import type { RuleDescription } from '#findings/rule-description.ts';
import { confidences, personas, severities } from '#findings/severity.ts';
import type { Place } from '#pipeline/surface.ts';
import type { Report, RepositoryContext } from '../rule.ts';

const MESSAGE_CHARACTERS_MAX = 190;

/** What a rule would say about a place in any file. */
export interface Candidate extends Place {
  readonly report: Omit<Report, 'at'>;
}

type Defaults = Pick<RuleDescription, 'severity' | 'confidence' | 'persona'>;

/** Higher is worse: seen by more people, then how bad, then how sure. */
function weigh({ report }: Candidate, defaults: Defaults): number {
  const { persona, severity, confidence } = { ...defaults, ...report };
  const seen = personas.length - personas.indexOf(persona);
  return seen * 100 + severities.indexOf(severity) * 10 + confidences.indexOf(confidence);
}

/** The worst first; equal ones stay in their order. */
function worstFirst(candidates: readonly Candidate[], defaults: Defaults): readonly Candidate[] {
  return candidates.toSorted((left, right) => weigh(right, defaults) - weigh(left, defaults));
}

/**
 * Templates and shared jobs make one place part of many jobs: the worst of what there is to say about it is said, once.
 */
function pickForPlaces(candidates: readonly Candidate[], defaults: Defaults): Candidate[] {
  const byPlace = Map.groupBy(candidates, ({ source, span }) => `${source.file} ${span.start} ${span.end}`);
  return [...byPlace.values()].flatMap((same) => worstFirst(same, defaults).slice(0, 1));
}

const RELATED_MAX = 5;

/** What is mended in one go is one finding: the worst place, with the others of the file beside it. */
function mergeByKey(candidates: readonly Candidate[], defaults: Defaults): Candidate[] {
  const byKey = Map.groupBy(candidates, ({ source, report }) => `${source.file} ${report.key ?? ''}`);
  return [...byKey.values()].flatMap((same) => {
    const [worst, ...others] = worstFirst(same, defaults);
    if (worst === undefined) return [];
    const { related = [], ...report } = worst.report;
    const more = others.map(({ source, span }) => ({ at: span, source, label: 'and here' }));
    return [{ ...worst, report: { ...report, related: [...related, ...more].slice(0, RELATED_MAX) } }];
  });
}

export interface ReportOptions {
  /** Whether findings of one file with the same key are one. */
  readonly merge?: boolean;
}

/** Reports each place once, for the worst of the jobs that it is part of. */
export function reportWorst(
  candidates: readonly Candidate[],
  defaults: Defaults,
  context: RepositoryContext,
  { merge = false }: ReportOptions = {},
): void {
  const places = pickForPlaces(candidates, defaults);
  for (const { source, span, report } of merge ? mergeByKey(places, defaults) : places) {
    const message = report.message.replaceAll(/\s+/g, ' ').slice(0, MESSAGE_CHARACTERS_MAX);
    context.reportIn(source, { ...report, at: span, message });
  }
}
