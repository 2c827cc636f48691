import { expect, it } from 'vitest';
import { briefly, findingsOf } from '../../testing/scan-text.ts';

const check = (services: string, variables: string) =>
  briefly(
    findingsOf(
      'gitlab-docker-without-tls',
      `# --- .gitlab-ci.yml\nvariables:\n  ${variables}\nservices: [${services}]\na:\n  script: [x]\nb:\n  script: [x]\n`,
    ),
  );

it.each([
  ["'docker:dind'", 'DOCKER_TLS_CERTDIR: ""', ['2 low pedantic']],
  ["{ name: 'registry.example/docker:28-dind' }", 'DOCKER_HOST: tcp://docker:2375', ['2 low pedantic']],
  ["'docker:dind'", 'DOCKER_HOST: tcp://docker:2376', []],
  ["'postgres:17'", 'DOCKER_TLS_CERTDIR: ""', []],
])('judges %s with %s, once for all jobs', (services, variables, expected) => {
  expect(check(services, variables)).toEqual(expected);
});
