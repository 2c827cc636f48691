import { type ReplayOutcome, replayUses } from '#policy/replay.ts';
import { CONFIGURATION_FILE } from '../configuration/load-configuration.ts';
import { textAt } from '../configuration/change-files.ts';
import type { Configuration } from '../configuration/configuration.ts';
import { GATE_POLICY_FILE } from '../configuration/posture-section.ts';
import type { ReplayCounts } from '../configuration/proposal.ts';
import { policySetOf } from './policy-set.ts';
import type { RecordedUses } from './use-source.ts';

/** What differs from run to run, so that the newest cannot speak for the others of its kind. */
const VARYING = /\b(?:context\.(?:now|sourceIp|posture\.ageSeconds)|principal\.(?:commit|run|actor)\b)/;

export interface ChangeReplay extends ReplayOutcome {
  runs: number;
  notes: readonly string[];
}

/** The recorded uses under the configuration in force, and under the changed one. */
export async function replayChange(
  recorded: RecordedUses,
  before: Configuration,
  after: Configuration,
): Promise<ChangeReplay> {
  const outcome = await replayUses(recorded.uses, policySetOf(before), policySetOf(after));
  const runs = recorded.uses.reduce((sum, { allowed, denied }) => sum + allowed + denied, 0);
  return { ...outcome, runs, notes: notesOn(recorded, before, after) };
}

export function countReplay(days: number, { runs, lose, gain, unclear }: ChangeReplay): ReplayCounts {
  return { days, runs, lose: lose.length, gain: gain.length, unclear: unclear.length };
}

function notesOn(recorded: RecordedUses, before: Configuration, after: Configuration): string[] {
  const changed = (path: string) => textAt(before.files, path) !== textAt(after.files, path);
  const paths = [...new Set([...Object.keys(before.files), ...Object.keys(after.files)])].filter(changed);
  const varying = paths.filter((path) => VARYING.test(textAt(after.files, path) ?? ''));
  return [
    ...(paths.includes(CONFIGURATION_FILE)
      ? ['Of vouchgate.yaml, resources and names are replayed; providers, people, sinks and network are not.']
      : []),
    ...(paths.includes(GATE_POLICY_FILE)
      ? ['Recorded postures were graded by the gate policy of their time, not by the changed one.']
      : []),
    ...(paths.some((path) => path.startsWith('people/'))
      ? ['What people may do here is not part of a replay.']
      : []),
    ...(varying.length === 0
      ? []
      : [`${varying.join(', ')} looks at what differs from run to run; the newest run stands for its kind.`]),
    ...(recorded.isCut ? ['There are more kinds of run; the most recently seen were replayed.'] : []),
  ];
}
