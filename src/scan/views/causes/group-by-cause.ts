import type { Finding, Location } from '#findings/finding.ts';
import { severities, type Severity } from '#findings/severity.ts';

/** Findings that the same change mends, wherever they stand. */
export interface Cause {
  readonly ruleId: string;
  /** What stands at each of the places. */
  readonly what: string;
  readonly severity: Severity;
  readonly places: readonly { readonly file: string; readonly line: number; readonly fingerprint: string }[];
}

const WORDS_MAX = 60;

function textAt({ excerpt, start, end }: Location): string {
  const line = excerpt.lines[start.line - excerpt.firstLine] ?? '';
  const to = end.line === start.line ? end.column - 1 : undefined;
  return line
    .slice(start.column - 1, to)
    .trim()
    .slice(0, WORDS_MAX);
}

/** What tells one cause from another: the same words at the place, or the same message about a whole file. */
function causeOf({ ruleId, locations: [place], message }: Finding): { key: string; what: string } {
  const text = textAt(place);
  // A bare key (`on`, `jobs`, a job's name) says nothing about the cause; the sentence does.
  const what = /[/@.:${}]/u.test(text) ? text : message.slice(0, WORDS_MAX);
  return { key: `${ruleId}\n${what}`, what };
}

export function groupByCause(findings: readonly Finding[]): Cause[] {
  const groups = Map.groupBy(findings, (finding) => causeOf(finding).key);
  return [...groups.values()]
    .flatMap((group): Cause[] => {
      const [first] = group;
      if (first === undefined) return [];
      const severity = group
        .map((each) => each.severity)
        .reduce((left, right) => (severities.indexOf(left) >= severities.indexOf(right) ? left : right));
      const places = group.map(({ locations: [{ file, start }], fingerprint }) => ({
        file,
        line: start.line,
        fingerprint,
      }));
      return [{ ruleId: first.ruleId, what: causeOf(first).what, severity, places }];
    })
    .toSorted((left, right) => right.places.length - left.places.length);
}
