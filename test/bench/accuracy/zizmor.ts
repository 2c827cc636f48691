import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Finding } from '#findings/finding.ts';
import { rules } from '#scan/rules.generated.ts';
import { buildAliasTable } from '#scan/ignore-comments.ts';
import { scanRepository } from '#scan/scan-repository.ts';
import type { BenchReport } from '../report.ts';
import { isAtLine, type LabelledCorpus, percentage, type ZizmorLabel } from './corpus.ts';

const AS_OF_MS = Date.parse('2026-06-01');

interface Tally {
  theirs: number;
  atLine: number;
  ours: number;
  shared: number;
}

function scanAlone(folder: string, { file }: ZizmorLabel): { file: string; findings: readonly Finding[] } {
  const name = basename(file);
  const place = /^(?:action|dependabot)\.ya?ml$/.test(name) ? name : `.github/workflows/${name}`;
  const text = readFileSync(join(folder, file), 'utf8');
  const { findings } = scanRepository(
    { root: '', files: [{ file: place, text }] },
    { rules, asOfMs: AS_OF_MS },
  );
  return { file: place, findings };
}

/** On the rules that both have: which of its findings are ours, too, and which of ours are not its. */
export function compareWithZizmor({ folder, zizmor }: LabelledCorpus): BenchReport['rows'] {
  const aliases = buildAliasTable(rules);
  const tallies = new Map<string, Tally>();
  const tallyOf = (rule: string): Tally => {
    const tally = tallies.get(rule) ?? { theirs: 0, atLine: 0, ours: 0, shared: 0 };
    tallies.set(rule, tally);
    return tally;
  };
  let unshared = 0;
  for (const label of zizmor) {
    const { file, findings } = scanAlone(folder, label);
    const said = label.runs.flatMap((run) => run.findings);
    const places = new Map(said.map((finding) => [`${finding.rule}:${finding.line}`, finding]));
    for (const { rule, line } of places.values()) {
      const ids = aliases.get(`zizmor/${rule}`);
      if (ids === undefined) {
        unshared += 1;
        continue;
      }
      const tally = tallyOf(rule);
      tally.theirs += 1;
      const own = findings.filter(({ ruleId }) => ids.includes(ruleId));
      tally.atLine += own.some((finding) => isAtLine(finding, file, line)) ? 1 : 0;
    }
    for (const [alias, ids] of aliases) {
      if (!alias.startsWith('zizmor/')) continue;
      const rule = alias.slice('zizmor/'.length);
      const own = findings.filter(({ ruleId, persona }) => persona === 'regular' && ids.includes(ruleId));
      if (own.length === 0) continue;
      const tally = tallyOf(rule);
      tally.ours += own.length;
      tally.shared += said.some((each) => each.rule === rule) ? own.length : 0;
    }
  }
  const rows = [...tallies].toSorted(([, left], [, right]) => right.theirs - left.theirs);
  return [
    ...rows.map(([label, { theirs, atLine, ours, shared }]) => ({
      label,
      value: `found ${percentage(atLine, theirs)}; ours it knows ${percentage(shared, ours)}`,
    })),
    { label: 'of rules that we do not have', value: String(unshared) },
  ];
}
