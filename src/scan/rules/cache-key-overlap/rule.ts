import { cacheUseOf, savesOnly } from '#pipeline/github/caches.ts';
import { evaluateGuard } from '#pipeline/guard.ts';
import type { ActionUse, Step } from '#pipeline/model.ts';
import { isOutsider, type Trigger } from '#pipeline/trigger.ts';
import type { Repository } from '#pipeline/repository.ts';
import type { Rule, RepositoryContext } from '../../rule.ts';
import { inputOf } from '../../shared/foreign-code.ts';
import { openTriggers, outsiderIn, powerfulScopesOf, secretsOf } from '../../shared/job-authority.ts';

/** A cache as a step names it. Actions that make up the key themselves share it with their like. */
interface CacheAt {
  readonly use: ActionUse;
  readonly step: Step;
  readonly key: string;
  /** Beginnings of other keys that will do. */
  readonly prefixes: readonly string[];
}

const squeeze = (text: string) => text.replace(/\s+/g, '');

function readCache(step: Step): (CacheAt & { readonly readsOnly: boolean }) | undefined {
  const cache = cacheUseOf(step);
  if (cache === undefined) return undefined;
  const { use, readsOnly } = cache;
  const { repository, path } = use.reference;
  if (repository !== 'actions/cache') {
    return { use, step, readsOnly, key: `${repository}/${path}`, prefixes: [] };
  }
  const prefixes = (inputOf(use, 'restore-keys') ?? '').split('\n').map(squeeze);
  return {
    use,
    step,
    readsOnly,
    key: squeeze(inputOf(use, 'key') ?? ''),
    prefixes: prefixes.filter((each) => each !== ''),
  };
}

/** By which event an outsider writes here into the cache of the default branch. */
function outsiderWrites(step: Step, context: RepositoryContext): Trigger | undefined {
  return openTriggers(step.job, context).find(
    ({ event, runs }) => runs === 'base' && evaluateGuard(step.guard, outsiderIn(event, context)) !== 'false',
  );
}

function overlaps(reader: CacheAt, writer: CacheAt): boolean {
  if (writer.key === '') return false;
  return reader.key === writer.key || reader.prefixes.some((prefix) => writer.key.startsWith(prefix));
}

function* cachesOf(repository: Repository): Generator<CacheAt & { readonly readsOnly: boolean }> {
  for (const { kind, jobs } of repository.pipelines) {
    if (kind !== 'workflow') continue;
    for (const step of jobs.flatMap((job) => job.steps)) {
      const cache = readCache(step);
      if (cache !== undefined) yield cache;
    }
  }
}

/** Started by members, and with something in reach that outsiders do not have. */
function isTrusted({ job }: Step): boolean {
  const { triggers } = job.pipeline;
  const members = triggers.some(({ firedBy }) => !isOutsider(firedBy) && firedBy !== 'caller');
  return members && secretsOf(job).length + powerfulScopesOf(job).length > 0;
}

function report(reader: CacheAt, writer: CacheAt, trigger: Trigger, context: RepositoryContext): void {
  const { pipeline } = reader.step.job;
  const from = writer.step.job.pipeline;
  // Servers of one's own get the change later, if at all.
  const closed = context.inForce('read-only-cache-for-untrusted');
  context.reportIn(pipeline.source, {
    at: reader.use.text.node,
    message: `the job ${reader.step.job.id} takes a cache that ${writer.step.job.id} in ${from.file} writes under ${trigger.event}`,
    severity: closed ? 'low' : 'high',
    persona: closed ? 'auditor' : 'regular',
    path: [
      { label: `${trigger.event}: anybody can cause it`, source: from.source, span: trigger.node },
      { label: 'writes the cache', source: from.source, span: writer.use.text.node },
      { label: 'takes it, with secrets', source: pipeline.source, span: reader.use.text.node },
    ],
    key: `${reader.step.job.id} ${reader.key}`,
  });
}

export const rule: Rule = {
  id: 'cache-key-overlap',
  title: 'A run of members takes a cache that outsiders write',
  severity: 'high',
  confidence: 'medium',
  persona: 'regular',
  platforms: ['github'],
  standards: { cicdSec: ['CICD-SEC-4', 'CICD-SEC-9'], cwe: ['CWE-349', 'CWE-668'], cis: ['2.4.2'] },
  description:
    'Looks across the workflows of a repository for caches that a run of an outsider writes on the default branch, and a run with secrets restores by the same key or one of its `restore-keys`. On github.com such runs can only read since June 2026; the finding is for auditors then.',
  why: 'A cache is unpacked over the workspace and the home folder. Whoever writes it in the run that everybody can start decides which programs the other one finds.',
  remedy:
    'Give runs that outsiders cause a key of their own, `key: untrusted-…`, or `actions/cache/restore` only, and leave out `restore-keys` that begin like it.',
  references: [
    'https://docs.github.com/en/actions/reference/workflows-and-actions/dependency-caching#restrictions-for-accessing-a-cache',
  ],
  incident: {
    name: 'Ultralytics',
    date: '2024-12',
    what: 'Code that ran under pull_request_target left a changed cache behind, and the workflow that publishes built from it.',
  },
  aliases: ['trajan/cache-prefix-overlap'],

  repository(repository, context) {
    const caches = [...cachesOf(repository)].slice(0, 500);
    const writers = caches.flatMap((cache) => {
      const trigger = cache.readsOnly ? undefined : outsiderWrites(cache.step, context);
      return trigger === undefined ? [] : [{ cache, trigger }];
    });
    for (const reader of caches) {
      if (writers.length === 0 || savesOnly(reader.use) || !isTrusted(reader.step)) continue;
      const found = writers.find(
        ({ cache }) => cache.step.job.pipeline !== reader.step.job.pipeline && overlaps(reader, cache),
      );
      if (found !== undefined) report(reader, found.cache, found.trigger, context);
    }
  },
};
