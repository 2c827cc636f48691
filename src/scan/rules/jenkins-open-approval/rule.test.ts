import { expect, it } from 'vitest';
import { briefly, findingsOf } from '../../testing/scan-text.ts';

const check = (body: string) => briefly(findingsOf('jenkins-open-approval', `# --- Jenkinsfile\n${body}\n`));

const DEPLOY =
  "withCredentials([file(credentialsId: 'k', variable: 'KUBECONFIG')]) { sh 'kubectl apply -f .' }";

it.each([
  [
    'a question in front of a deployment',
    `node('a') {\nstage('Deploy') {\ninput 'Deploy?'\n${DEPLOY}\n}\n}`,
    ['3 medium regular'],
  ],
  [
    'a question in a stage before it',
    `stage('Approve') {\ninput message: 'Go on?'\nsh 'true'\n}\nnode('a') { stage('Release') { ${DEPLOY} } }`,
    ['2 medium regular'],
  ],
  [
    'a question that guards nothing',
    "node('a') {\nstage('Test') {\ninput 'Go on?'\nsh 'make'\n}\n}",
    ['3 low pedantic'],
  ],
])('judges %s', (_name, body, expected) => {
  expect(check(body)).toEqual(expected);
});

it('is silent when somebody is named', () => {
  expect(
    check(`node('a') { stage('Deploy') {\ninput message: 'Go on?', submitter: 'ops'\n${DEPLOY} } }`),
  ).toEqual([]);
  expect(
    check(`node('a') { stage('Deploy') {\ninput(message: 'Go on?', submitter: "\${ops}")\n${DEPLOY} } }`),
  ).toEqual([]);
});

it('lets stand what a comment of Groovy covers', () => {
  const comment = '// vouchgate: ignore[jenkins-open-approval] the group is set in the folder';
  for (const line of [`${comment}\ninput 'Go on?'`, `input 'Go on?' ${comment}`]) {
    const text = `# --- Jenkinsfile\nnode('a') { stage('Deploy') {\n${line}\n${DEPLOY} } }\n`;
    const found = findingsOf('jenkins-open-approval', text);
    expect(found.map(({ suppression }) => suppression?.kind)).toEqual(['inline']);
  }
});
