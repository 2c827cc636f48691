import type { ConfigurationProblem } from '#core/config/problem.ts';
import { readGatePolicy } from './gate-policy.ts';

/** What is wrong with the text of a gate's policy; empty when nothing is. */
export function checkGatePolicy(file: string, text: string): readonly ConfigurationProblem[] {
  const reading = readGatePolicy(file, text);
  return reading.ok ? [] : reading.problems;
}
