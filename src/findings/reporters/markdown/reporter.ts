import { describeGain, describeNeed } from '../../attack.ts';
import type { Finding, Location, ScanProblem, Suppression } from '../../finding.ts';
import { severities } from '../../severity.ts';
import { plural, visible } from '../plain-text.ts';
import type { Reporter, ScanReport } from '../reporter.ts';
import { codeSpan, escapeSentence } from './escape.ts';

/** GitHub takes comments of at most 65,536 characters; the rest is for the text around this one. */
const CHARACTERS_MAX = 60_000;
/** What was not read, and notes. */
const ASIDES_CHARACTERS_MAX = 10_000;

function placeOf({ file, start }: Location): string {
  return codeSpan(`${file}:${start.line}:${start.column}`);
}

/** Every line begins with its number: none can close the block, or be a quick action such as `/merge`. */
function renderExcerpt({ excerpt }: Location): string {
  const { firstLine, lines } = excerpt;
  const width = String(firstLine + lines.length).length;
  const rows = lines.map(
    (line, index) => `${String(firstLine + index).padStart(width)} │ ${visible(line).toWellFormed()}`,
  );
  return ['```text', ...rows, '```'].join('\n');
}

function renderPath(finding: Finding): string[] {
  const hops = finding.path ?? [];
  const stations = hops.map(
    ({ label, location }, index) => `${index + 1}. ${placeOf(location)}: ${escapeSentence(label)}`,
  );
  const { attack } = finding;
  const sum =
    attack === undefined
      ? []
      : ['', `It reaches ${escapeSentence(describeGain(attack))}; ${escapeSentence(describeNeed(attack))}.`];
  return stations.length === 0 ? [] : ['', 'The way of an attack:', '', ...stations, ...sum];
}

function renderFinding(finding: Finding): string {
  const { severity, confidence, ruleId, message, explanation, remedy, fixes, locations } = finding;
  const sure = confidence === 'high' ? '' : `, ${confidence} confidence`;
  // As code: a comment that mentions a team would call it for each run.
  const whose = finding.owner === undefined ? '' : `, for ${codeSpan(finding.owner)}`;
  const fixable = fixes.some(({ safety }) => safety === 'safe')
    ? ['', 'Mended by `vouchgate scan --fix`.']
    : [];
  return [
    `### ${severity}: ${codeSpan(ruleId)}`,
    '',
    `At ${placeOf(locations[0])}${whose}${sure}: ${escapeSentence(message)}.`,
    '',
    renderExcerpt(locations[0]),
    '',
    '<details><summary>Why, and how to mend it</summary>',
    '',
    `**Why:** ${escapeSentence(explanation)}`,
    '',
    `**Mend:** ${escapeSentence(remedy)}`,
    ...fixable,
    ...renderPath(finding),
    '',
    '</details>',
    '',
  ].join('\n');
}

function renderProblem({ file, line, column, message, partial }: ScanProblem): string {
  const part = partial ? 'read in part' : 'not read';
  return `- ${part}: ${codeSpan(`${file}:${line}:${column}`)}: ${escapeSentence(message)}`;
}

function countSuppressed(findings: readonly Finding[]): string {
  const kinds = findings.flatMap(({ suppression }): Suppression['kind'][] =>
    suppression === undefined ? [] : [suppression.kind],
  );
  const counts = [...Map.groupBy(kinds, (kind) => kind)].map(([kind, list]) => `${list.length} by ${kind}`);
  return counts.length === 0 ? '' : ` Suppressed: ${counts.join(', ')}.`;
}

function renderHead(report: ScanReport, shown: readonly Finding[]): string {
  const counts = severities.toReversed().flatMap((severity) => {
    const count = shown.filter((finding) => finding.severity === severity).length;
    return count === 0 ? [] : [`${count} ${severity}`];
  });
  const looked = `${plural(report.filesScanned, 'file')}, ${plural(report.rules.length, 'rule')}`;
  return [
    `## Pipeline scan: ${counts.length === 0 ? 'nothing found' : counts.join(', ')}`,
    '',
    `Looked at ${looked}.${countSuppressed(report.findings)}`,
    '',
  ].join('\n');
}

/** As many from the beginning as have room, and how many have none. */
function fill(blocks: readonly string[], charactersMax: number): { text: string; left: number } {
  let text = '';
  for (const [index, block] of blocks.entries()) {
    if (text.length + block.length + 1 > charactersMax) return { text, left: blocks.length - index };
    text += `${block}\n`;
  }
  return { text, left: 0 };
}

/** The worst first: a comment has an end, and what is behind it nobody sees. */
function render(report: ScanReport): string {
  const shown = report.findings
    .filter(({ suppression }) => suppression === undefined)
    .toSorted((left, right) => severities.indexOf(right.severity) - severities.indexOf(left.severity));
  const notes = report.notes.map((note) => `- ${escapeSentence(note)}`);
  const asides = fill([...report.problems.map(renderProblem), ...notes], ASIDES_CHARACTERS_MAX);
  const findings = fill(shown.map(renderFinding), CHARACTERS_MAX - ASIDES_CHARACTERS_MAX - 1_000);
  const left = asides.left + findings.left;
  const parts = [
    renderHead(report, shown),
    asides.text,
    findings.text,
    left === 0 ? '' : `${left} more had no room in this comment; the log of the job has them.\n`,
  ];
  return `${parts
    .filter((part) => part !== '')
    .join('\n')
    .trimEnd()}\n`;
}

export const reporter: Reporter = {
  format: 'markdown',
  summary: 'a comment on a pull request or a job summary; at most 60,000 characters',
  render,
};
