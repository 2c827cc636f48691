import type { Finding, ScanProblem } from '#findings/finding.ts';
import type { Neighbour } from '#pipeline/repository.ts';
import { readDefinitions, recognisePath } from '#pipeline/read-file.ts';
import { SourceText } from '#pipeline/source.ts';
import type { Rule } from '#scan/rule.ts';
import { type RepositoryScan, scanRepository } from '#scan/scan-repository.ts';
import { securityTestsOf } from '#scan/shared/security-tests.ts';
import { type Accepted, findAccepted, keyOf } from './accepted-findings.ts';
import { digestOfFiles, findConcerned, isAbout } from './concerned-files.ts';
import { compareGateFindings, type GateFinding, gateFindingOf } from './gate-finding.ts';
import type {
  DefinitionTree,
  Inspection,
  InspectionOutcome,
  InspectionTask,
  TreeName,
} from './inspection-task.ts';
import { definitionsIn, findWanted, isStandIn } from './named-files.ts';

const FINDINGS_MAX = 500;
const UNREAD_MAX = 50;
const TREES: readonly TreeName[] = ['pipeline', 'callee', 'reference'];

/** Judges exactly what a token names. Pure but for the rules; whatever stands in the files, it returns. */
export function inspectDefinitions(task: InspectionTask, rules: readonly Rule[]): InspectionOutcome {
  for (const name of TREES) {
    const tree = task[name];
    const wanted = tree === undefined ? [] : findWanted(tree);
    if (wanted.length > 0) return { kind: 'incomplete', tree: name, wanted };
  }
  for (const tree of [task.pipeline, task.callee]) {
    if (tree?.file === undefined || tree.files.some(({ file }) => file === tree.file)) continue;
    if (tree.unread.includes(tree.file)) continue;
    const reason = `${tree.repository} has no ${tree.file} at the commit ${tree.commit.slice(0, 12)}`;
    return { kind: 'absent', reason };
  }
  return { kind: 'inspected', inspection: inspect(task, rules) };
}

function inspect(task: InspectionTask, rules: readonly Rule[]): Inspection {
  const { pipeline, callee, asOfMs } = task;
  const scan = scanTree(pipeline, rules, asOfMs, callee === undefined ? [] : [neighbourOf(callee)]);
  const accepted = acceptedFor(task, scan, rules);
  const own = judgeTree(pipeline, scan, accepted, { asOfMs, rules });
  const called = callee === undefined ? [] : [judgeCallee(callee, task, rules)];
  const parts = [own, ...called];
  const findings = parts.flatMap((part) => part.findings).sort(compareGateFindings);
  const unread = parts.flatMap((part) => part.unread);
  return {
    findings: findings.slice(0, FINDINGS_MAX),
    findingsLeftOut: Math.max(0, findings.length - FINDINGS_MAX),
    suppressedCount: parts.reduce((sum, { suppressed }) => sum + suppressed, 0),
    concerned: parts.flatMap(({ files }) => files.map(([name]) => name)),
    workflowDigest: digestOfFiles(parts.flatMap(({ files }) => files)),
    tests: testsIn(scan),
    unread: unread.slice(0, UNREAD_MAX),
  };
}

function scanTree(
  tree: DefinitionTree,
  rules: readonly Rule[],
  asOfMs: number,
  neighbours: readonly Neighbour[],
): RepositoryScan {
  const address = tree.repository.toLowerCase();
  return scanRepository({ root: '', files: definitionsIn(tree) }, { rules, asOfMs, address, neighbours });
}

/** Names of files of another repository begin with its address. */
function neighbourOf({ repository, files }: DefinitionTree): Neighbour {
  const address = repository.toLowerCase();
  const read = files.flatMap(({ file, text }) => {
    const known = recognisePath(file);
    return known === undefined ? [] : [readDefinitions(new SourceText(`${address}/${file}`, text), known)];
  });
  return { address, files: read };
}

/** Undefined: nobody's word counts, and there is nothing to compare with. */
function acceptedFor(
  { pipeline, reference, suppressions, asOfMs }: InspectionTask,
  plain: RepositoryScan,
  rules: readonly Rule[],
): { accepted: Accepted | undefined; reference: Accepted | undefined } {
  const own = () => findAccepted(pipeline, plain, rules, asOfMs);
  const main =
    reference === undefined
      ? undefined
      : hasSameFiles(reference, pipeline)
        ? own()
        : findAccepted(reference, scanTree(reference, rules, asOfMs, []), rules, asOfMs);
  if (suppressions === 'none') return { accepted: undefined, reference: main };
  return { accepted: suppressions === 'all' ? own() : main, reference: main };
}

/** Not the same commit: files of a folder may differ from the commit that is checked out there. */
function hasSameFiles(left: DefinitionTree, right: DefinitionTree): boolean {
  const texts = new Map(left.files.map(({ file, text }) => [file, text]));
  return (
    left.repository === right.repository &&
    left.files.length === right.files.length &&
    right.files.every(({ file, text }) => texts.get(file) === text)
  );
}

interface JudgedTree {
  findings: readonly GateFinding[];
  suppressed: number;
  unread: readonly string[];
  /** Name and text; those of another repository with its name before them. */
  files: readonly (readonly [string, string])[];
}

function judgeTree(
  tree: DefinitionTree,
  scan: RepositoryScan,
  { accepted, reference }: ReturnType<typeof acceptedFor>,
  { asOfMs, rules }: { asOfMs: number; rules: readonly Rule[] },
): JudgedTree {
  const concerned = findConcerned(scan.repository, tree.file);
  // Rules that the default branch sets up in its own way find more: `forbidden-action` with a list, for one.
  const configured =
    accepted === undefined || accepted.rules === rules
      ? []
      : scanTree(tree, accepted.rules, asOfMs, []).findings.filter(isOnlyIn(scan));
  const found = [...scan.findings, ...configured].filter(
    (finding) => isAbout(finding, concerned) && !isStandIn(finding.locations[0].file, tree),
  );
  const place = { repository: tree.repository, commit: tree.commit };
  let suppressed = 0;
  const findings = found.flatMap((finding) => {
    const key = keyOf(finding);
    const stands = accepted?.severities.has(key) === true;
    const severity = stands ? accepted.severities.get(key) : finding.severity;
    if (severity === undefined) suppressed += 1;
    if (severity === undefined) return [];
    const isNew = reference === undefined ? undefined : !reference.keys.has(key);
    return [gateFindingOf({ ...finding, severity }, { ...place, isNew })];
  });
  return { findings, suppressed, unread: unreadOf(tree, scan, concerned), files: textsOf(tree, concerned) };
}

function isOnlyIn(plain: RepositoryScan): (finding: Finding) => boolean {
  const known = new Set(plain.findings.map(keyOf));
  return (finding) => !known.has(keyOf(finding));
}

/** What another repository lets stand counts only where every commit's own word does. */
function judgeCallee(callee: DefinitionTree, task: InspectionTask, rules: readonly Rule[]): JudgedTree {
  const { asOfMs, suppressions } = task;
  const scan = scanTree(callee, rules, asOfMs, [neighbourOf(task.pipeline)]);
  const accepted = suppressions === 'all' ? findAccepted(callee, scan, rules, asOfMs) : undefined;
  const judged = judgeTree(callee, scan, { accepted, reference: undefined }, { asOfMs, rules });
  const address = callee.repository.toLowerCase();
  return { ...judged, files: judged.files.map(([name, text]) => [`${address}/${name}`, text] as const) };
}

function unreadOf(tree: DefinitionTree, scan: RepositoryScan, concerned: ReadonlySet<string>): string[] {
  const unread = tree.unread.map((file) => `${file} of ${tree.repository} (too large, or one too many)`);
  const broken = scan.problems.filter(({ file, partial }) => !partial && concerned.has(file));
  return [...unread, ...broken.map(describeProblem)];
}

function describeProblem({ file, line, message }: ScanProblem): string {
  return `${file}:${line}: ${message}`;
}

function textsOf(tree: DefinitionTree, concerned: ReadonlySet<string>): (readonly [string, string])[] {
  return tree.files
    .filter(({ file }) => concerned.has(file) && !isStandIn(file, tree))
    .map(({ file, text }) => [file, text] as const);
}

/** A test that stops nothing is none; what is made for others to check is there when it is made. */
function testsIn({ repository }: RepositoryScan): string[] {
  const effective = securityTestsOf(repository).filter(
    ({ ignoredBecause, kinds }) =>
      ignoredBecause === undefined || kinds.some((kind) => ['SBOM', 'signing', 'provenance'].includes(kind)),
  );
  return [...new Set(effective.flatMap(({ kinds }) => kinds))].sort();
}
