import type { GitlabJob } from '#pipeline/gitlab/model.ts';
import type { Repository } from '#pipeline/repository.ts';
import type { SourceText, Span } from '#pipeline/source.ts';
import type { RepositoryContext } from '../../rule.ts';
import { gitlabScriptLines, gitlabVariables, nameJobs } from '../../shared/gitlab-configurations.ts';
import { shellLinesOf } from '../../shared/shell-lines.ts';
import { type Cloud, findCloud } from './clouds.ts';

interface Use {
  readonly cloud: Cloud;
  readonly name: string;
  readonly source: SourceText;
  readonly span: Span;
  readonly jobs: readonly GitlabJob[];
}

const VARIABLE = /\$(?:(\w{1,100})|\{(\w{1,100})\})/g;
/** An address of its own: a store that only speaks like that of AWS, or a test double. */
const ELSEWHERE = /endpoint|minio|localstack|moto\b|wasabi|digitalocean|cloudflarestorage/i;
/** Set by GitLab for its own agents in clusters. */
const GIVEN = new Set(['KUBECONFIG']);
/** A token that the job itself was given a moment ago is not stored. */
const ISSUED = /\b(?:assume-role|sts\b|sign-in|vault\s+(?:read|write|kv|login)|auth\/jwt|vouchgate\s+run)/;

function findInScripts(repository: Repository): Use[] {
  const usesOtherStore = remember(speaksToOthers);
  return gitlabScriptLines(repository).flatMap(({ text, jobs }) => {
    if (ISSUED.test(text.value)) return [];
    return shellLinesOf(text).flatMap((line) =>
      [...line.code.matchAll(VARIABLE)].flatMap((match) => {
        const name = match[1] ?? match[2] ?? '';
        const cloud = findCloud(name, name, undefined);
        if (
          cloud === undefined ||
          GIVEN.has(name) ||
          jobs.slice(0, JOBS_ASKED_MAX).some((job) => setsItself(job, name))
        )
          return [];
        if (cloud.name === 'AWS' && jobs.every(usesOtherStore)) return [];
        const span = line.locate(match.index, match.index + match[0].length);
        return [{ cloud, name, source: text.source, span, jobs }];
      }),
    );
  });
}

function speaksToOthers({ env, services, steps }: GitlabJob): boolean {
  return (
    services.some(({ text }) => ELSEWHERE.test(text.value)) ||
    env.some(({ name, value }) => ELSEWHERE.test(name) || ELSEWHERE.test(value?.value ?? '')) ||
    steps.some(({ work }) => work.kind === 'script' && ELSEWHERE.test(work.text.value))
  );
}

/** Lines of one job are many, and each asks the same of it. */
function remember(ask: (job: GitlabJob) => boolean): (job: GitlabJob) => boolean {
  const known = new Map<GitlabJob, boolean>();
  return (job) => {
    const answer = known.get(job) ?? ask(job);
    known.set(job, answer);
    return answer;
  };
}

/** Jobs of a shared line say the same; some of them are enough. */
const JOBS_ASKED_MAX = 20;

function setsItself(job: GitlabJob, name: string): boolean {
  const issued = [...job.secrets, ...job.identityTokens].some((each) => each.name === name);
  return (
    issued || job.steps.some(({ work }) => work.kind === 'script' && work.text.value.includes(`${name}=$(`))
  );
}

/** `AWS_SECRET_ACCESS_KEY: $PRODUCTION_KEY`. */
function findInVariables(repository: Repository): Use[] {
  return gitlabVariables(repository).flatMap(({ name, value, job }) => {
    const cloud = /^\$\{?\w+\}?$/.test(value.value)
      ? findCloud(name, value.value.slice(1), undefined)
      : undefined;
    if (cloud === undefined) return [];
    return [{ cloud, name, source: value.source, span: value.node, jobs: job === undefined ? [] : [job] }];
  });
}

/** Stored keys in pipelines of GitLab: one finding for each cloud and file, since they go away together. */
export function reportInGitlab(repository: Repository, context: RepositoryContext): void {
  const uses = [...findInVariables(repository), ...findInScripts(repository)];
  const groups = Map.groupBy(uses, ({ cloud, source }) => `${cloud.name} ${source.file}`);
  for (const [first, ...others] of groups.values()) {
    if (first === undefined) continue;
    const { cloud, name, source, span, jobs } = first;
    const where = jobs.length === 0 ? 'this pipeline' : nameJobs(jobs).slice(0, 70);
    context.reportIn(source, {
      at: span,
      message: `${where} uses a long-lived credential of ${cloud.name} (${name.slice(0, 60)})`,
      remedy: `Instead of the stored key, let ${cloud.name} accept an identity token of the job, \`id_tokens: { TOKEN: { aud: … } }\`, for this project and protected branches only. \`vouchgate inspect federation\` writes both sides; \`vouchgate run\` does the same where a policy allows it.`,
      related: others.slice(0, 5).map((each) => ({ at: each.span, source: each.source, label: 'and here' })),
      key: cloud.name,
    });
  }
}
