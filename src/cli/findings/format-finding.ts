import type { ExplainedPriority, Finding, FindingGroup, FindingPlace, FindingSummary } from '#api/finding.ts';
import { clip, COLUMNS, formatFields, formatParagraph } from '../layout.ts';
import { formatTime, printable } from '../output.ts';

/** The longest, `critical`, and a gap. */
const SEVERITY_COLUMNS = 10;
/** Up to 100. */
const SCORE_COLUMNS = 3;
/** Two places behind the point. */
const FACTOR_COLUMNS = 5;
const GAP = '  ';

function shortTime(text: string): string {
  return formatTime(Date.parse(text));
}

function day(text: string): string {
  return text.slice(0, 10);
}

/** Where it is, in the words that fit the finding: a file, a package, an address, a resource. */
export function describePlace(place: FindingPlace): string {
  const { file, line, package: part, url, method, parameter, resource, image, host } = place;
  const where = file === undefined ? undefined : `${file}${line === undefined ? '' : `:${line}`}`;
  const what =
    part === undefined ? undefined : `${part.name}${part.version === undefined ? '' : ` ${part.version}`}`;
  const address = url === undefined ? undefined : `${method === undefined ? '' : `${method} `}${url}`;
  const named = parameter === undefined ? undefined : `parameter ${parameter}`;
  const parts = [what, where, address, named, resource, image, host].filter((each) => each !== undefined);
  return parts.length === 0 ? '(no place)' : parts.slice(0, 3).join(', ');
}

function statusOf({ state, assignee, owner, dueAt, overdue, priority }: FindingSummary): string {
  const who = assignee ?? owner;
  const due = dueAt === null ? undefined : `${overdue ? 'OVERDUE since' : 'due'} ${day(dueAt)}`;
  return [
    `${priority.band}: ${state}`,
    ...(due === undefined ? [] : [due]),
    ...(who === null ? [] : [who]),
  ].join(', ');
}

/** Four lines of 80 columns: score, severity, rule and id; the title; where it is; how it stands. */
export function formatSummary(finding: FindingSummary): string {
  const score = `${String(finding.priority.score).padStart(SCORE_COLUMNS)}${GAP}`;
  const severity = `${score}${finding.severity.padEnd(SEVERITY_COLUMNS)}`;
  const indent = ' '.repeat(score.length);
  const beside = COLUMNS - finding.id.length - GAP.length - severity.length;
  const rule = clip(printable(`${finding.tool}/${finding.rule}`), beside).padEnd(beside);
  const width = COLUMNS - indent.length;
  const status = clip(printable(statusOf(finding)), width);
  const place = clip(printable(describePlace(finding.place)), width);
  const title = clip(printable(finding.title), width);
  return `${severity}${rule}${GAP}${printable(finding.id)}\n${indent}${title}\n${indent}${place}\n${indent}${status}\n`;
}

export function formatGroup({ severity, priority, reasons, dueAt, findings }: FindingGroup): string {
  const due = dueAt === null ? '' : `, due ${day(dueAt)}`;
  const count = `${findings.length} findings, ${reasons.join(' and ')}`;
  const head = `${severity}, priority ${priority.score}: ${count}${due}\n`;
  const lines = findings.map(({ id, tool, rule, place }) => {
    const text = `${tool}/${rule}, ${describePlace(place)}`;
    return `  ${printable(id)}${GAP}${clip(printable(text), COLUMNS - id.length - 2 * GAP.length)}\n`;
  });
  return `${head}${lines.join('')}`;
}

function text(value: string | null | undefined): string | undefined {
  return value === null || value === '' ? undefined : value;
}

function facts(finding: Finding): [string, string | undefined][] {
  const { cvss, epss, acceptance, falsePositive, toolDecision, place } = finding;
  return [
    ['finding', finding.id],
    ['state', finding.state],
    ['severity', finding.severity],
    ['priority', `${finding.priority.score} of 100, ${finding.priority.band}`],
    ['rule', `${finding.tool}/${finding.rule}`],
    ['repository', finding.repository],
    ['target', text(finding.target)],
    ['place', describePlace(place)],
    ['mended in', place.package?.fixedVersions?.join(', ')],
    ['CWE', finding.cwe.length === 0 ? undefined : finding.cwe.map((each) => `CWE-${each}`).join(', ')],
    ['also called', text(finding.aliases.join(', '))],
    [
      'CVSS',
      cvss === null ? undefined : `${cvss.score}${cvss.vector === undefined ? '' : ` (${cvss.vector})`}`,
    ],
    ['EPSS', epss === null ? undefined : `${(epss * 100).toFixed(1)} % within 30 days`],
    ['exploited', finding.exploited === true ? 'yes' : undefined],
    ['verified', finding.verified === true ? 'yes' : undefined],
    ['first seen', shortTime(finding.firstSeenAt)],
    ['last seen', shortTime(finding.lastSeenAt)],
    ['fixed', finding.fixedAt === null ? undefined : shortTime(finding.fixedAt)],
    [
      'due',
      finding.dueAt === null
        ? undefined
        : `${shortTime(finding.dueAt)}${finding.overdue ? ' (OVERDUE)' : ''}`,
    ],
    ['owner', text(finding.owner)],
    ['assignee', text(finding.assignee)],
    [
      'accepted',
      acceptance === null
        ? undefined
        : `until ${day(acceptance.until)} by ${acceptance.owner}: ${acceptance.reason}`,
    ],
    [
      'false positive',
      falsePositive === null ? undefined : `by ${falsePositive.by}: ${falsePositive.reason}`,
    ],
    [
      'the tool says',
      toolDecision === null
        ? undefined
        : [toolDecision.state, toolDecision.reason].filter(Boolean).join(': '),
    ],
  ];
}

/** The factors of the product, a line each. */
function formatFactors({ factors }: ExplainedPriority): string[] {
  return factors.map(({ value, because }, index) => {
    const number = String(Number(value.toFixed(2)));
    return formatParagraph(`${index === 0 ? '   ' : '  ×'} ${number.padEnd(FACTOR_COLUMNS)}${GAP}`, because);
  });
}

export function formatFinding(finding: Finding): string {
  const { title, description, remedy, snippet, references, history } = finding;
  const paragraphs = (words: string) => words.split('\n').map((line) => formatParagraph('', line));
  const part = (lines: readonly string[]) => (lines.length === 0 ? [] : ['\n', ...lines]);
  return [
    ...paragraphs(title),
    '\n',
    formatFields(facts(finding)),
    ...part(['priority, as the product of:\n', ...formatFactors(finding.priority)]),
    ...part(description === '' ? [] : paragraphs(description)),
    ...part(snippet === null ? [] : snippet.split('\n').map((line) => `  | ${printable(line)}\n`)),
    ...part(remedy === null ? [] : paragraphs(remedy)),
    ...part(references.map((each) => formatParagraph('  ', each))),
    ...part(
      history.map(({ at, by, kind, note }) =>
        formatParagraph(`${shortTime(at)}  `, `${by}: ${kind}, ${note}`),
      ),
    ),
  ].join('');
}
