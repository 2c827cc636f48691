/** One thing that is wrong in a configuration file, in the words of the person who must mend it. */
export interface ConfigurationProblem {
  file: string;
  /** From 1. */
  line: number;
  column: number;
  message: string;
  remedy: string;
}

/** `vouchgate.yaml:12:5: message` and the remedy on a line of its own. */
export function formatProblem(problem: ConfigurationProblem): string {
  return `${problem.file}:${problem.line}:${problem.column}: ${problem.message}\n  → ${problem.remedy}`;
}
