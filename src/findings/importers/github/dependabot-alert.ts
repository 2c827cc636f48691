import { cweNumbers, type FindingDraft } from '../../build-reported-finding.ts';
import {
  firstText,
  type JsonObject,
  listAt,
  numberAt,
  objectAt,
  textAt,
  textsAt,
  timeAt,
  valueAt,
} from '../../json-fields.ts';
import { cvssOfVector } from '../../cvss-vector.ts';
import { lookUp } from '../../look-up.ts';
import { otherNames } from '../../report-advisory.ts';
import { severityOfWord } from '../../report-severity.ts';
import { decisionOfAlert } from './decision.ts';

/** GitHub's names of ecosystems, and the types of package URLs. */
const ECOSYSTEMS: Readonly<Record<string, string>> = {
  PIP: 'pypi',
  GO: 'golang',
  RUBYGEMS: 'gem',
  RUST: 'cargo',
  ACTIONS: 'githubactions',
  ERLANG: 'hex',
};

function ecosystemOf(name: string | undefined): string | undefined {
  const key = name?.toUpperCase() ?? '';
  return lookUp(ECOSYSTEMS, key) ?? name?.toLowerCase();
}

function namesOf(advisory: JsonObject): readonly string[] {
  const listed = listAt(advisory, 'identifiers').flatMap((each) => textAt(each, 'value') ?? []);
  return [...listed, ...textsAt(advisory, 'ghsa_id'), ...textsAt(advisory, 'cve_id')];
}

/** GHSA first, as GitHub names its advisories by it; else whatever name there is. */
function ruleOf(names: readonly string[], fallback: string | undefined): string | undefined {
  return names.find((name) => /^GHSA-/i.test(name)) ?? names[0] ?? fallback;
}

function cweOf(advisory: JsonObject): readonly number[] {
  const nodes = [...listAt(advisory, 'cwes'), ...listAt(advisory, 'cwes', 'nodes')];
  return cweNumbers(nodes.map((node) => firstText(node, ['cweId', 'cwe_id'])));
}

function cvssOfAdvisory(advisory: JsonObject) {
  const cvss = objectAt(advisory, 'cvss');
  const score = numberAt(cvss, 'score');
  // 0 stands for "not rated".
  return cvssOfVector(firstText(cvss, ['vectorString', 'vector_string']), score === 0 ? undefined : score);
}

/** A Dependabot alert, as GraphQL's `vulnerabilityAlerts` or as REST's `dependabot/alerts` has it. */
export function dependabotAlertDraft(alert: JsonObject): FindingDraft {
  const vulnerability =
    objectAt(alert, 'securityVulnerability') ?? objectAt(alert, 'security_vulnerability') ?? {};
  const advisory = objectAt(vulnerability, 'advisory') ?? objectAt(alert, 'security_advisory') ?? {};
  const about = objectAt(vulnerability, 'package') ?? objectAt(alert, 'dependency', 'package') ?? {};
  const name = textAt(about, 'name');
  const names = namesOf(advisory);
  const ruleId = ruleOf(names, textAt(advisory, 'summary'));
  const fixed =
    valueAt(vulnerability, 'firstPatchedVersion') ?? valueAt(vulnerability, 'first_patched_version');
  const version = /^= ?(\S+)$/.exec(textAt(alert, 'vulnerableRequirements')?.slice(0, 200) ?? '')?.[1];
  const summary = textAt(advisory, 'summary');
  const severityText = textAt(vulnerability, 'severity') ?? textAt(advisory, 'severity');
  const epss =
    numberAt(advisory, 'epss', 'percentage') ?? numberAt(listAt(advisory, 'epss')[0], 'percentage');
  return {
    tool: 'dependabot',
    ruleId,
    kind: 'dependency',
    title: summary === undefined || name === undefined ? summary : `${summary} (${name})`,
    description: textAt(advisory, 'description'),
    severity: severityOfWord(severityText) ?? 'medium',
    severityText,
    cvss: cvssOfAdvisory(advisory),
    epss: epss !== undefined && epss >= 0 && epss <= 1 ? epss : undefined,
    cwe: cweOf(advisory),
    aliases: otherNames(ruleId, names),
    place: {
      file: firstText(alert, ['vulnerableManifestPath']) ?? textAt(alert, 'dependency', 'manifest_path'),
      package:
        name === undefined
          ? undefined
          : {
              name,
              version,
              ecosystem: ecosystemOf(textAt(about, 'ecosystem')),
              fixedVersions: textsAt(fixed, 'identifier'),
            },
    },
    references: [
      ...listAt(advisory, 'references').flatMap((each) => textAt(each, 'url') ?? []),
      ...textsAt(alert, 'html_url'),
      ...textsAt(alert, 'dependabotUpdate', 'pullRequest', 'permalink'),
    ],
    toolFingerprint: textAt(alert, 'html_url') ?? textAt(alert, 'id'),
    decision: decisionOfAlert(alert),
    foundAtMs: timeAt(alert, 'createdAt') ?? timeAt(alert, 'created_at'),
    attributes: {
      state: textAt(alert, 'state'),
      scope: textAt(alert, 'dependencyScope') ?? textAt(alert, 'dependency', 'scope'),
      vulnerableVersions: firstText(vulnerability, ['vulnerableVersionRange', 'vulnerable_version_range']),
    },
  };
}
