import { expect, it } from 'vitest';
import { readDefinitions } from '../read-file.ts';
import { SourceText } from '../source.ts';
import { isJenkinsPipeline, type JenkinsJob, type JenkinsPipeline } from './model.ts';

function read(text: string, file = 'Jenkinsfile'): JenkinsPipeline {
  const [definition] = readDefinitions(new SourceText(file, text)).definitions;
  if (definition?.kind !== 'pipeline' || !isJenkinsPipeline(definition.pipeline))
    throw new Error('no pipeline');
  return definition.pipeline;
}

function jobOf(text: string): JenkinsJob {
  const [job] = read(text).jobs;
  if (job === undefined) throw new Error('no job');
  return job;
}

const stage = (body: string, before = '') =>
  `pipeline {\nagent any\n${before}\nstages {\nstage('one') {\n${body}\n}\n}\n}`;

it('makes a job of each stage, of nodes without one, and of what comes after', () => {
  const ids = (text: string) => read(text).jobs.map(({ id }) => id);
  expect(ids(stage("steps { sh 'a' }\npost { always { sh 'b' } }"))).toEqual(['one']);
  expect(ids(stage("stages { stage('two') { steps { sh 'a' } } }"))).toEqual(['two']);
  expect(ids(stage("parallel { stage('p') { steps { sh 'a' } }\nstage('q') { steps { sh 'b' } } }"))).toEqual(
    ['p', 'q'],
  );
  expect(
    ids(
      stage("matrix { axes { axis { name 'A'; values '1' } }\nstages { stage('m') { steps { sh 'a' } } } }"),
    ),
  ).toEqual(['m']);
  expect(ids("node('a') { sh 'x'\nstage('s') { sh 'y' } }")).toEqual(['pipeline', 's']);
  expect(
    ids("pipeline { agent any\nstages { stage('s') { steps { echo 'x' } } }\npost { failure { sh 'x' } } }"),
  ).toEqual(['post']);
});

it('knows the exact place of what Groovy replaces, behind escapes and in joined strings', () => {
  const text = `node { sh "a \\"b\\" \${env.CHANGE_TITLE}" + ' c ' + params.NAME }`;
  const { surface } = jobOf(text);
  const places = surface?.insertions.map((each) => {
    const { start, end } = each.text.span(each.start, each.end);
    return text.slice(start, end);
  });
  expect(places?.[0]).toBe('${env.CHANGE_TITLE}');
  expect(places?.[1]).toBe('params.NAME');
});

it('follows values through names, methods, maps and functions of the file', () => {
  const namesOf = (text: string) =>
    read(text).jobs.flatMap(({ surface }) => surface?.insertions.map(({ name }) => name) ?? []);
  expect(namesOf('def t = env.CHANGE_TITLE\ndef u = "x ${t}"\nnode { sh "${u.trim()}" }')).toEqual([
    'env.CHANGE_TITLE',
  ]);
  expect(namesOf('def m = [a: env.CHANGE_TITLE]\nnode { sh "${m.a}" }')).toEqual(['env.CHANGE_TITLE']);
  expect(namesOf('def f(a, b) { sh "${b}" }\nnode { f(1, env.CHANGE_TITLE) }')).toEqual(['env.CHANGE_TITLE']);
  expect(namesOf('def c = "x ${env.CHANGE_TITLE}"\nnode { sh c }')).toEqual(['env.CHANGE_TITLE']);
  expect(namesOf('node { sh "${env[\'CHANGE_TITLE\']}" }')).toEqual(['env.CHANGE_TITLE']);
});

it('knows values that nobody can put text into', () => {
  const count = (value: string) => jobOf(`node { sh "x ${value}" }`).surface?.insertions.length;
  expect(count('${env.CHANGE_ID}')).toBe(0);
  expect(count("${env.CHANGE_TITLE ? 'a' : 'b'}")).toBe(0);
  expect(count("${env.CHANGE_TITLE == 'a'}")).toBe(0);
  expect(count('${env.CHANGE_TITLE.length()}')).toBe(0);
  expect(count("${env.CHANGE_TITLE.replaceAll(/[^a-z]/, '')}")).toBe(0);
  expect(count("${env.CHANGE_TITLE.replaceAll('a', '')}")).toBe(1);
});

it('takes a value that was compared with a pattern for what the pattern says', () => {
  const count = (guard: string) =>
    jobOf(`node { ${guard}\nsh "x \${env.CHANGE_TITLE}" }`).surface?.insertions.length;
  expect(count("if (!(env.CHANGE_TITLE ==~ /[a-z ]+/)) { error 'no' }")).toBe(0);
  expect(count("if (!env.CHANGE_TITLE.matches('[a-z ]+')) { throw new Exception('no') }")).toBe(0);
  expect(count("if (!(env.CHANGE_TITLE ==~ /[a-z ]+/)) { echo 'no' }")).toBe(1);
  expect(count("if (env.CHANGE_TITLE ==~ /.*evil.*/) { error 'no' }")).toBe(1);
});

it('holds credentials where they are bound, and no further', () => {
  const text = stage(
    "steps {\nwithCredentials([string(credentialsId: 'a', variable: 'A')]) { sh 'x' }\n}",
    "environment { B = credentials('b') }",
  );
  expect(jobOf(text).surface?.credentials.map(({ name, scope }) => `${name} ${scope}`)).toEqual([
    'b pipeline',
    'a step',
  ]);
});

it('knows which builds a condition lets through', () => {
  const startsOf = (when: string) =>
    jobOf(stage(`when { ${when} }\nsteps { sh 'x' }`)).surface?.starts.map(({ what }) => what);
  const change = 'a pull request from a fork';
  expect(startsOf("branch 'main'")).toEqual(['a push to the main branch', 'a tag']);
  expect(startsOf('changeRequest()')).toEqual([change]);
  expect(startsOf('not { changeRequest() }')).not.toContain(change);
  expect(startsOf("expression { env.CHANGE_ID == null && env.BRANCH_NAME != 'x' }")).not.toContain(change);
  expect(startsOf("anyOf { branch 'main'; changeRequest() }")).toContain(change);
  expect(startsOf("allOf { branch 'main'; expression { params.A } }")).not.toContain(change);
  expect(startsOf('buildingTag()')).toEqual(['a tag']);
  for (const condition of [
    "return env.BRANCH_NAME == 'main'",
    "return (env.BRANCH_NAME == 'main')",
    "env.BRANCH_NAME in ['main', 'develop']",
    "['main', 'develop'].contains(env.BRANCH_NAME)",
    'env.BRANCH_NAME ==~ /main|release.*/',
    "env.BRANCH_NAME.startsWith('release/')",
    '!(env.CHANGE_ID || env.TAG_NAME)',
  ]) {
    expect(startsOf(`expression { ${condition} }`), condition).not.toContain(change);
  }
  for (const condition of [
    'env.BRANCH_NAME ==~ /.*/',
    "env.BRANCH_NAME.startsWith('PR-')",
    'env.OTHER == "x"',
  ]) {
    expect(startsOf(`expression { ${condition} }`), condition).toContain(change);
  }
});

it('makes a job of its own of a block that only some builds reach', () => {
  const { jobs } = read(
    "node { stage('s') {\nsh 'test'\nif (env.BRANCH_NAME == 'main') { sshagent(['key']) { sh 'push' } }\n} }",
  );
  const seen = jobs.map(({ steps, surface }) => [
    steps.length,
    surface?.credentials.length,
    surface?.starts.some(({ code }) => code === 'merge'),
  ]);
  expect(seen).toEqual([
    [1, 0, true],
    [1, 1, false],
  ]);
});

it('takes a block that leaves early for a condition on the rest', () => {
  const { jobs } = read("node { if (env.CHANGE_ID) { return }\nsh 'x' }");
  expect(jobs.flatMap(({ surface }) => surface?.starts ?? []).length).toBeGreaterThan(0);
});

it('says on which machine, in which container and with which rights', () => {
  const job = jobOf(
    "pipeline { agent { docker { image 'a:1'; label 'big'; args '--privileged' } }\nstages { stage('s') { steps { sh 'x' } } } }",
  );
  expect(job.runner?.labels.map(({ value }) => value)).toEqual(['big']);
  expect(job.container?.text.value).toBe('a:1');
  expect(job.surface?.privileges.map(({ kind }) => kind)).toEqual(['privileged']);
});

it('reads libraries with the version that they are taken at', () => {
  const importsOf = (text: string) => read(text).surface?.imports.map(({ name, pin }) => `${name} ${pin}`);
  expect(importsOf("@Library(['a', 'b@1.2', 'c@main']) _")).toEqual(['a none', 'b tag', 'c branch']);
  expect(importsOf("library 'a@9fceb02d0ae598e95dc970b74767f19372d61af8'")).toEqual(['a commit']);
  expect(importsOf('library "${params.A}"')).toEqual(['${params.A} computed']);
  expect(importsOf("pipeline { libraries { lib('a@2') } }")).toEqual(['a tag']);
});

it('waits for a person before everything that comes after', () => {
  const { jobs } = read("node { stage('a') { sh 'x'\ninput 'ok?' }\nstage('b') { sh 'y' } }");
  expect(jobs.map(({ surface }) => surface?.approvals.length)).toEqual([1, 1]);
});

it('knows names of files, and leaves the others alone', () => {
  const kind = (file: string) => readDefinitions(new SourceText(file, 'x')).definitions.length;
  for (const file of [
    'Jenkinsfile',
    'ci/Jenkinsfile.release',
    'Jenkinsfile-nightly',
    'a.jenkinsfile',
    'ci/a.Jenkinsfile',
    'jenkins/a.groovy',
    'vars/a.groovy',
  ]) {
    expect(kind(file), file).toBe(1);
  }
  for (const file of [
    'Jenkinsfile.md',
    'src/Jenkinsfile.java',
    'jenkins/init.groovy.d/a.groovy',
    'src/main/groovy/A.groovy',
    'JenkinsfileTest.groovy',
  ]) {
    expect(kind(file), file).toBe(0);
  }
});
