import { cut, cweNumbers, type FindingDraft, type PlaceDraft } from '../../build-reported-finding.ts';
import {
  firstText,
  isObject,
  type JsonObject,
  listAt,
  numberAt,
  objectAt,
  positionAt,
  textAt,
  textsAt,
  timeAt,
} from '../../json-fields.ts';
import { lookUp } from '../../look-up.ts';
import { htmlToText } from '../../plain-report-text.ts';
import { advisoryNames } from '../../report-advisory.ts';
import { linksIn } from '../../report-links.ts';
import type { FindingKind, ReportedDecision } from '../../reported-finding.ts';
import type { Severity } from '../../severity.ts';

/**
 * Severities of issues from worst to least are blocker, critical, major, minor, info; impacts and the probability of
 * hotspots are high, medium, low (SonarQube's documentation, "Clean Code: severities").
 */
const SEVERITIES: Readonly<Record<string, Severity>> = {
  BLOCKER: 'critical',
  CRITICAL: 'high',
  HIGH: 'high',
  MAJOR: 'medium',
  MEDIUM: 'medium',
  MINOR: 'low',
  LOW: 'low',
  INFO: 'info',
};

/** Descriptions of a rule are long, and stand in each of its findings. */
const RULE_HTML_CHARS = 40_000;
const RULE_TEXT_CHARS = 4_000;

const INFRASTRUCTURE =
  /^(?:terraform|cloudformation|kubernetes|docker|azureresourcemanager|ansible|githubactions|iac):/;

export interface IssueContext {
  /** Path by the key of a component. */
  readonly paths: ReadonlyMap<string, string>;
  /** What is known of a rule, by its key. */
  readonly rules: ReadonlyMap<string, JsonObject>;
  /** Descriptions of rules as plain text, each made once. */
  readonly texts: Map<string, string>;
}

export function severityOfSonar(word: string | undefined): Severity | undefined {
  const key = word?.trim().toUpperCase();
  return lookUp(SEVERITIES, key);
}

export function kindOfRule(rule: string, type: string | undefined): FindingKind {
  if (rule.startsWith('secrets:')) return 'secret';
  if (INFRASTRUCTURE.test(rule)) return 'infrastructure';
  // The plugin of OWASP Dependency-Check writes one rule for all packages.
  if (/UsingComponentWithKnown/.test(rule)) return 'dependency';
  return type === 'BUG' || type === 'CODE_SMELL' ? 'quality' : 'code';
}

/** `project:module:src/a.ts` is a file; the key of the project alone is none. */
function fileOf(component: string | undefined, project: string | undefined, context: IssueContext) {
  if (component === undefined) return undefined;
  const known = context.paths.get(component);
  if (known !== undefined) return known;
  if (project !== undefined && component.startsWith(`${project}:`))
    return component.slice(project.length + 1);
  if (component === project) return undefined;
  return component.slice(component.lastIndexOf(':') + 1);
}

/** Offsets count from 0, columns from 1. */
function columnAt(item: JsonObject, key: string): number | undefined {
  const offset = numberAt(item, 'textRange', key);
  return offset === undefined ? undefined : positionAt(offset + 1);
}

function placeOf(item: JsonObject, project: string | undefined, context: IssueContext): PlaceDraft {
  return {
    file: fileOf(textAt(item, 'component'), project, context),
    line: positionAt(item, 'textRange', 'startLine') ?? positionAt(item, 'line'),
    column: columnAt(item, 'startOffset'),
    endLine: positionAt(item, 'textRange', 'endLine'),
    endColumn: columnAt(item, 'endOffset'),
  };
}

/** `resolution` up to 10.3, `issueStatus` since; for hotspots what the reviewer chose. */
function decisionOf(item: JsonObject): ReportedDecision | undefined {
  const word = firstText(item, ['resolution', 'issueStatus', 'status'])?.toUpperCase().replaceAll('-', '_');
  if (word === 'FALSE_POSITIVE') return { state: 'false-positive' };
  if (word === 'WONTFIX' || word === 'ACCEPTED' || word === 'ACKNOWLEDGED') return { state: 'accepted' };
  if (word === 'SAFE') return { state: 'not-affected', reason: 'reviewed as safe' };
  if (word === 'FIXED' || word === 'REMOVED') return { state: 'fixed' };
  return undefined;
}

function severityOfIssue(item: JsonObject): string | undefined {
  const impacts = listAt(item, 'impacts');
  const security = impacts.find((impact) => textAt(impact, 'softwareQuality') === 'SECURITY') ?? impacts[0];
  return firstText(item, ['severity', 'vulnerabilityProbability']) ?? textAt(security, 'severity');
}

function packageOfMessage(message: string): { name: string; version?: string } | undefined {
  const found = /Filename: ([^|]{1,300})\|/.exec(message.slice(0, 1_000))?.[1]?.trim();
  if (found === undefined) return undefined;
  const [name = found, version] = found.split(':');
  return version === undefined ? { name: found } : { name, version };
}

function flowPlaces(item: JsonObject, project: string | undefined, context: IssueContext): PlaceDraft[] {
  const flows = listAt(item, 'flows').slice(0, 50);
  return flows.flatMap((flow) =>
    listAt(flow, 'locations')
      .slice(0, 50)
      .filter(isObject)
      .map((location) => placeOf(location, project, context)),
  );
}

function plainText(html: string, { texts }: IssueContext): string {
  const known = texts.get(html);
  if (known !== undefined) return known;
  const text = cut(htmlToText(html.slice(0, RULE_HTML_CHARS)), RULE_TEXT_CHARS);
  texts.set(html, text);
  return text;
}

/** An issue or a hotspot of the API, or of `sonar-report`, which names the rule's title `description`. */
export function issueDraft(item: JsonObject, context: IssueContext): FindingDraft {
  const rule = firstText(item, ['rule', 'ruleKey']);
  const known = rule === undefined ? undefined : context.rules.get(rule);
  const project = textAt(item, 'project');
  const message = textAt(item, 'message') ?? '';
  const type = textAt(item, 'type');
  const category = textAt(item, 'securityCategory');
  const severityText = severityOfIssue(item);
  const kind = kindOfRule(rule ?? '', type);
  const details = firstText(known, ['htmlDesc', 'mdDesc', 'riskDescription']);
  const text = details === undefined ? '' : plainText(details, context);
  const title = firstText(item, ['description']) ?? textAt(known, 'name');
  return {
    tool: 'sonarqube',
    ruleId: rule ?? category,
    kind,
    title: title === undefined || title === '/' ? message : title,
    description: [message, text].filter((part) => part !== '').join('\n\n'),
    severity: severityOfSonar(severityText) ?? 'medium',
    severityText,
    cwe: cweNumbers([
      ...textsAt(item, 'tags'),
      ...(kind === 'dependency' ? [message] : []),
      ...linksIn(details),
    ]),
    aliases: advisoryNames([message]),
    place: {
      ...placeOf(item, project, context),
      package: kind === 'dependency' ? packageOfMessage(message) : undefined,
    },
    otherPlaces: flowPlaces(item, project, context),
    references: linksIn(details),
    toolFingerprint: textAt(item, 'key'),
    decision: decisionOf(item),
    foundAtMs: timeAt(item, 'creationDate'),
    attributes: {
      type: type ?? (category === undefined ? undefined : 'SECURITY_HOTSPOT'),
      category,
      status: textAt(item, 'status'),
      project,
    },
  };
}

/** Rules as the API lists them, and as `sonar-report` keeps them by key. */
export function issueContext(report: unknown): IssueContext {
  const paths = listAt(report, 'components').flatMap((component) => {
    const key = textAt(component, 'key');
    const path = textAt(component, 'path');
    return key === undefined || path === undefined ? [] : [[key, path] as const];
  });
  const listed = listAt(report, 'rules').flatMap((rule) => {
    const key = textAt(rule, 'key');
    return isObject(rule) && key !== undefined ? [[key, rule] as const] : [];
  });
  const kept = Object.entries(objectAt(report, 'rules') ?? {}).flatMap(([key, rule]) =>
    isObject(rule) ? [[key, rule] as const] : [],
  );
  return { paths: new Map(paths), rules: new Map([...listed, ...kept]), texts: new Map() };
}
