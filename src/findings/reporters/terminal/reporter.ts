import { describeGain, describeNeed } from '../../attack.ts';
import type { Finding, Location } from '../../finding.ts';
import { severities } from '../../severity.ts';
import { plural, visible, wrap } from '../plain-text.ts';
import type { Reporter, ReportOptions, ScanReport } from '../reporter.ts';
import { renderExcerpt } from './excerpt.ts';
import { type FindingGroup, groupFindings } from './group-findings.ts';
import { createPaint, type Paint } from './paint.ts';

const COLUMNS_MAX = 100;
const RELATED_MAX = 3;
/** Further places of a group; below `medium` fewer. */
const PLACES_MAX = 6;
const PLACES_OF_SMALL_MAX = 3;

/** A label and a text that is wrapped beside it. */
function paragraph(label: string, text: string, columns: number, paint: Paint): string[] {
  const width = 7;
  return wrap(text, columns - width - 2).map(
    (line, index) => `  ${index === 0 ? paint.bold(label.padEnd(width)) : ' '.repeat(width)}${line}`,
  );
}

/** `line 7`, or with its file when that is another one. */
function placeOf(location: Location, finding: Finding): string {
  const own = location.file === finding.locations[0].file;
  return `${own ? 'line ' : `${location.file}:`}${location.start.line}`;
}

function renderPath(finding: Finding, columns: number, paint: Paint): string[] {
  return (finding.path ?? []).flatMap(({ label, location }, hop) =>
    wrap(`${label} (${placeOf(location, finding)})`, columns - 11).map((line, index) => {
      const arrow = hop === 0 ? '' : index === 0 ? '→ ' : '  ';
      return `  ${hop === 0 && index === 0 ? paint.bold('path   ') : '       '}${arrow}${line}`;
    }),
  );
}

/** The last station says what is reached; here is what it takes to come there. */
function renderAttack({ attack }: Finding, columns: number, paint: Paint): string[] {
  if (attack === undefined) return [];
  const gain = attack.reaches.length > 0 ? '' : `reaches ${describeGain(attack)}; `;
  return paragraph('takes', `${gain}${describeNeed(attack)}`, columns, paint);
}

function renderRelated(finding: Finding, columns: number, paint: Paint): string[] {
  return finding.locations.slice(1, 1 + RELATED_MAX).flatMap((location) => {
    const text = location.excerpt.lines[0]?.trim() ?? '';
    const label = location.label ?? 'related';
    return paragraph('see', `${placeOf(location, finding)}: ${text.slice(0, 40)} (${label})`, columns, paint);
  });
}

function renderFinding(finding: Finding, columns: number, paint: Paint, explained: Set<string>): string[] {
  const [place] = finding.locations;
  const sure = finding.confidence === 'high' ? '' : ` · ${finding.confidence} confidence`;
  const head = `${paint.severity(finding.severity, finding.severity)}  ${paint.bold(finding.ruleId)}`;
  const where = `  ${visible(place.file)}:${place.start.line}:${place.start.column}${sure}`;
  // A place is never cut or broken: editors and terminals open what they can read as one.
  const fits = finding.severity.length + 2 + finding.ruleId.length + where.length <= columns;
  const rows = fits ? [`${head}${paint.dim(where)}`] : [head, paint.dim(where)];
  rows.push(...wrap(finding.message, columns - 2).map((line) => `  ${line}`));
  rows.push(...renderExcerpt(place, columns, paint));
  rows.push(...renderPath(finding, columns, paint), ...renderAttack(finding, columns, paint));
  if ((finding.path ?? []).length === 0) rows.push(...renderRelated(finding, columns, paint));
  // Said once: whoever reads the tenth finding of a rule knows why.
  if (!explained.has(`${finding.ruleId} ${finding.explanation}`)) {
    rows.push(...paragraph('why', finding.explanation, columns, paint));
    explained.add(`${finding.ruleId} ${finding.explanation}`);
  }
  if (!explained.has(finding.remedy)) rows.push(...paragraph('mend', finding.remedy, columns, paint));
  explained.add(finding.remedy);
  const [fix] = finding.fixes;
  if (fix !== undefined) {
    const flag = fix.safety === 'safe' ? '--fix' : '--fix=unsafe';
    rows.push(...paragraph('fix', `${flag}: ${fix.title}`, columns, paint));
  }
  return rows;
}

/** The words at a place, for a list: what tells `actions/checkout@v4` from `actions/cache@v4`. */
function wordsAt({ locations: [place] }: Finding): string {
  const [line = ''] = place.excerpt.lines.slice(place.start.line - place.excerpt.firstLine);
  const end = place.end.line === place.start.line ? place.end.column - 1 : undefined;
  return visible(line.slice(place.start.column - 1, end)).trim();
}

/** Other places of the same kind, one a line; a place is never cut. */
function renderPlaces({ others }: FindingGroup, columns: number, all: boolean, paint: Paint): string[] {
  const [sample] = others;
  if (sample === undefined) return [];
  const small = sample.severity === 'low' || sample.severity === 'info';
  const limit = all ? others.length : small ? PLACES_OF_SMALL_MAX : PLACES_MAX;
  // One line more is no longer than the line that says that there is one more.
  const shown = others.length === limit + 1 ? others : others.slice(0, limit);
  const places = shown.map(
    ({ locations: [{ file, start }] }) => `${visible(file)}:${start.line}:${start.column}`,
  );
  const width = Math.max(...places.map((place) => place.length));
  const rows = shown.map((finding, index) => {
    const place = places[index] ?? '';
    const room = columns - 11 - width;
    const words = room < 12 ? '' : wordsAt(finding).slice(0, room);
    return words === '' ? place : `${place.padEnd(width)}  ${paint.dim(words)}`;
  });
  const left = others.length - shown.length;
  if (left > 0) rows.push(paint.dim(`… and ${plural(left, 'place')} more; --all lists them`));
  return rows.map((row, index) => `  ${index === 0 ? paint.bold('also   ') : '       '}${row}`);
}

function renderGroup(
  group: FindingGroup,
  columns: number,
  all: boolean,
  paint: Paint,
  explained: Set<string>,
): string[] {
  const rows = renderFinding(group.first, columns, paint, explained);
  return [...rows, ...renderPlaces(group, columns, all, paint), ''];
}

function summarise(report: ScanReport, shown: readonly Finding[], paint: Paint): string {
  const counts = severities.toReversed().flatMap((severity) => {
    const count = shown.filter((finding) => finding.severity === severity).length;
    return count === 0 ? [] : [paint.severity(severity, `${count} ${severity}`)];
  });
  const what = counts.length === 0 ? 'nothing found' : counts.join(', ');
  const suppressed = report.findings.length - shown.length;
  const hidden = suppressed === 0 ? '' : `, ${suppressed} suppressed`;
  return `${what}${hidden} in ${plural(report.filesScanned, 'file')}`;
}

function describeFiles(report: ScanReport): string {
  const kinds = Object.entries(report.fileKinds).map(([kind, count]) => `${count} ${kind}`);
  return kinds.length === 0 ? '' : ` (${kinds.join(', ')})`;
}

function render(report: ScanReport, options: ReportOptions): string {
  const paint = createPaint(options.color);
  const columns = Math.min(Math.max(options.columns, 40), COLUMNS_MAX);
  const shown = report.findings.filter(({ suppression }) => suppression === undefined);
  const explained = new Set<string>();
  const rows: string[] = [];
  for (const group of groupFindings(shown))
    rows.push(...renderGroup(group, columns, options.all === true, paint, explained));
  for (const { file, line, column, message, partial } of report.problems) {
    const part = partial ? 'read in part' : 'not read';
    rows.push(...wrap(`${part}: ${file}:${line}:${column}: ${message}`, columns));
  }
  if (report.problems.length > 0) rows.push('');
  rows.push(`${summarise(report, shown, paint)}${describeFiles(report)}`);
  const fixable = shown.filter(({ fixes }) => fixes.some(({ safety }) => safety === 'safe')).length;
  if (fixable > 0) rows.push(`${fixable} can be mended with --fix; --diff shows how`);
  rows.push(...report.notes.flatMap((note) => wrap(note, columns)));
  return `${rows.join('\n')}\n`;
}

export const reporter: Reporter = {
  format: 'terminal',
  summary: 'for people: source, why, and how to mend it',
  render,
};
