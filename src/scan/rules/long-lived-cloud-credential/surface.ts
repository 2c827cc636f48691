import { assignedNames, mentionsOf } from '#pipeline/secret-variables.ts';
import type { Platform } from '#pipeline/model.ts';
import type { Repository } from '#pipeline/repository.ts';
import type { Place } from '#pipeline/surface.ts';
import type { RepositoryContext } from '../../rule.ts';
import {
  nameJobs,
  type SharedScript,
  sharedScripts,
  surfaceJobs,
  type SurfaceJob,
} from '../../shared/surface-jobs.ts';
import { type Cloud, findCloud } from './clouds.ts';

interface Use extends Place {
  readonly cloud: Cloud;
  readonly name: string;
  readonly jobs: readonly SurfaceJob[];
}

/** How a run proves who it is, in the words of each platform. */
const IDENTITIES: Readonly<Partial<Record<Platform, string>>> = {
  azure: 'a service connection with workload identity federation',
  circleci: 'the identity token of the job (`CIRCLE_OIDC_TOKEN_V2`)',
  bitbucket: 'the identity token of the step (`oidc: true`)',
  jenkins: 'an identity token of the build (plugin OpenID Connect Provider)',
  tekton: 'the service account of the pod (workload identity)',
  argo: 'the service account of the pod (workload identity)',
};

/** A token that the job itself was given a moment ago is not stored. */
const ISSUED =
  /\b(?:assume-role|assumeRole|sts\b|sign-in|vault\s+(?:read|write|kv|login)|auth\/jwt|OIDC|role[_-]arn)/i;
/** An address of its own: a store that only speaks like that of AWS, or a test double. */
const ELSEWHERE = /endpoint[-_]?url|minio|localstack|moto\b|wasabi|digitalocean|cloudflarestorage/i;
const SCRIPT_CHARACTERS_MAX = 200_000;

function usesIn({ script, jobs }: SharedScript): Use[] {
  const { text } = script;
  const value = text.value.slice(0, SCRIPT_CHARACTERS_MAX);
  if (ISSUED.test(value)) return [];
  const elsewhere = ELSEWHERE.test(value);
  const assigned = assignedNames(text);
  return mentionsOf(text).flatMap(({ name, start, end }) => {
    const cloud = assigned.has(name) ? undefined : findCloud(name, name, undefined);
    if (cloud === undefined || (elsewhere && cloud.name === 'AWS')) return [];
    return [{ cloud, name, source: text.source, span: text.span(start, end), jobs }];
  });
}

function usesOf(at: SurfaceJob): Use[] {
  const stored = at.surface.credentials.filter(({ kind }) => kind === 'secret');
  return stored.flatMap(({ name, source, span }) => {
    const cloud = findCloud(name, name, undefined);
    return cloud === undefined ? [] : [{ cloud, name, source, span, jobs: [at] }];
  });
}

/** Stored keys in the pipelines of the other platforms: one finding for each cloud and file. */
export function reportOnSurfaces(repository: Repository, context: RepositoryContext): void {
  const uses = [...surfaceJobs(repository).flatMap(usesOf), ...sharedScripts(repository).flatMap(usesIn)];
  const groups = Map.groupBy(uses, ({ cloud, source }) => `${cloud.name} ${source.file}`);
  for (const [first, ...others] of groups.values()) {
    if (first === undefined) continue;
    const { cloud, name, source, span, jobs } = first;
    const platform = jobs[0]?.job.pipeline.platform;
    const identity = platform === undefined ? undefined : IDENTITIES[platform];
    context.reportIn(source, {
      at: span,
      message: `${nameJobs(jobs).slice(0, 70)} uses a long-lived credential of ${cloud.name} (${name.slice(0, 60)})`,
      remedy: `${identity === undefined ? '' : `Let ${cloud.name} accept ${identity} for this project and its protected branch, and delete the stored key: \`vouchgate inspect federation\` writes both sides. `}\`vouchgate run\` issues a credential of minutes where a policy allows it.`,
      related: others
        .filter((other) => other.span.start !== span.start)
        .slice(0, 5)
        .map((each) => ({ at: each.span, source: each.source, label: 'and here' })),
      key: cloud.name,
    });
  }
}
