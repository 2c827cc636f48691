import type { GitlabJob, GitlabPipeline } from '#pipeline/gitlab/model.ts';
import { mayRunInMergeRequest } from '#pipeline/gitlab/read-pipeline.ts';
import { defaultBranch, evaluateRules } from '#pipeline/gitlab/situation.ts';
import type { Trigger } from '#pipeline/trigger.ts';
import type { GraphBuilder } from './graph.ts';

/** Whether the rules let an event of a GitLab pipeline start a job. */
export function startsGitlabJob({ event }: Trigger, job: GitlabJob): boolean {
  if (job.hidden) return false;
  if (event === 'merge_request_event') return mayRunInMergeRequest(job);
  if (event !== 'push') return true;
  const { rules } = job.pipeline;
  if (evaluateRules(rules, defaultBranch, 'true') === 'false') return false;
  return evaluateRules(job.rules, defaultBranch, 'true') !== 'false';
}

function addIdentities(job: GitlabJob, id: string, graph: GraphBuilder): void {
  for (const { name, source, span, audiences } of job.identityTokens) {
    const place = graph.place(source, span);
    const [audience] = audiences;
    const label = audience === undefined ? name : `${name} for ${audience.value}`;
    const node = graph.node('identity', `${source.file}#${job.id}#${name}`, {
      label,
      trust: 'project',
      place,
    });
    graph.edge(id, 'holds', node, { place });
  }
  for (const { name, key } of job.secrets) {
    const node = graph.node('secret', name, { label: name, trust: 'project' });
    graph.edge(id, 'holds', node, { place: graph.place(job.place.source, key) });
  }
}

/** Protected and other branches have caches of their own, unless a job says that they share one. */
function addCaches(job: GitlabJob, id: string, graph: GraphBuilder): void {
  for (const { key, policy, source, span, unprotected } of job.caches) {
    if (unprotected === undefined) continue;
    const name = key?.value ?? 'default';
    const label = `${name}, shared with unprotected branches`;
    const node = graph.node('cache', `${job.pipeline.file}#${name}`, { label, trust: 'project' });
    const place = graph.place(source, span);
    if (policy !== 'pull') graph.edge(id, 'writes', node, { place });
    if (policy !== 'push') graph.edge(node, 'feeds', id, { place });
  }
}

/** What only GitLab has: identity tokens, secrets of a vault, caches across branches, the job token. */
export function addGitlabAuthority(job: GitlabJob, id: string, graph: GraphBuilder): void {
  addIdentities(job, id, graph);
  addCaches(job, id, graph);
  const label = 'job token';
  graph.edge(id, 'holds', graph.node('token', 'CI_JOB_TOKEN', { label, trust: 'project' }));
}

/** Configuration that other projects write: it says what runs, so whoever changes it decides. */
export function addIncludes(pipeline: GitlabPipeline, jobs: readonly string[], graph: GraphBuilder): void {
  for (const { kind, text, ref, pin, source, span } of pipeline.includes) {
    if (kind === 'local') continue;
    const version = ref === undefined ? '' : `@${ref.value}`;
    const detail = pin === 'none' ? { detail: 'newest' } : {};
    const label = `${text.value}${version}`;
    const node = graph.node('code', `include ${label}`, { label, trust: 'third-party', ...detail });
    for (const job of jobs) graph.edge(job, 'runs', node, { place: graph.place(source, span) });
  }
}
