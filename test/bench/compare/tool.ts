import type { Stage } from './stage.ts';

/** Lines of a file, both counted. */
export interface Lines {
  readonly first: number;
  readonly last: number;
}

/** Something that a tool said about one file. */
export interface Statement {
  readonly rule: string;
  readonly file: string;
  /** Where the tool would have it mended. */
  readonly line: number;
  /** All places in the file that it is about. */
  readonly spans: readonly Lines[];
  /** Shown to who asked for nothing special. */
  readonly shown: boolean;
}

/** How a program is run over all files at once, and what its answer means. */
export interface ComparedTool {
  readonly name: string;
  readonly version: string;
  readonly path: string;
  /** `everything` also asks for what is not shown by default. */
  arguments(stage: Stage, everything: boolean): readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Exit codes of a run that succeeded, with findings or without. */
  readonly codes: readonly number[];
  readonly filesOf: (stage: Stage) => number;
  read(output: string, stage: Stage): Statement[];
}

/** Tools write `./a`, `/a` and `a` for the same file. */
export function plainPath(path: string): string {
  return path.replace(/^\.?\//, '');
}

export const workflowsOf = ({ workflows }: Stage): number => workflows.length;
export const workflowsAndActionsOf = ({ workflows, actions }: Stage): number =>
  workflows.length + actions.length;
