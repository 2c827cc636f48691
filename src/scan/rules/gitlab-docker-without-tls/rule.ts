import type { GitlabJob } from '#pipeline/gitlab/model.ts';
import type { Text } from '#pipeline/text.ts';
import type { Rule } from '../../rule.ts';
import { distinctPlaces, gitlabJobs } from '../../shared/gitlab-configurations.ts';

function hasDockerService(job: GitlabJob): boolean {
  return job.services.some(({ text }) => /(?:^|\/)docker:(?:[\w.-]*-)?dind\b/.test(text.value));
}

function valueOf(job: GitlabJob, name: string): Text | undefined {
  return job.env.find((variable) => variable.name === name)?.value;
}

/** Where TLS is switched off: no folder for certificates, or the port without it. */
function findPlainDocker(job: GitlabJob): Text | undefined {
  const [folder, host] = [valueOf(job, 'DOCKER_TLS_CERTDIR'), valueOf(job, 'DOCKER_HOST')];
  if (folder?.value.trim() === '') return folder;
  return host !== undefined && /:2375\b/.test(host.value) ? host : undefined;
}

export const rule: Rule = {
  id: 'gitlab-docker-without-tls',
  title: 'A privileged Docker daemon listens without TLS',
  severity: 'low',
  confidence: 'high',
  persona: 'pedantic',
  platforms: ['gitlab'],
  standards: { cicdSec: ['CICD-SEC-7'], cwe: ['CWE-306', 'CWE-319'], cis: ['2.1.3'] },
  description:
    'Looks for jobs with a `docker:dind` service whose variables switch TLS off (`DOCKER_TLS_CERTDIR: ""`, port 2375).',
  why: 'The daemon runs in a privileged container. Without certificates whatever reaches its port, such as another job or service on the same network, controls it and with it the machine.',
  remedy:
    'Set `DOCKER_TLS_CERTDIR: "/certs"` and `DOCKER_HOST: tcp://docker:2376`; better, build without a daemon (BuildKit rootless, Buildah).',
  references: ['https://docs.gitlab.com/ci/docker/using_docker_build/#use-docker-in-docker'],
  aliases: [],

  repository(repository, context) {
    const found = gitlabJobs(repository)
      .filter(hasDockerService)
      .flatMap((job) => {
        const text = findPlainDocker(job);
        return text === undefined ? [] : [{ job, text }];
      });
    for (const { job, text } of distinctPlaces(found, (each) => ({
      source: each.text.source,
      span: each.text.node,
    }))) {
      context.reportIn(text.source, {
        at: text.node,
        message: `the Docker daemon of "${job.id}" listens without TLS`.slice(0, 190),
        key: job.id,
      });
    }
  },
};
