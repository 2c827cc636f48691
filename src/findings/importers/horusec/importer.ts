import { cweNumbers, type FindingDraft } from '../../build-reported-finding.ts';
import { defineImporter } from '../../importer.ts';
import {
  isObject,
  type JsonObject,
  listAt,
  objectAt,
  positionAt,
  textAt,
  timeAt,
} from '../../json-fields.ts';
import { lookUp } from '../../look-up.ts';
import { advisoryNames } from '../../report-advisory.ts';
import { ReportReading } from '../../report-reading.ts';
import { severityOfWord } from '../../report-severity.ts';
import type { FindingKind, ReportedDecision } from '../../reported-finding.ts';
import type { Confidence } from '../../severity.ts';

const CONFIDENCES: Readonly<Record<string, Confidence>> = { HIGH: 'high', MEDIUM: 'medium', LOW: 'low' };
/** Values of `type`; `Vulnerability` decides nothing. */
const DECISIONS: Readonly<Record<string, ReportedDecision['state']>> = {
  'Risk Accepted': 'accepted',
  'False Positive': 'false-positive',
  Corrected: 'fixed',
};
const DEPENDENCY_TOOLS = new Set([
  'NpmAudit',
  'YarnAudit',
  'BundlerAudit',
  'Nancy',
  'OwaspDependencyCheck',
  'DotnetCli',
  'Safety',
]);

function kindOf(language: string | undefined, tool: string | undefined): FindingKind {
  if (language === 'Leaks') return 'secret';
  if (DEPENDENCY_TOOLS.has(tool ?? '')) return 'dependency';
  return /^(?:HCL|YAML|Dockerfile)$/.test(language ?? '') ? 'infrastructure' : 'code';
}

/** `details` begins with the title; `(1/2) * Possible vulnerability detected: …` counts the rules of one line. */
function splitDetails(details: string): { title: string; description: string } {
  const text = details.replace(/^\(\d{1,3}\/\d{1,3}\) \* Possible vulnerability detected: /, '');
  const [title = '', ...rest] = text.split('\n');
  return { title, description: rest.join('\n') };
}

function vulnerabilityDraft(vulnerability: JsonObject): FindingDraft {
  const details = textAt(vulnerability, 'details') ?? '';
  const scanner = textAt(vulnerability, 'securityTool');
  const language = textAt(vulnerability, 'language');
  const { title, description } = splitDetails(details);
  const severityText = textAt(vulnerability, 'severity');
  const state = lookUp(DECISIONS, textAt(vulnerability, 'type'));
  const commit = textAt(vulnerability, 'commitHash');
  const kind = kindOf(language, scanner);
  return {
    tool: 'horusec',
    ruleId: textAt(vulnerability, 'rule_id') ?? title,
    kind,
    title,
    description,
    severity: severityOfWord(severityText) ?? 'medium',
    severityText,
    confidence: lookUp(CONFIDENCES, textAt(vulnerability, 'confidence')),
    cwe: cweNumbers([details]),
    aliases: advisoryNames([details]),
    place: {
      file: textAt(vulnerability, 'file'),
      line: positionAt(vulnerability, 'line'),
      column: positionAt(vulnerability, 'column'),
      commit: commit === '-' ? undefined : commit,
    },
    snippet: textAt(vulnerability, 'code'),
    decision: state === undefined ? undefined : { state },
    attributes: { scanner, language },
  };
}

export const importer = defineImporter({
  id: 'horusec',
  title: 'Horusec',
  formats: ['JSON of `horusec start -o json`'],
  kinds: ['code', 'secret', 'dependency', 'infrastructure'],
  documentation: 'https://docs.horusec.io/docs/cli/analysis-tools/overview/',

  recognise({ shape, json }) {
    return shape === 'json' && isObject(json) && 'analysisVulnerabilities' in json ? 2 : 0;
  },

  read(content) {
    const reading = new ReportReading(content);
    const { json } = content;
    reading.each(listAt(json, 'analysisVulnerabilities'), 'analysisVulnerabilities', (entry, at) => {
      const vulnerability = objectAt(entry, 'vulnerabilities');
      if (vulnerability === undefined) reading.warn(at, 'this entry has no vulnerability');
      else reading.add(vulnerabilityDraft(vulnerability));
    });
    const errors = textAt(json, 'errors');
    if (errors !== undefined) reading.warn('errors', errors);
    return reading.finish({
      tool: 'horusec',
      toolVersion: textAt(json, 'version'),
      ranAtMs: timeAt(json, 'finishedAt'),
    });
  },
});
