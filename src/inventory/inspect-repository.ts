import type { Finding } from '#findings/finding.ts';
import type { ImportedReport } from '#findings/importer.ts';
import { readReport } from '#findings/read-report.ts';
import { reporter } from '#findings/reporters/json/reporter.ts';
import { readsAs } from '#findings/severity.ts';
import type { Pipeline } from '#pipeline/model.ts';
import type { Repository } from '#pipeline/repository.ts';
import { buildGraph } from '#scan/graph/build-graph.ts';
import { markAttacks } from '#scan/graph/mark-attacks.ts';
import type { Rule } from '#scan/rule.ts';
import { type RepositoryScan, scanRepository } from '#scan/scan-repository.ts';
import { isExcluded, readOwnSettings, settleBySettings } from '#scan/settle-by-settings.ts';
import type { DefinitionFile } from './definition-upload.ts';
import { describeFinding, type Texts, textsOf } from './describe-findings.ts';
import { describePipeline } from './describe-pipeline.ts';
import { describeCoverage, findThirdParties } from './describe-surroundings.ts';
import { AuthorityGraphs } from './explain-authority.ts';
import { findAttackPaths } from './find-attack-paths.ts';
import { findCredentials } from './find-credentials.ts';
import type { InspectedPipeline, InspectedRepository, SourceFile } from './inspected-repository.ts';
import { shorten, showText } from './show-text.ts';
import { countSeverities } from './summarise-inspection.ts';

export interface InspectionRequest {
  readonly repository: string;
  readonly branch: string | undefined;
  readonly files: readonly DefinitionFile[];
  /** By the platforms' rules of this moment (ms since the epoch). */
  readonly asOfMs: number;
  readonly toolVersion: string;
}

export interface InspectionOutcome {
  readonly inspected: InspectedRepository;
  /** The findings as a report of `vouchgate scan`, to be tracked as one. */
  readonly report: ImportedReport;
}

const PIPELINES_MAX = 1_000;
const FINDINGS_MAX = 2_000;
const PROBLEMS_MAX = 100;
const SOURCE_CHARS_MAX = 200_000;
const SOURCES_CHARS_MAX = 8_000_000;

function scanUpload(
  request: InspectionRequest,
  rules: readonly Rule[],
): { readonly scan: RepositoryScan; readonly settingsProblem: string | undefined } {
  const { asOfMs, repository } = request;
  const asked = new Set<string>();
  const texts = new Map(request.files.map(({ file, text }) => [file, text]));
  const own = readOwnSettings((name) => {
    asked.add(name);
    return texts.get(name);
  }, rules);
  // Settings decide about findings, and have none.
  const files = request.files.filter(({ file }) => !asked.has(file) && !isExcluded(file, own.settings));
  const reader = own.settings.persona ?? 'regular';
  const scan = scanRepository(
    { root: '', files },
    {
      rules: own.rules,
      asOfMs,
      address: repository.toLowerCase(),
      settle: (found, read) => settleBySettings(found, read, own, asOfMs).findings,
    },
  );
  const findings = scan.findings.filter(({ persona }) => readsAs(reader, persona));
  return { scan: { ...scan, findings }, settingsProblem: own.problem };
}

function groupByFile({ pipelines }: Repository): (readonly [string, readonly [Pipeline, ...Pipeline[]]])[] {
  return [...Map.groupBy(pipelines, ({ file }) => file)]
    .flatMap(([file, [first, ...others]]) =>
      first === undefined ? [] : [[file, [first, ...others]] as const],
    )
    .slice(0, PIPELINES_MAX);
}

function describePipelines(
  scan: RepositoryScan,
  attacks: ReadonlySet<string>,
  texts: Texts,
): InspectedPipeline[] {
  const marked = markAttacks(buildGraph(scan.repository), scan.repository, scan.findings, '');
  const graphs = new AuthorityGraphs(marked);
  const byFile = Map.groupBy(scan.findings.slice(0, FINDINGS_MAX), ({ locations: [{ file }] }) => file);
  return groupByFile(scan.repository).map(([file, pipelines]) => ({
    ...describePipeline(file, pipelines),
    findings: (byFile.get(file) ?? []).map((finding) =>
      describeFinding(finding, texts, attacks.has(finding.fingerprint)),
    ),
    storedSecrets: graphs.secretsOf(file),
    authority: graphs.authorityOf(file),
  }));
}

/** The definitions themselves, as far as there is room: those with findings first. */
function keepSources({ repository, findings }: RepositoryScan): SourceFile[] {
  const found = new Set(findings.map(({ locations: [{ file }] }) => file));
  const ordered = repository.files.toSorted(
    (left, right) => Number(found.has(right.source.file)) - Number(found.has(left.source.file)),
  );
  let left = SOURCES_CHARS_MAX;
  return ordered.flatMap(({ source: { file, text } }) => {
    const kept = text.slice(0, Math.min(SOURCE_CHARS_MAX, left));
    left -= kept.length;
    return kept === '' ? [] : [{ file, text: showText(kept), cut: kept.length < text.length }];
  });
}

function toReport(
  findings: readonly Finding[],
  scan: RepositoryScan,
  request: InspectionRequest,
): ImportedReport {
  const { toolVersion, asOfMs: timeMs, files } = request;
  const report = {
    findings,
    problems: scan.problems,
    rules: [],
    filesScanned: files.length,
    fileKinds: {},
    notes: [],
  };
  const text = reporter.render(report, { color: false, columns: 80, toolVersion, timeMs });
  // The same way that a report takes which a CI job uploads: whoever does either sees the same findings.
  return readReport('scan.json', Buffer.from(text), { as: 'vouchgate' }).report;
}

/** Reads and judges what was uploaded. Pure but for the rules; whatever stands in the files, it returns. */
export function inspectRepository(request: InspectionRequest, rules: readonly Rule[]): InspectionOutcome {
  const { scan, settingsProblem } = scanUpload(request, rules);
  const texts = textsOf(scan.repository);
  const attackPaths = findAttackPaths(scan.findings, texts);
  return {
    inspected: {
      findings: countSeverities(scan.findings.filter(({ suppression }) => suppression === undefined)),
      pipelines: describePipelines(scan, new Set(attackPaths.map(({ id }) => id)), texts),
      attackPaths,
      credentials: findCredentials(scan, request.repository, request.branch),
      thirdParties: findThirdParties(scan),
      coverage: describeCoverage(scan),
      files: keepSources(scan),
      problems: [
        ...(settingsProblem === undefined ? [] : [`the settings cannot be read: ${settingsProblem}`]),
        ...scan.problems.map(({ file, line, message }) => `${file}:${line}: ${message}`),
      ]
        .slice(0, PROBLEMS_MAX)
        .map((each) => shorten(each)),
    },
    report: toReport(scan.findings, scan, request),
  };
}
