import { type GitlabJob, isGitlabPipeline } from '#pipeline/gitlab/model.ts';
import type { Repository } from '#pipeline/repository.ts';
import { surfaceOf } from '../../../shared/job-surface.ts';
import {
  CONDITION_CHARS_MAX,
  type EventRow,
  type JudgedGuard,
  NAME_CHARS_MAX,
  type Passage,
  shorten,
  worstPassage,
} from '../judged-guard.ts';
import { clausesOf, nodesOf, writeGuard } from './conditions.ts';
import { judgeOccasions } from './evaluate.ts';
import { Patterns } from './plain-patterns.ts';
import { reasonsFor } from './reasons.ts';
import { Occasions } from './starts.ts';

const MERGED = 'default branch';
/** More conditions before one job are nobody’s to follow. */
const CLAUSES_MAX = 200;

/** Secrets, tokens and the place that it deploys to; undefined for a job that has nothing to take. */
function describeAuthority(job: GitlabJob, repository: Repository): string | undefined {
  const { credentials, deploysTo } = surfaceOf(job, repository);
  const names = credentials.map(({ name }) => name.slice(0, NAME_CHARS_MAX));
  const held = names.length > 2 ? `${names.length} credentials` : names.join(', ');
  const words = [
    ...(held === '' ? [] : [held]),
    ...(deploysTo === undefined ? [] : [`deploys to ${deploysTo.environment.slice(0, NAME_CHARS_MAX)}`]),
  ];
  return words.length === 0 ? undefined : words.join(' and ');
}

function isGuarded({ rules, when, environment, pipeline }: GitlabJob): boolean {
  return (
    rules.kind !== 'none' ||
    pipeline.rules.kind !== 'none' ||
    environment !== undefined ||
    (when !== undefined && when !== 'on_success' && when !== 'always')
  );
}

const OPEN: EventRow = {
  event: 'any',
  passages: { outsider: 'maybe', developer: 'maybe', maintainer: 'maybe' },
};

/** Pipelines of forks run in the fork, with nothing of the project, until a member starts one in it. */
function waiting(passage: Passage): Passage {
  return passage === 'no' ? 'no' : 'waits';
}

function judgeRows(job: GitlabJob, patterns: Patterns): readonly EventRow[] {
  if (clausesOf(job).length > CLAUSES_MAX) return [OPEN];
  const occasions = new Occasions(job);
  const { defaultBranch } = occasions;
  // Somebody may have protected it, and an environment says no more than that.
  const settle = (passage: Passage): Passage =>
    passage === 'yes' && job.environment !== undefined ? 'maybe' : passage;
  const judge = (all: Parameters<typeof judgeOccasions>[1]) => settle(judgeOccasions(job, all, patterns));
  const row = (event: string, outsider: Passage, developer: Passage, maintainer: Passage): EventRow => ({
    event,
    passages: { outsider, developer, maintainer },
  });
  const fork = judge(occasions.requests('fork'));
  const request = judge(occasions.requests('own'));
  const branch = judge(occasions.branches('push', ['pushes']));
  const merged = judge([occasions.push(defaultBranch, 'push', ['pushes'])]);
  const tag = judge(occasions.tags());
  const schedule = judge(occasions.branches('schedule', ['schedules']));
  const timed = judge([occasions.push(defaultBranch, 'schedule', ['schedules'])]);
  const byHand = judge(
    ['some-branch', ...occasions.namedBranches].flatMap((each) => [
      ...occasions.byHand(each),
      ...occasions.others(each),
    ]),
  );
  const onDefault = judge([...occasions.byHand(defaultBranch), ...occasions.others(defaultBranch)]);
  return [
    row('merge request of a fork', waiting(fork), fork, fork),
    row('merge request', 'no', request, request),
    row('branch', 'no', branch, branch),
    row(MERGED, 'no', waiting(merged), merged),
    row('tag', 'no', tag, tag),
    row('schedule', 'no', schedule, worstPassage([schedule, timed])),
    row('by hand, API or others', 'no', byHand, worstPassage([byHand, onDefault])),
  ];
}

/** Judges once what many jobs have in common. */
class Judge {
  readonly #patterns = new Patterns();
  readonly #rows = new Map<string, readonly EventRow[]>();

  rowsOf(job: GitlabJob, guard: string): readonly EventRow[] {
    const asked = new Set(
      nodesOf(clausesOf(job)).flatMap((node) => (node.kind === 'context' ? [node.name] : [])),
    );
    const values = [...job.env, ...job.pipeline.env]
      .filter(({ name }) => asked.has(name))
      .map(({ name, value }) => [name, value?.value]);
    const key = JSON.stringify([job.pipeline.file, guard, job.environment !== undefined, values]);
    const rows = this.#rows.get(key) ?? judgeRows(job, this.#patterns);
    this.#rows.set(key, rows);
    return rows;
  }
}

function judgeJob(job: GitlabJob, authority: string, prefix: string, judge: Judge): JudgedGuard {
  const guard = writeGuard(job);
  const rows = judge.rowsOf(job, guard);
  const { source, span } = job.place;
  return {
    subject: `the job ${job.id.slice(0, NAME_CHARS_MAX)}`,
    place: `${prefix}${source.file}:${source.position(span.start).line}`,
    condition: shorten(guard.replaceAll(/\s+/g, ' '), CONDITION_CHARS_MAX),
    environment: job.environment?.name.value.slice(0, NAME_CHARS_MAX),
    authority,
    against: 'developers',
    verdict: worstPassage(rows.flatMap(({ passages }) => passages['developer'] ?? [])),
    // A row in which nobody gets through says nothing.
    rows: rows.filter(({ passages }) => Object.values(passages).some((each) => each !== 'no')),
    reasons: reasonsFor(job),
  };
}

/** Rules before each job of GitLab that holds or deploys something, and whether they stop what nobody has reviewed. */
export function judgeGitlabGuards(repository: Repository, prefix: string): JudgedGuard[] {
  const jobs = repository.pipelines
    .filter(isGitlabPipeline)
    .flatMap((pipeline) => pipeline.jobs.filter(({ hidden }) => !hidden));
  const judge = new Judge();
  return jobs.filter(isGuarded).flatMap((job) => {
    const authority = describeAuthority(job, repository);
    return authority === undefined ? [] : [judgeJob(job, authority, prefix, judge)];
  });
}
