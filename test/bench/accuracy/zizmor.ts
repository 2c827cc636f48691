import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Finding } from '#findings/finding.ts';
import type { ReadFile } from '#pipeline/read-file.ts';
import { buildAliasTable } from '#scan/ignore-comments.ts';
import { rules } from '#scan/rules.generated.ts';
import { scanRepository } from '#scan/scan-repository.ts';
import type { BenchReport } from '../report.ts';
import { type LabelledCorpus, percentage, type ZizmorLabel } from './corpus.ts';
import { explainedDifferences } from './zizmor-differences.ts';
import { meansSamePlace } from './zizmor-places.ts';

const AS_OF_MS = Date.parse('2026-11-23');

interface Tally {
  theirs: number;
  /** Ours says it to everybody. */
  regular: number;
  /** Ours says it to pedants or auditors. */
  others: number;
  explained: number;
  ours: number;
  shared: number;
}

interface Scanned {
  readonly text: string;
  readonly file: ReadFile | undefined;
  readonly findings: readonly Finding[];
}

function scanAlone(folder: string, { file }: ZizmorLabel): Scanned {
  const name = basename(file);
  const place = /^(?:action|dependabot)\.ya?ml$/.test(name) ? name : `.github/workflows/${name}`;
  const text = readFileSync(join(folder, file), 'utf8');
  const { findings, repository } = scanRepository(
    { root: '', files: [{ file: place, text }] },
    { rules, asOfMs: AS_OF_MS },
  );
  return { text, file: repository.files[0], findings };
}

function isExplained({ rule, line }: Theirs, text: string): boolean {
  const written = text.split('\n')[line - 1] ?? '';
  return explainedDifferences.some(
    (each) => each.rule === rule && (each.line?.test(written) ?? true) && (each.file?.test(text) ?? true),
  );
}

type Theirs = { readonly rule: string; readonly line: number; readonly isRegular: boolean };

/** Each place once; what it says without being asked for more is regular. */
function findingsIn({ runs }: ZizmorLabel): Theirs[] {
  const found = new Map<string, Theirs>();
  for (const { args, findings } of runs) {
    for (const { rule, line } of findings) {
      const key = `${rule}:${line}`;
      const isRegular = args === '' || found.get(key)?.isRegular === true;
      found.set(key, { rule, line, isRegular });
    }
  }
  return [...found.values()];
}

function count(
  tally: Tally,
  theirs: Theirs,
  ids: readonly string[],
  { text, file, findings }: Scanned,
): void {
  tally.theirs += 1;
  const same = findings.filter(
    (finding) => ids.includes(finding.ruleId) && file !== undefined && meansSamePlace(finding, theirs, file),
  );
  if (same.some(({ persona }) => persona === 'regular')) tally.regular += 1;
  else if (same.length > 0) tally.others += 1;
  else if (isExplained(theirs, text)) tally.explained += 1;
}

function countOurs(tally: Tally, ids: readonly string[], findings: readonly Finding[], known: boolean): void {
  const shown = findings.filter(
    ({ ruleId, persona }) => persona === 'regular' && ids.includes(ruleId),
  ).length;
  tally.ours += shown;
  tally.shared += known ? shown : 0;
}

function describeTheirs({ theirs, regular, others, explained }: Tally): string {
  const agreed = regular + others;
  const left = theirs - agreed - explained;
  const parts = [
    `agreed ${percentage(agreed, theirs)}${others === 0 ? '' : `, ${others} not for regular readers`}`,
    `explained ${explained}`,
    `unexplained ${left}`,
  ];
  return parts.join('; ');
}

function describe(tally: Tally): string {
  return `${describeTheirs(tally)}; ours it knows ${percentage(tally.shared, tally.ours)}`;
}

function emptyTally(): Tally {
  return { theirs: 0, regular: 0, others: 0, explained: 0, ours: 0, shared: 0 };
}

function sum(tallies: Iterable<Tally>): Tally {
  const total = emptyTally();
  for (const tally of tallies) {
    for (const key of ['theirs', 'regular', 'others', 'explained', 'ours', 'shared'] as const) {
      total[key] += tally[key];
    }
  }
  return total;
}

/** On the rules that both have: which of its findings are ours, too, and which of ours are not its. */
export function compareWithZizmor({ folder, zizmor }: LabelledCorpus): BenchReport['rows'] {
  const names = [...buildAliasTable(rules)].flatMap(([alias, ids]) =>
    alias.startsWith('zizmor/') ? [[alias.slice('zizmor/'.length), ids] as const] : [],
  );
  const idsOf = new Map(names);
  const tallies = new Map(names.map(([name]) => [name, emptyTally()]));
  const unshared: string[] = [];
  const regular = emptyTally();
  for (const label of zizmor) {
    const scanned = scanAlone(folder, label);
    const said = findingsIn(label);
    for (const finding of said) {
      const tally = tallies.get(finding.rule);
      const ids = idsOf.get(finding.rule) ?? [];
      if (tally === undefined) unshared.push(finding.rule);
      else count(tally, finding, ids, scanned);
      if (tally !== undefined && finding.isRegular) count(regular, finding, ids, scanned);
    }
    for (const [name, tally] of tallies) {
      const known = said.some(({ rule }) => rule === name);
      countOurs(tally, idsOf.get(name) ?? [], scanned.findings, known);
    }
  }
  const rows = [...tallies]
    .filter(([, { theirs, ours }]) => theirs + ours > 0)
    .toSorted(([, left], [, right]) => right.theirs - left.theirs);
  return [
    { label: 'all rules that both have', value: describe(sum(tallies.values())) },
    { label: 'of those, its regular persona', value: describeTheirs(regular) },
    ...rows.map(([label, tally]) => ({ label, value: describe(tally) })),
    {
      label: 'of rules that we do not have',
      value: `${unshared.length} (${[...new Set(unshared)].join(', ')})`,
    },
  ];
}
