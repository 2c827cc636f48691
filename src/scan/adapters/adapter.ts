/** What a tool is asked to look at. */
export interface ToolTarget {
  /** Absolute folder. */
  readonly root: string;
  /** An empty folder of this run, for reports; absolute. */
  readonly scratch: string;
  /** What stands behind `=` in `--with semgrep=p/ci`: a rule set or a configuration file, as the tool takes it. */
  readonly argument: string | undefined;
  /** Files below the root whose last part passes, relative to it with `/`; bounded. */
  readonly findFiles: (matches: (name: string) => boolean) => readonly string[];
}

/** One way to run it. */
export interface ToolPlan {
  /** Never seen by a shell. */
  readonly args: readonly string[];
  /** Where its report comes out: on stdout, or in a file of `scratch`. */
  readonly report: 'stdout' | { readonly file: string };
  /** Exit codes that mean that it looked at everything, whether it found something or not. Source in a comment. */
  readonly completed: readonly number[];
  /** Exit codes that mean that there is nothing of its kind here. */
  readonly nothingToDo?: readonly number[];
  /** Files and folders with the rules that it is given; their digest is recorded. */
  readonly rulePack?: readonly string[];
  /** What is not looked at this way, for the report: `vulnerabilities`. */
  readonly without?: string;
}

/**
 * A tool that a team has installed, run beside our own rules. One folder, `adapters/<id>/adapter.ts`. Its report is
 * read by the importer of the same tool, so that it means the same whoever ran it.
 */
export interface Adapter {
  /** Folder, and value of `--with`. */
  readonly id: string;
  readonly title: string;
  /** Name of the program. */
  readonly executable: string;
  /** Prints its version; the first number with dots counts. */
  readonly versionArgs: readonly string[];
  /** Id of the importer of its report. */
  readonly importer: string;
  /** How to get it, as an instruction. */
  readonly installation: string;
  /**
   * Ways to run it, best first; the next is tried when one fails. Nothing when there is nothing of its kind here.
   */
  plan(target: ToolTarget, version: string): readonly ToolPlan[];
}

export function defineAdapter(adapter: Adapter): Adapter {
  return adapter;
}

/** True when `version` is `least` or newer, by its first three numbers. */
export function isVersionFrom(version: string, least: string): boolean {
  const [own, other] = [version, least].map((text) =>
    text.split('.').map((part) => Number.parseInt(part, 10)),
  );
  for (let index = 0; index < 3; index += 1) {
    const difference = (own?.[index] ?? 0) - (other?.[index] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}
