import type { GitlabJob } from '#pipeline/gitlab/model.ts';
import type { Text } from '#pipeline/text.ts';
import type { Rule } from '../../rule.ts';
import { distinctPlaces, gitlabJobs } from '../../shared/gitlab-configurations.ts';
import { judgeMergeRequestRun } from '../../shared/gitlab-merge-requests.ts';

interface Use {
  readonly text: Text;
  readonly kind: 'socket' | 'daemon';
}

function findUses(job: GitlabJob): Use[] {
  const sockets = job.env.flatMap(({ name, value }) =>
    name === 'DOCKER_HOST' && value?.value.includes('/docker.sock') === true ? [value] : [],
  );
  const mounts = job.steps.flatMap(({ work }) =>
    work.kind === 'script' &&
    /(?:-v|--volume|--mount)[= ]\S{0,80}\/docker\.sock/.test(work.text.value.slice(0, 50_000))
      ? [work.text]
      : [],
  );
  const daemons = job.services.flatMap(({ text }) =>
    /(?:^|\/)docker:(?:[\w.-]*-)?dind\b(?!-rootless)/.test(text.value) ? [text] : [],
  );
  return [
    ...[...sockets, ...mounts].map((text) => ({ text, kind: 'socket' as const })),
    ...daemons.map((text) => ({ text, kind: 'daemon' as const })),
  ];
}

export const rule: Rule = {
  id: 'gitlab-privileged-docker',
  title: 'A job needs a machine that it can take over',
  severity: 'medium',
  confidence: 'medium',
  persona: 'pedantic',
  platforms: ['gitlab'],
  standards: { cicdSec: ['CICD-SEC-7', 'CICD-SEC-5'], cwe: ['CWE-250', 'CWE-269'], cis: ['2.1.3'] },
  description:
    'Looks for jobs that use the Docker socket of the machine, and for `docker:dind` services, which only run on privileged runners.',
  why: 'Whoever reaches the socket, or is in a privileged container, is root on the machine: all jobs that run there afterwards, with their variables and tokens, are theirs. On a branch or in a merge request that is anybody who may push.',
  remedy:
    'Build images without a daemon (`buildah`, BuildKit rootless), or give these jobs runners of their own that live for one job.',
  references: [
    'https://docs.gitlab.com/runner/security/',
    'https://docs.gitlab.com/ci/docker/using_docker_build/',
  ],
  aliases: [],

  repository(repository, context) {
    const found = gitlabJobs(repository)
      .filter(({ hidden }) => !hidden)
      .flatMap((job) =>
        findUses(job).map((use) => ({ job, ...use, source: use.text.source, span: use.text.node })),
      );
    for (const { job, kind, text, source, span } of distinctPlaces(found, (each) => each)) {
      const id = job.id.slice(0, 60);
      const { runs, named } = judgeMergeRequestRun(job);
      const open = runs && named ? ', for merge requests, too' : '';
      const socket = kind === 'socket';
      context.reportIn(source, {
        at: span,
        message: socket
          ? `"${id}" controls the machine by its Docker socket${open}`
          : `"${id}" runs beside a privileged Docker daemon${open}`,
        severity: socket ? 'medium' : 'low',
        persona: socket ? 'pedantic' : 'auditor',
        key: `${job.id} ${kind} ${text.value.slice(0, 80)}`,
      });
    }
  },
};
