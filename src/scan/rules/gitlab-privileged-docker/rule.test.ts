import { expect, it } from 'vitest';
import { briefly, findingsOf } from '../../testing/scan-text.ts';

const check = (job: string) =>
  briefly(findingsOf('gitlab-privileged-docker', `# --- .gitlab-ci.yml\na:\n${job}`));

it.each([
  ['  variables: { DOCKER_HOST: "unix:///var/run/docker.sock" }\n  script: [x]\n', ['2 medium pedantic']],
  ['  script: ["docker run -v /var/run/docker.sock:/var/run/docker.sock x"]\n', ['2 medium pedantic']],
  ['  services: ["docker:28-dind"]\n  script: [x]\n', ['2 low auditor']],
  ['  services: ["docker:28-dind-rootless"]\n  script: [x]\n', []],
  ['  variables: { DOCKER_HOST: "tcp://docker:2376" }\n  script: [x]\n', []],
])('judges %j', (job, expected) => {
  expect(check(job)).toEqual(expected);
});
