import type { FindingDraft } from '../../build-reported-finding.ts';
import { cvssOfVector } from '../../cvss-vector.ts';
import { defineImporter } from '../../importer.ts';
import {
  isObject,
  type JsonObject,
  listAt,
  numberAt,
  positionAt,
  textAt,
  valueAt,
} from '../../json-fields.ts';
import { packageReference } from '../../make-package-url.ts';
import { ReportReading } from '../../report-reading.ts';
import { severityOfWord } from '../../report-severity.ts';
import type { FindingKind } from '../../reported-finding.ts';

const TOOL = 'checkov';
const SNIPPET_LINES_MAX = 60;

/** Frameworks (`check_type`) of Checkov that are not about infrastructure. */
const KINDS: Readonly<Record<string, FindingKind>> = {
  secrets: 'secret',
  sca_package: 'dependency',
  sca_package_scan: 'dependency',
  sca_image: 'container',
  sast: 'code',
  github_actions: 'pipeline',
  gitlab_ci: 'pipeline',
  bitbucket_pipelines: 'pipeline',
  circleci_pipelines: 'pipeline',
  azure_pipelines: 'pipeline',
  argo_workflows: 'pipeline',
};

function kindOf(checkType: string | undefined, checkId: string | undefined): FindingKind {
  if (checkId?.startsWith('CKV_SECRET_') === true) return 'secret';
  if (checkType?.startsWith('sast') === true) return 'code';
  return checkType !== undefined && Object.hasOwn(KINDS, checkType)
    ? (KINDS[checkType] ?? 'infrastructure')
    : 'infrastructure';
}

/** Names begin with `/` and are relative to the folder that was scanned or, better, to where Checkov ran. */
function fileOf(check: unknown): string | undefined {
  const fromHere = textAt(check, 'repo_file_path');
  const file = fromHere === undefined || fromHere.includes('/../') ? textAt(check, 'file_path') : fromHere;
  return file?.replace(/^\/+/, '');
}

/** `[[3, "resource …\n"], …]`. */
function snippetOf(check: unknown): string | undefined {
  const lines = listAt(check, 'code_block').slice(0, SNIPPET_LINES_MAX);
  return lines.length === 0
    ? undefined
    : lines.map((line) => (Array.isArray(line) && typeof line[1] === 'string' ? line[1] : '')).join('');
}

/** Of packages: Checkov writes what it knows of the flaw beside the check. */
function detailsOf(check: unknown) {
  const details = valueAt(check, 'vulnerability_details');
  if (!isObject(details)) return {};
  const fixed = textAt(details, 'lowest_fixed_version');
  const vulnerability = textAt(details, 'id');
  return {
    ruleId: vulnerability,
    description: textAt(details, 'description'),
    cvss: cvssOfVector(textAt(details, 'vector'), numberAt(details, 'cvss')),
    link: textAt(details, 'link'),
    package: packageReference({
      ecosystem: textAt(details, 'package_type') ?? textAt(details, 'package_registry'),
      name: textAt(details, 'package_name'),
      version: textAt(details, 'package_version'),
      fixedVersions: fixed === undefined ? undefined : [fixed],
    }),
  };
}

function decisionOf(check: unknown, isSkipped: boolean): FindingDraft['decision'] {
  if (!isSkipped) return undefined;
  return {
    state: 'accepted',
    reason: textAt(check, 'check_result', 'suppress_comment') ?? 'skipped in Checkov',
  };
}

function draftOf(check: JsonObject, checkType: string | undefined, isSkipped: boolean): FindingDraft {
  const checkId = textAt(check, 'check_id');
  const details = detailsOf(check);
  const word = textAt(check, 'severity');
  const guideline = textAt(check, 'guideline');
  const bridgecrewId = textAt(check, 'bc_check_id');
  const name = textAt(check, 'check_name') ?? checkId;
  const title =
    details.ruleId === undefined ? name : `${details.package?.name ?? 'a package'}: ${details.ruleId}`;
  const kind = kindOf(checkType, checkId);
  return {
    tool: TOOL,
    kind,
    ruleId: details.ruleId ?? checkId,
    title,
    description: details.description ?? textAt(check, 'description'),
    // Without Prisma Cloud's platform every severity is null; Checkov has none of its own.
    severity: severityOfWord(word) ?? (kind === 'secret' ? 'high' : 'medium'),
    severityText: word,
    cvss: details.cvss,
    cwe: kind === 'secret' ? [798] : [],
    aliases: bridgecrewId === undefined ? [] : [bridgecrewId],
    place: {
      file: fileOf(check),
      line: positionAt(check, 'file_line_range', 0),
      endLine: positionAt(check, 'file_line_range', 1),
      // Of secrets the resource is a hash of the value without a key.
      resource: kind === 'secret' ? undefined : textAt(check, 'resource'),
      package: details.package,
    },
    snippet: kind === 'secret' ? undefined : snippetOf(check),
    remedy: textAt(check, 'fixed_definition'),
    references: [guideline, details.link].filter((each) => each !== undefined),
    decision: decisionOf(check, isSkipped),
    attributes: { framework: checkType, category: textAt(check, 'bc_category') },
  };
}

/** One framework alone is an object, several are a list. */
function runsOf(json: unknown): readonly unknown[] {
  return Array.isArray(json) ? json : [json];
}

/** When there was nothing to look at, only the totals are written. */
function isSummary(json: unknown): boolean {
  return textAt(json, 'checkov_version') !== undefined && numberAt(json, 'passed') !== undefined;
}

export const importer = defineImporter({
  id: TOOL,
  title: 'Checkov',
  formats: ['JSON of `checkov -o json`, of one framework or several'],
  kinds: ['infrastructure', 'pipeline', 'secret', 'dependency', 'container', 'code'],
  documentation: 'https://www.checkov.io/2.Basics/Reviewing%20Scan%20Results.html',
  recognise({ json }) {
    const isRun = (run: unknown) =>
      textAt(run, 'check_type') !== undefined &&
      isObject(valueAt(run, 'results')) &&
      isObject(valueAt(run, 'summary'));
    return runsOf(json).slice(0, 20).some(isRun) || isSummary(json) ? 2 : 0;
  },
  read(content) {
    const reading = new ReportReading(content);
    const runs = runsOf(content.json);
    reading.each(runs, 'run', (run, at) => {
      const checkType = textAt(run, 'check_type');
      for (const key of ['failed_checks', 'skipped_checks'])
        reading.each(listAt(run, 'results', key), `${at}.results.${key}`, (check) =>
          reading.add(draftOf(check, checkType, key === 'skipped_checks')),
        );
      for (const file of listAt(run, 'results', 'parsing_errors'))
        reading.warn(`${at}.results.parsing_errors`, `Checkov could not read ${textAt(file) ?? 'a file'}`);
    });
    const toolVersion = textAt(runs[0], 'summary', 'checkov_version') ?? textAt(runs[0], 'checkov_version');
    return reading.finish({ tool: TOOL, toolVersion });
  },
});
