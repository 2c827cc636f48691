import type { AttackPath, FixPatch, Station } from '#api/attack-path.ts';
import type { AuthorityGraph } from '#api/authority-graph.ts';
import type {
  PipelinePlatform as Platform,
  PipelineSummary,
  Repository,
  RepositorySummary,
} from '#api/inventory.ts';
import type { Pipeline, PipelineFinding, PipelineJob } from '#api/pipeline.ts';
import type { StaticCredential } from '#api/static-credential.ts';
import { PipelinePlatform } from '#api/inventory.ts';
import type * as inspected from '#inventory/inspected-repository.ts';
import type * as ports from '#inventory/ports.ts';
import { momentOf } from '../views.ts';

/** Names that the inventory was given by the readers of pipelines; another one is a bug of ours. */
const platformOf = (name: string): Platform => PipelinePlatform.parse(name);

export function repositorySummary(summary: ports.RepositorySummary): RepositorySummary {
  const { pipelines, findings, attackPaths, staticCredentials } = summary;
  return {
    name: summary.repository,
    platforms: summary.platforms.map(platformOf),
    branch: summary.branch ?? null,
    commit: summary.commit,
    inspectedAt: momentOf(summary.atMs),
    inspectedBy: summary.by,
    worst: summary.worst ?? null,
    pipelines,
    findings,
    attackPaths,
    staticCredentials,
  };
}

export function repositoryView(detail: ports.RepositoryDetail): Repository {
  const { coverage, thirdParties, problems } = detail;
  return {
    ...repositorySummary(detail),
    tests: coverage.tests.map(({ kinds, moments, ignoredBecause, ...test }) => ({
      ...test,
      kinds: [...kinds],
      moments: [...moments],
      ignoredBecause: ignoredBecause ?? null,
    })),
    gaps: [...coverage.gaps],
    releases: [...coverage.releases],
    thirdParties: thirdParties.map((party) => ({
      ...party,
      versions: party.versions.map(({ version, pin }) => ({ version: version ?? null, pin })),
      places: [...party.places],
      credentials: [...party.credentials],
      writes: [...party.writes],
      marks: [...party.marks],
    })),
    problems: [...problems],
  };
}

export function pipelineSummary({ inspectedAtMs, ...summary }: ports.PipelineSummary): PipelineSummary {
  return {
    ...summary,
    platform: platformOf(summary.platform),
    events: [...summary.events],
    worst: summary.worst ?? null,
    inspectedAt: momentOf(inspectedAtMs),
  };
}

function fixView({ title, safety, patch }: inspected.FixPatch): FixPatch {
  return { title, safety, patch: patch ?? null };
}

function stationView({ excerpt, ...station }: inspected.Station): Station {
  return { ...station, excerpt: [...excerpt] };
}

export function attackView(attack: ports.RepositoryAttack): AttackPath {
  const { ruleId, pipelines, reaches, stations, changes, ...rest } = attack;
  return {
    ...rest,
    rule: ruleId,
    pipelines: [...pipelines],
    reaches: [...reaches],
    stations: stations.map(stationView),
    changes: changes.map(({ fix, ...change }) => ({
      ...change,
      fix: fix === undefined ? null : fixView(fix),
    })),
  };
}

function wayView({ patch, reason, files }: inspected.FederationWay, isAlone: boolean) {
  return { patch: patch ?? null, reason: reason ?? null, files: isAlone ? [...files] : [] };
}

/** `isAlone`: with what the other side has to be told, which would make a list long. */
export function credentialView(credential: ports.RepositoryCredential, isAlone: boolean): StaticCredential {
  const { secrets, warnings, direct, brokered, ...rest } = credential;
  return {
    ...rest,
    secrets: [...secrets],
    warnings: [...warnings],
    direct: wayView(direct, isAlone),
    brokered: wayView(brokered, isAlone),
  };
}

const permissionsView = ({ from, scopes }: inspected.PipelinePermissions) => ({ from, scopes: [...scopes] });

function jobView(job: inspected.PipelineJob): PipelineJob {
  return {
    ...job,
    name: job.name ?? null,
    needs: [...job.needs],
    runner: job.runner ?? null,
    hosting: job.hosting ?? null,
    environment: job.environment ?? null,
    permissions: permissionsView(job.permissions),
    calls: job.calls ?? null,
    condition: job.condition ?? null,
  };
}

function findingView({ ruleId, ...finding }: inspected.PipelineFinding): PipelineFinding {
  return {
    ...finding,
    rule: ruleId,
    otherPlaces: finding.otherPlaces.map(stationView),
    fixes: finding.fixes.map(fixView),
    attackPath: finding.attackPath ?? null,
    accepted: finding.accepted ?? null,
  };
}

function triggerView({ filters, ...trigger }: inspected.PipelineTrigger) {
  // Names of filters come out of files: as a list, none of them can be `__proto__`.
  return {
    ...trigger,
    filters: Object.entries(filters).map(([name, values]) => ({ name, values: [...values] })),
  };
}

export function pipelineView(detail: ports.PipelineDetail): Pipeline {
  const { point, file, name, kind, attackPaths, credentials } = detail;
  const { repository } = point;
  return {
    repository,
    file,
    name,
    platform: platformOf(detail.platform),
    kind,
    branch: point.branch ?? null,
    commit: point.commit,
    inspectedAt: momentOf(point.atMs),
    triggers: detail.triggers.map(triggerView),
    permissions: permissionsView(detail.permissions),
    jobs: detail.jobs.map(jobView),
    findings: detail.findings.map(findingView),
    attackPaths: attackPaths.map((attack) => attackView({ ...attack, repository })),
    staticCredentials: credentials.map((credential) => credentialView({ ...credential, repository }, false)),
    storedSecrets: [...detail.storedSecrets],
  };
}

export function authorityView({ nodes, edges, left }: inspected.Authority): AuthorityGraph {
  return {
    nodes: nodes.map((node) => ({
      ...node,
      attacked: node.attacked ?? null,
      detail: node.detail ?? null,
      file: node.file ?? null,
      line: node.line ?? null,
    })),
    edges: edges.map((edge) => ({ ...edge, file: edge.file ?? null, line: edge.line ?? null })),
    left,
  };
}
