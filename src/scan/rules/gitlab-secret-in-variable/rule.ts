import type { Rule } from '../../rule.ts';
import { distinctPlaces, gitlabJobs } from '../../shared/gitlab-configurations.ts';

export const rule: Rule = {
  id: 'gitlab-secret-in-variable',
  title: 'A secret of a vault becomes a variable of all programs',
  severity: 'low',
  confidence: 'high',
  persona: 'pedantic',
  platforms: ['gitlab'],
  standards: { cicdSec: ['CICD-SEC-6'], cwe: ['CWE-526', 'CWE-214'], cis: ['2.3.8'] },
  description: 'Looks for `secrets:` with `file: false`, which puts the value itself into the environment.',
  why: 'Every program that the job starts gets the environment, install scripts of dependencies too, and what prints it for debugging prints the secret. Without `file: false` the variable holds the path of a file.',
  remedy:
    'Remove `file: false`, and let the one command that needs the secret read the file: `tool --password-file "$PASSWORD"`.',
  references: ['https://docs.gitlab.com/ci/yaml/#secretsfile'],
  aliases: [],

  repository(repository, context) {
    const found = gitlabJobs(repository).flatMap((job) =>
      job.secrets.flatMap(({ name, file }) => (file?.value === 'false' ? [{ ...file, name, job }] : [])),
    );
    for (const { name, job, source, span } of distinctPlaces(found, (each) => each)) {
      context.reportIn(source, {
        at: span,
        message: `every program of "${job.id.slice(0, 60)}" gets the value of ${name.slice(0, 60)}`,
        key: `${job.id} ${name}`,
      });
    }
  },
};
