import { cut, cweNumbers, type FindingDraft, type PlaceDraft } from '../../build-reported-finding.ts';
import { positionAt } from '../../json-fields.ts';
import { htmlToText } from '../../plain-report-text.ts';
import { linksIn } from '../../report-links.ts';
import type { Severity } from '../../severity.ts';
import { elementAt, elementsOf, textAt, type XmlElement } from '../../xml.ts';
import type { Audit } from './read-audit.ts';

const TRACE_PLACES_MAX = 50;
/** Explanations of a rule are long, and stand in each of its findings. */
const RULE_TEXT_CHARS = 4_000;

interface Knowledge {
  /** Texts of rules that are the same for each instance, so that they are turned into plain text once. */
  readonly texts: Map<string, string>;
  readonly descriptions: ReadonlyMap<string, XmlElement>;
  readonly rules: ReadonlyMap<string, ReadonlyMap<string, string>>;
  readonly nodes: ReadonlyMap<string, XmlElement>;
  readonly snippets: ReadonlyMap<string, string>;
}

function byAttribute(elements: readonly XmlElement[], name: string): ReadonlyMap<string, XmlElement> {
  return new Map(elements.map((element) => [element.attributes[name] ?? '', element]));
}

function groupsOf(metaInfo: XmlElement | undefined): ReadonlyMap<string, string> {
  return new Map(
    elementsOf(metaInfo, 'Group').map((group) => [group.attributes['name'] ?? '', group.text.trim()]),
  );
}

function knowledgeOf(fvdl: XmlElement): Knowledge {
  const rules = elementsOf(elementAt(fvdl, 'EngineData', 'RuleInfo'), 'Rule');
  const snippets = elementsOf(elementAt(fvdl, 'Snippets'), 'Snippet');
  return {
    texts: new Map(),
    descriptions: byAttribute(elementsOf(fvdl, 'Description'), 'classID'),
    rules: new Map(
      rules.map((rule) => [rule.attributes['id'] ?? '', groupsOf(elementAt(rule, 'MetaInfo'))] as const),
    ),
    nodes: byAttribute(elementsOf(elementAt(fvdl, 'UnifiedNodePool'), 'Node'), 'id'),
    snippets: new Map(
      snippets.map((snippet) => [snippet.attributes['id'] ?? '', elementAt(snippet, 'Text')?.text ?? '']),
    ),
  };
}

/**
 * Fortify Priority Order: impact and likelihood from 2.5 up make it critical; impact alone high, likelihood alone
 * medium, neither low. Likelihood = accuracy × confidence × probability / 25 (Fortify's user guide, "Estimating
 * impact, likelihood"). Without these numbers the severity of the instance (1 to 5) is all there is.
 */
function severityOf(
  groups: ReadonlyMap<string, string>,
  confidence: number,
  instanceSeverity: number,
): Severity {
  const [impact, accuracy, probability] = ['Impact', 'Accuracy', 'Probability'].map((name) =>
    Number(groups.get(name) ?? Number.NaN),
  );
  if (impact === undefined || accuracy === undefined || probability === undefined || Number.isNaN(impact)) {
    if (instanceSeverity >= 5) return 'critical';
    if (instanceSeverity >= 4) return 'high';
    return instanceSeverity >= 3 ? 'medium' : 'low';
  }
  const likely = (accuracy * confidence * probability) / 25 >= 2.5;
  if (impact >= 2.5) return likely ? 'critical' : 'high';
  return likely ? 'medium' : 'low';
}

function placeOf(location: XmlElement | undefined, symbol?: string): PlaceDraft {
  const fields = location?.attributes ?? {};
  return {
    file: fields['path'],
    line: positionAt(fields, 'line'),
    endLine: positionAt(fields, 'lineEnd'),
    column: positionAt(fields, 'colStart'),
    symbol,
  };
}

interface Step {
  readonly location: XmlElement;
  readonly isDefault: boolean;
}

/** Steps of a trace from its source to its sink. */
function stepsOf(unified: XmlElement | undefined, { nodes }: Knowledge): readonly Step[] {
  const entries = elementsOf(elementAt(unified, 'Trace', 'Primary'), 'Entry');
  return entries.slice(0, TRACE_PLACES_MAX).flatMap((entry) => {
    const reference = elementAt(entry, 'NodeRef')?.attributes['id'];
    const node = elementAt(entry, 'Node') ?? (reference === undefined ? undefined : nodes.get(reference));
    const location = elementAt(node, 'SourceLocation');
    return location === undefined ? [] : [{ location, isDefault: node?.attributes['isDefault'] === 'true' }];
  });
}

/** Texts of rules name what differs from instance to instance as `<Replace key="…"/>`. */
function fill(
  text: string | undefined,
  definitions: ReadonlyMap<string, string>,
  { texts }: Knowledge,
): string {
  if (text === undefined) return '';
  const known = texts.get(text);
  if (known !== undefined) return known;
  const filled = text.replaceAll(
    /<Replace key="([^"]{1,200})"[^<>]{0,200}\/>/g,
    (_, key: string) => definitions.get(key) ?? '…',
  );
  const plain = cut(htmlToText(filled), RULE_TEXT_CHARS);
  if (filled === text) texts.set(text, plain);
  return plain;
}

function titleOf(classInfo: XmlElement | undefined): string | undefined {
  const type = textAt(classInfo, 'Type');
  const subtype = textAt(classInfo, 'Subtype');
  return type === undefined || subtype === undefined ? type : `${type}: ${subtype}`;
}

function functionOf(unified: XmlElement | undefined): string | undefined {
  const { enclosingClass, name } = elementAt(unified, 'Context', 'Function')?.attributes ?? {};
  return enclosingClass === undefined || name === undefined ? name : `${enclosingClass}.${name}`;
}

function vulnerabilityDraft(vulnerability: XmlElement, knowledge: Knowledge, audit: Audit): FindingDraft {
  const classInfo = elementAt(vulnerability, 'ClassInfo');
  const instance = elementAt(vulnerability, 'InstanceInfo');
  const unified = elementAt(vulnerability, 'AnalysisInfo', 'Unified');
  const classId = textAt(classInfo, 'ClassID') ?? '';
  const instanceId = textAt(instance, 'InstanceID');
  const groups = new Map([
    ...(knowledge.rules.get(classId) ?? []),
    // What stands in the instance overrides what the rule says.
    ...groupsOf(elementAt(instance, 'MetaInfo')),
  ]);
  const confidence = Number(textAt(instance, 'Confidence') ?? 5);
  const instanceSeverity = Number(textAt(instance, 'InstanceSeverity') ?? 0);
  const definitions = new Map(
    elementsOf(elementAt(unified, 'ReplacementDefinitions'), 'Def').map(({ attributes }) => [
      attributes['key'] ?? '',
      attributes['value'] ?? '',
    ]),
  );
  const description = knowledge.descriptions.get(classId);
  const steps = stepsOf(unified, knowledge);
  // Fortify shows the issue at the default node, which is the last one, the sink, where none is marked.
  const shown = steps.find(({ isDefault }) => isDefault) ?? steps.at(-1);
  const sink = shown?.location;
  const references = elementsOf(elementAt(description, 'References'), 'Reference');
  return {
    tool: 'fortify',
    ruleId: classId === '' ? titleOf(classInfo) : classId,
    kind: 'code',
    title: titleOf(classInfo),
    description: ['Abstract', 'Explanation']
      .map((name) => fill(textAt(description, name), definitions, knowledge))
      .filter((text) => text !== '')
      .join('\n\n'),
    severity: severityOf(groups, confidence, instanceSeverity),
    severityText: `impact ${groups.get('Impact') ?? '?'}, instance ${textAt(instance, 'InstanceSeverity') ?? '?'}`,
    confidence: confidence >= 4 ? 'high' : confidence >= 2.5 ? 'medium' : 'low',
    cwe: cweNumbers([groups.get('altcategoryCWE')?.replaceAll('CWE ID ', 'CWE-')]),
    place: placeOf(sink, functionOf(unified)),
    otherPlaces: steps.filter((step) => step !== shown).map(({ location }) => placeOf(location)),
    snippet: knowledge.snippets.get(sink?.attributes['snippet'] ?? ''),
    remedy: fill(textAt(description, 'Recommendations'), definitions, knowledge),
    references: references.flatMap((reference) => linksIn(textAt(reference, 'Source'))),
    // Fortify derives it from the rule and the code, and it survives moved lines.
    toolFingerprint: instanceId,
    decision: instanceId === undefined ? undefined : audit.decisions.get(instanceId),
    verified: instanceId !== undefined && audit.exploitable.has(instanceId) ? true : undefined,
    attributes: { kingdom: textAt(classInfo, 'Kingdom'), analyzer: textAt(classInfo, 'AnalyzerName') },
  };
}

/** Vulnerabilities of an `audit.fvdl`. */
export function readFvdl(fvdl: XmlElement, audit: Audit): readonly FindingDraft[] {
  const knowledge = knowledgeOf(fvdl);
  return elementsOf(elementAt(fvdl, 'Vulnerabilities'), 'Vulnerability').map((vulnerability) =>
    vulnerabilityDraft(vulnerability, knowledge, audit),
  );
}
