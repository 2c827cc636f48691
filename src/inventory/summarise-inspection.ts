import type { ExploitComplexity } from '#findings/attack.ts';
import { severities, type Severity } from '#findings/severity.ts';
import type {
  AttackPath,
  InspectedPipeline,
  InspectedRepository,
  SeverityCounts,
} from './inspected-repository.ts';
import type { InspectionPoint, InventoryRecord, PipelineSummary, RepositorySummary } from './ports.ts';

/** Ranks are a severity, then how much there is of what it says; each part has room for this many. */
const ROOM = 1_000;
const EASE: Readonly<Record<ExploitComplexity, number>> = { low: 2, medium: 1, high: 0 };

interface Rated {
  readonly severity: Severity;
}

export function countSeverities(found: readonly Rated[]): SeverityCounts {
  const counts: Record<Severity, number> = { info: 0, low: 0, medium: 0, high: 0, critical: 0 };
  for (const { severity } of found) counts[severity] += 1;
  return counts;
}

const worstOf = (counts: SeverityCounts): Severity | undefined =>
  severities.findLast((severity) => counts[severity] > 0);

const rankOf = (severity: Severity | undefined): number =>
  severity === undefined ? 0 : severities.indexOf(severity) + 1;

const bounded = (count: number): number => Math.min(count, ROOM - 1);

function rankCounts(counts: SeverityCounts, attacks: number): number {
  const worst = worstOf(counts);
  const ofWorst = worst === undefined ? 0 : counts[worst];
  return (rankOf(worst) * ROOM + bounded(attacks)) * ROOM + bounded(ofWorst);
}

function rankAttack({ severity, complexity, reaches }: AttackPath): number {
  return (rankOf(severity) * 10 + EASE[complexity]) * ROOM + bounded(reaches.length);
}

const standing = ({ findings }: InspectedPipeline): InspectedPipeline['findings'] =>
  findings.filter(({ accepted }) => accepted === undefined);

function summarisePipeline(
  pipeline: InspectedPipeline,
  { attackPaths, credentials }: InspectedRepository,
  { repository, atMs }: InspectionPoint,
): PipelineSummary {
  const { file, name, platform, kind, triggers, jobs } = pipeline;
  const findings = countSeverities(standing(pipeline));
  return {
    repository,
    file,
    name,
    platform,
    kind,
    events: [...new Set(triggers.map(({ event }) => event))],
    outsiders: triggers.some(({ outsiders, authority }) => outsiders && authority === 'full'),
    jobs: jobs.length,
    findings,
    worst: worstOf(findings),
    attackPaths: attackPaths.filter(({ pipelines }) => pipelines.includes(file)).length,
    staticCredentials: credentials.filter((each) => each.pipeline === file).length,
    inspectedAtMs: atMs,
  };
}

function summariseRepository(point: InspectionPoint, inspected: InspectedRepository): RepositorySummary {
  const { pipelines, findings, attackPaths, credentials } = inspected;
  return {
    ...point,
    platforms: [...new Set(pipelines.map(({ platform }) => platform))].sort(),
    pipelines: pipelines.length,
    findings,
    worst: worstOf(findings),
    attackPaths: attackPaths.length,
    staticCredentials: credentials.length,
  };
}

/** What is kept of an inspection, with the figures by which lists are sorted and filtered. */
export function summariseInspection(point: InspectionPoint, inspected: InspectedRepository): InventoryRecord {
  const { attackPaths, credentials, coverage, thirdParties, problems, files } = inspected;
  const repository = summariseRepository(point, inspected);
  const platforms = new Map(inspected.pipelines.map(({ file, platform }) => [file, platform]));
  const platformOf = (file: string): string => platforms.get(file) ?? '';
  const pipelines = inspected.pipelines.map((pipeline) => {
    const summary = summarisePipeline(pipeline, inspected, point);
    return { rank: rankCounts(summary.findings, summary.attackPaths), summary, inspected: pipeline };
  });
  const isReplaceable = ({ direct, brokered }: (typeof credentials)[number]): boolean =>
    direct.patch !== undefined || brokered.patch !== undefined;
  return {
    repository,
    rank: rankCounts(repository.findings, repository.attackPaths),
    openPipelines: pipelines.filter(({ summary }) => summary.outsiders).length,
    attackedPipelines: pipelines.filter(({ summary }) => summary.attackPaths > 0).length,
    replaceableCredentials: credentials.filter(isReplaceable).length,
    pipelines,
    attackPaths: attackPaths.map((attack) => ({
      rank: rankAttack(attack),
      platform: platformOf(attack.pipeline),
      attack,
    })),
    credentials: credentials.map((credential) => ({
      platform: platformOf(credential.pipeline),
      credential,
    })),
    coverage,
    thirdParties,
    problems,
    files,
  };
}
