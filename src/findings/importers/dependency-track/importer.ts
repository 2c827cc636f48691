import type { FindingDraft } from '../../build-reported-finding.ts';
import { cvssOfVector } from '../../cvss-vector.ts';
import { defineImporter } from '../../importer.ts';
import {
  isObject,
  type JsonObject,
  listAt,
  numberAt,
  objectAt,
  textAt,
  timeAt,
  valueAt,
} from '../../json-fields.ts';
import { packageOfUrl } from '../../package-url.ts';
import { otherNames } from '../../report-advisory.ts';
import { linksIn } from '../../report-links.ts';
import { ReportReading } from '../../report-reading.ts';
import { severityOfScore, severityOfWord } from '../../report-severity.ts';
import type { ReportedDecision } from '../../reported-finding.ts';

const TOOL = 'dependency-track';

/** States of an analysis; EXPLOITABLE, IN_TRIAGE and NOT_SET decide nothing. */
const STATES: Readonly<Record<string, ReportedDecision['state']>> = {
  NOT_AFFECTED: 'not-affected',
  FALSE_POSITIVE: 'false-positive',
  RESOLVED: 'fixed',
};

function decisionOf(analysis: unknown): FindingDraft['decision'] {
  const state = textAt(analysis, 'state') ?? '';
  const known = Object.hasOwn(STATES, state) ? STATES[state] : undefined;
  const reason = textAt(analysis, 'details') ?? textAt(analysis, 'justification') ?? state;
  if (known !== undefined) return { state: known, reason };
  return valueAt(analysis, 'isSuppressed') === true
    ? { state: 'accepted', reason: 'suppressed in Dependency-Track' }
    : undefined;
}

/** The newest version of CVSS that is there. */
function cvssOf(vulnerability: unknown) {
  for (const [score, vector] of [
    ['cvssV4Score', 'cvssV4Vector'],
    ['cvssV3BaseScore', 'cvssV3Vector'],
    ['cvssV2BaseScore', 'cvssV2Vector'],
  ] as const) {
    const cvss = cvssOfVector(textAt(vulnerability, vector), numberAt(vulnerability, score));
    if (cvss !== undefined) return cvss;
  }
  return undefined;
}

function weaknessesOf(vulnerability: unknown): readonly number[] {
  const all = [vulnerability, ...listAt(vulnerability, 'cwes')].map((each) => numberAt(each, 'cweId'));
  return all.filter((each) => each !== undefined);
}

function aliasesOf(vulnerability: unknown): string[] {
  return listAt(vulnerability, 'aliases').flatMap((alias) =>
    ['cveId', 'ghsaId', 'osvId', 'sonatypeId', 'snykId', 'vulnDbId'].flatMap(
      (key) => textAt(alias, key) ?? [],
    ),
  );
}

function packageOf(component: unknown) {
  const purl = textAt(component, 'purl');
  const group = textAt(component, 'group');
  const name = textAt(component, 'name');
  const own = packageOfUrl(purl);
  if (own !== undefined) return { ...own, version: textAt(component, 'version') ?? own.version };
  if (name === undefined) return undefined;
  return {
    name: group === undefined ? name : `${group}:${name}`,
    version: textAt(component, 'version'),
    purl,
  };
}

function draftOf(finding: JsonObject): FindingDraft {
  const vulnerability = objectAt(finding, 'vulnerability');
  const ruleId = textAt(vulnerability, 'vulnId');
  const found = packageOf(valueAt(finding, 'component'));
  const word = textAt(vulnerability, 'severity');
  const cvss = cvssOf(vulnerability);
  const epss = numberAt(vulnerability, 'epssScore');
  const aliases = aliasesOf(vulnerability);
  return {
    tool: TOOL,
    kind: 'dependency',
    ruleId,
    title: `${found?.name ?? 'a component'}: ${textAt(vulnerability, 'title') ?? ruleId}`,
    description: textAt(vulnerability, 'description'),
    severity: severityOfWord(word) ?? severityOfScore(cvss?.score) ?? 'medium',
    severityText: word,
    cvss,
    epss: epss !== undefined && epss >= 0 && epss <= 1 ? epss : undefined,
    cwe: weaknessesOf(vulnerability),
    aliases: [...otherNames(ruleId, aliases), ...aliases].filter((alias) => alias !== ruleId),
    place: { package: found },
    remedy: textAt(vulnerability, 'recommendation'),
    references: linksIn(textAt(vulnerability, 'references'), textAt(finding, 'attribution', 'referenceUrl')),
    // Ids of project, component and vulnerability, which Dependency-Track keeps.
    toolFingerprint: textAt(finding, 'matrix'),
    decision: decisionOf(valueAt(finding, 'analysis')),
    foundAtMs: timeAt(textAt(finding, 'attribution', 'attributedOn')?.replace(' ', 'T').replace(/$/, 'Z')),
    attributes: {
      source: textAt(vulnerability, 'source'),
      analyzer: textAt(finding, 'attribution', 'analyzerIdentity'),
      latestVersion: textAt(finding, 'component', 'latestVersion'),
    },
  };
}

export const importer = defineImporter({
  id: TOOL,
  title: 'OWASP Dependency-Track',
  formats: [
    'answers of `/api/v1/finding/project/{uuid}`',
    'File Packaging Format (FPF) of the page of findings and of `/api/v1/finding/project/{uuid}/export`',
  ],
  kinds: ['dependency'],
  documentation: 'https://docs.dependencytrack.org/integrations/file-formats/',
  recognise({ json }) {
    if (textAt(json, 'meta', 'application') === 'Dependency-Track') return 2;
    const first = valueAt(json, 0);
    const isFinding = isObject(valueAt(first, 'component')) && isObject(valueAt(first, 'vulnerability'));
    return isFinding && textAt(first, 'matrix') !== undefined ? 2 : 0;
  },
  read(content) {
    const { json } = content;
    const reading = new ReportReading(content);
    // `/api/v1/finding/project/{uuid}` answers with the list alone.
    const findings = Array.isArray(json) ? json : valueAt(json, 'findings');
    if (findings !== undefined && findings !== null && !Array.isArray(findings))
      reading.warn('findings', isObject(findings) ? 'this is no list' : 'this is neither a list nor null');
    reading.each(listAt(findings), 'findings', (finding) => reading.add(draftOf(finding)));
    return reading.finish({
      tool: TOOL,
      toolVersion: textAt(json, 'meta', 'version'),
      ranAtMs: timeAt(json, 'meta', 'timestamp'),
    });
  },
});
