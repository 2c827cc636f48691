import type { Statement } from './tool.ts';

/** How two tools speak about one kind of mistake. */
export interface KindComparison {
  readonly kind: string;
  /** Our rules of that kind. */
  readonly ours: readonly string[];
  /** Of what they show, what we say at the same place, for any persona. */
  readonly both: number;
  readonly onlyTheirs: readonly Statement[];
  /** Of what we show, what they do not say, for any persona. */
  readonly onlyOurs: readonly Statement[];
}

function isAbout(statement: Statement, { line, file }: Statement): boolean {
  return statement.file === file && statement.spans.some(({ first, last }) => first <= line && line <= last);
}

/** The place that one of them names is one of the places of the other. */
function meet(left: Statement, right: Statement): boolean {
  return isAbout(left, right) || isAbout(right, left);
}

type Index = ReadonlyMap<string, readonly Statement[]>;

function indexStatements(statements: readonly Statement[]): Index {
  return Map.groupBy(statements, ({ rule, file }) => `${rule} ${file}`);
}

function isSaid(statement: Statement, rules: readonly string[], index: Index): boolean {
  return rules.some(
    (rule) => index.get(`${rule} ${statement.file}`)?.some((other) => meet(statement, other)) === true,
  );
}

/** `kindsOf` lists, for a rule of ours, their names of it. */
export function compareKinds(
  ours: readonly Statement[],
  theirs: readonly Statement[],
  kindsOf: ReadonlyMap<string, readonly string[]>,
): KindComparison[] {
  const [ourIndex, theirIndex] = [indexStatements(ours), indexStatements(theirs)];
  const shownByKind = Map.groupBy(
    theirs.filter(({ shown }) => shown),
    ({ rule }) => rule,
  );
  const rulesByKind = new Map<string, string[]>();
  for (const [rule, kinds] of kindsOf) {
    for (const kind of kinds) rulesByKind.set(kind, [...(rulesByKind.get(kind) ?? []), rule]);
  }
  return [...rulesByKind].map(([kind, rules]) => {
    const shown = shownByKind.get(kind) ?? [];
    const onlyTheirs = shown.filter((each) => !isSaid(each, rules, ourIndex));
    const onlyOurs = ours.filter(
      (each) =>
        each.shown && rules.includes(each.rule) && !isSaid(each, kindsOf.get(each.rule) ?? [], theirIndex),
    );
    return { kind, ours: rules, both: shown.length - onlyTheirs.length, onlyTheirs, onlyOurs };
  });
}

/** What is shown under names that the other tool has nothing for, with how often, most first. */
export function countOthers(
  statements: readonly Statement[],
  known: ReadonlySet<string>,
): [string, number][] {
  const counts = new Map<string, number>();
  for (const { rule, shown } of statements) {
    if (shown && !known.has(rule)) counts.set(rule, (counts.get(rule) ?? 0) + 1);
  }
  return [...counts].toSorted(([, left], [, right]) => right - left);
}
