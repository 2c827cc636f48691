import { expect, it } from 'vitest';
import { findingsOf } from '../../testing/scan-text.ts';

const linesOf = (steps: string) =>
  findingsOf('jenkins-interpolated-credential', `# --- Jenkinsfile\nnode('linux') {\n${steps}\n}\n`).map(
    ({ locations: [{ start }] }) => start.line,
  );

const within = (command: string, binding = "string(credentialsId: 'npm', variable: 'TOKEN')") =>
  linesOf(`withCredentials([${binding}]) {\n${command}\n}`);

it.each([
  ['braces', 'sh "npm publish --token ${TOKEN}"'],
  ['a bare dollar', 'sh "npm publish --token $TOKEN"'],
  ['the environment', 'sh "npm publish --token ${env.TOKEN}"'],
  ['a named argument', 'sh(script: "npm publish --token ${TOKEN}", returnStdout: true)'],
  ['several lines', 'sh """npm publish --token ${TOKEN}"""'],
  ['two strings', "sh 'npm publish --token ' + TOKEN"],
  ['Windows', 'bat "npm publish --token ${TOKEN}"'],
])('sees %s', (_name, command) => {
  expect(within(command)).toEqual([3]);
});

it.each([
  ['single quotes', "sh 'npm publish --token $TOKEN'"],
  ['an escaped dollar', 'sh "npm publish --token \\$TOKEN"'],
  ['another variable', 'sh "npm publish --tag ${TAG}"'],
  ['a message that is no command', 'echo "published with ${TAG}"'],
])('is silent about %s', (_name, command) => {
  expect(within(command)).toEqual([]);
});

it('lets the name of a user and the path of a file stand', () => {
  const binding =
    "usernamePassword(credentialsId: 'x', usernameVariable: 'USER_NAME', passwordVariable: 'P')";
  expect(within('sh "login ${USER_NAME}"', binding)).toEqual([]);
  expect(within('sh "gpg --import ${KEY}"', "file(credentialsId: 'gpg', variable: 'KEY')")).toEqual([]);
});

it('ends with the block', () => {
  const block = "withCredentials([string(credentialsId: 'npm', variable: 'TOKEN')]) {\nsh 'make'\n}";
  expect(linesOf(`${block}\nsh "echo \${TOKEN}"`)).toEqual([]);
});

it('knows both variables of credentials() in an environment', () => {
  const pipeline = (command: string) =>
    findingsOf(
      'jenkins-interpolated-credential',
      `# --- Jenkinsfile\npipeline {\nagent none\nenvironment { AUTH = credentials('x') }\nstages { stage('a') { steps { ${command} } } }\n}\n`,
    ).length;
  expect(pipeline('sh "login ${AUTH_PSW}"')).toBe(1);
  expect(pipeline('sh "login ${AUTH_USR}"')).toBe(0);
});
