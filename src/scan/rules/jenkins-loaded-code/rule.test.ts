import { expect, it } from 'vitest';
import { briefly, findingsOf } from '../../testing/scan-text.ts';

const check = (body: string) => briefly(findingsOf('jenkins-loaded-code', `# --- Jenkinsfile\n${body}\n`));

it('sees Groovy of the checkout in builds of pull requests', () => {
  expect(check("node('a') {\ncheckout scm\nload 'ci/a.groovy'\n}")).toEqual(['3 high pedantic']);
  expect(check("node('a') {\ncheckout scm\ndef x = load('ci/a.groovy')\n}")).toEqual(['3 high pedantic']);
  expect(check("node('a') {\ncheckout scm\nevaluate readFile('a.groovy')\n}")).toEqual(['3 high pedantic']);
});

it.each([
  ['branches only', "if (env.CHANGE_ID == null) { load 'ci/a.groovy' }"],
  ['the main branch only', "if (env.BRANCH_NAME == 'main') { load 'ci/a.groovy' }"],
  ['nothing loaded', "def x = readTrusted('a.yml')"],
])('is silent about %s', (_name, body) => {
  expect(check(`node('a') {\ncheckout scm\n${body}\nsh 'make'\n}`)).toEqual([]);
});

it('is silent where no pull requests are built', () => {
  const parameters = "properties([parameters([string(name: 'A')])])";
  expect(check(`${parameters}\nnode('a') { load 'ci/a.groovy' }`)).toEqual([]);
});
