import { describeGain } from '#findings/attack.ts';
import type { Finding, Location } from '#findings/finding.ts';
import type { Candidate } from './cheapest-changes.ts';

/** Something to change that closes at least one way into the project. */
export interface Change extends Candidate {
  readonly kind: 'mend' | 'trigger' | 'authority';
  readonly file: string;
  readonly line: number;
  /** What to do, as an instruction without a full stop. */
  readonly what: string;
  /** The flag of `vouchgate scan` that does it, where one does. */
  readonly fix: '--fix' | '--fix=unsafe' | undefined;
}

/**
 * What a change costs beside the others. A fix that is made by itself is the cheapest; what people rely on (who may
 * start a workflow, what a job may do) is dearest, and worth it when it closes several ways at once.
 */
export const costs = { fixed: 1, mended: 2, trigger: 3, authority: 3 } as const;

function changeAt(
  kind: Change['kind'],
  { file, start }: Location,
  rest: Pick<Change, 'cost' | 'what' | 'fix'>,
): Change {
  return { ...rest, kind, file, line: start.line, id: `${kind} ${file}:${start.offset}` };
}

function firstSentence(text: string): string {
  return text.split(/\.(?:\s|$)/u, 1)[0] ?? text;
}

function mend({ fixes, locations: [place], remedy }: Finding): Change {
  const fix = fixes.find(({ safety }) => safety === 'safe') ?? fixes[0];
  return changeAt('mend', place, {
    cost: fix === undefined ? costs.mended : costs.fixed,
    what: fix?.title ?? firstSentence(remedy),
    fix: fix === undefined ? undefined : fix.safety === 'safe' ? '--fix' : '--fix=unsafe',
  });
}

/** The first station is who starts it, the last one what is reached. */
function surroundings({ path = [], attack }: Finding): Change[] {
  const [first] = path;
  const last = path.at(-1);
  if (first === undefined || last === undefined || attack === undefined || path.length < 2) return [];
  const start = changeAt('trigger', first.location, {
    cost: costs.trigger,
    what: `stop outsiders here (${first.label}): a condition that they cannot meet, or an event without rights`,
    fix: undefined,
  });
  if (attack.reaches.length === 0 || !last.label.startsWith('reaches ')) return [start];
  const end = changeAt('authority', last.location, {
    cost: costs.authority,
    what: `take ${describeGain(attack)} away from this job, into one that outsiders do not come to`,
    fix: undefined,
  });
  return [start, end];
}

/** The changes of which each closes this way; none for a finding that is no attack. */
export function changesOf(finding: Finding): readonly Change[] {
  return finding.attack === undefined ? [] : [mend(finding), ...surroundings(finding)];
}
