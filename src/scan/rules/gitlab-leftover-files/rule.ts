import type { GitlabJob } from '#pipeline/gitlab/model.ts';
import type { Text } from '#pipeline/text.ts';
import type { Rule } from '../../rule.ts';
import { distinctPlaces, gitlabJobs, hasAuthority } from '../../shared/gitlab-configurations.ts';

interface Setting {
  readonly name: string;
  readonly text: Text;
}

/** What keeps files of earlier jobs in the folder that this one starts in. */
function findSetting({ env }: GitlabJob): Setting | undefined {
  for (const { name, value } of env) {
    const keeps =
      (name === 'GIT_STRATEGY' || name === 'GIT_CLEAN_FLAGS') && value?.value.trim().toLowerCase() === 'none';
    if (keeps) return { name, text: value };
  }
  return undefined;
}

/** A command that is a file of the folder itself. */
function runsLocalFile(job: GitlabJob): boolean {
  return job.steps.some(
    ({ work }) =>
      work.kind === 'script' &&
      /(?:^|[\s;&|])(?:\.\/[\w.-]|(?:ba|z|da)?sh [\w.-]|make\b|npm (?:run|ci)\b|yarn\b|python3? [\w.-]+\.py\b)/.test(
        work.text.value.slice(0, 20_000),
      ),
  );
}

export const rule: Rule = {
  id: 'gitlab-leftover-files',
  title: 'A trusted job starts among files of other jobs',
  severity: 'low',
  confidence: 'medium',
  persona: 'pedantic',
  platforms: ['gitlab'],
  standards: { cicdSec: ['CICD-SEC-4', 'CICD-SEC-7'], cwe: ['CWE-459', 'CWE-427'], cis: ['2.1.1'] },
  description:
    'Looks for `GIT_STRATEGY: none` and `GIT_CLEAN_FLAGS: none` in jobs with identity tokens, secrets or an environment. Worse when they run files of the folder.',
  why: 'A runner that serves several jobs keeps its folder. Without a checkout and without cleaning, the job works with what the last job there left, which may have been that of a merge request.',
  remedy: 'Use `GIT_STRATEGY: empty`, which empties the folder first; artifacts still come in.',
  references: [
    'https://docs.gitlab.com/ci/runners/configure_runners/#git-strategy',
    'https://docs.gitlab.com/runner/security/',
  ],
  aliases: [],

  repository(repository, context) {
    const found = gitlabJobs(repository)
      .filter((job) => !job.hidden && hasAuthority(job))
      .flatMap((job) => {
        const setting = findSetting(job);
        return setting === undefined
          ? []
          : [{ job, ...setting, source: setting.text.source, span: setting.text.node }];
      });
    const ordered = found.toSorted(
      (left, right) => Number(runsLocalFile(right.job)) - Number(runsLocalFile(left.job)),
    );
    for (const { job, name, source, span } of distinctPlaces(ordered, (each) => each)) {
      const runs = runsLocalFile(job);
      context.reportIn(source, {
        at: span,
        message: runs
          ? `"${job.id.slice(0, 60)}" runs files that an earlier job may have left (${name})`
          : `"${job.id.slice(0, 60)}" starts among files that an earlier job may have left (${name})`,
        severity: runs ? 'medium' : 'low',
        persona: runs ? 'pedantic' : 'auditor',
        key: name,
      });
    }
  },
};
