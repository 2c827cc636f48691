/** What an attack takes, besides an account. */
export type ExploitComplexity =
  /** Nothing: no person of the project has to do anything. */
  | 'low'
  /** Something that people do every day: approve a first run, put a label on, let a deployment through. */
  | 'medium'
  /** A race, or a wait for another run that takes the bait. */
  | 'high';

/** What somebody gets out of a finding; its `path` is the way there. */
export interface Attack {
  readonly complexity: ExploitComplexity;
  /** In words: `secret NPM_TOKEN`, `contents: write`. Empty when it is no more than the run itself. */
  readonly reaches: readonly string[];
  /** What on the way could not be seen. The severity is not raised then. */
  readonly partial?: string;
}

const NEEDS: Readonly<Record<ExploitComplexity, string>> = {
  low: 'nobody has to help',
  medium: 'somebody of the project has to let it through',
  high: 'it takes a race, or another run that takes the bait',
};

/** What it takes, for reports, without a full stop. */
export function describeNeed({ complexity, partial }: Attack): string {
  return partial === undefined
    ? NEEDS[complexity]
    : `${NEEDS[complexity]}; it cannot be seen here: ${partial}`;
}

/** What there is to get, for reports, without a full stop. */
export function describeGain({ reaches }: Attack): string {
  return reaches.length === 0 ? 'no more than the run itself' : reaches.join(', ');
}
