import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { threadMs } from '#core/testing/thread-time.ts';
import { briefly, readDocuments, readJobs, surfaceOf } from '../kubernetes/testing/read-documents.ts';
import { linkDefinitions, readDefinitions } from '../read-file.ts';
import { SourceText } from '../source.ts';
import { tektonReader } from './reader.ts';

const task = (spec: string, name = 'build'): string =>
  `apiVersion: tekton.dev/v1\nkind: Task\nmetadata: { name: ${name} }\nspec: ${spec}\n`;
const run = (spec: string, annotations = ''): string =>
  `apiVersion: tekton.dev/v1\nkind: PipelineRun\nmetadata:\n  generateName: run-\n  annotations: { ${annotations} }\nspec: ${spec}\n`;
const PULL = 'pipelinesascode.tekton.dev/on-event: "[pull_request]"';

describe('files', () => {
  it('are those of the folder, and no others by their path', () => {
    expect(tektonReader.kindOfPath('.tekton/a/b.yaml')).toBe('workflow');
    expect(tektonReader.kindOfPath('app/.tekton/b.yml')).toBe('workflow');
    expect(tektonReader.kindOfPath('tekton/b.yaml')).toBeUndefined();
    expect(tektonReader.kindOfPath('.tekton/readme.md')).toBeUndefined();
  });

  it('elsewhere are known by their documents; what belongs to others is left out', () => {
    const text = `${task('{}')}---\napiVersion: v1\nkind: Secret\nmetadata: { name: a }\n---\n${run('{}')}`;
    expect(readDocuments(text, 'deploy/ci.yaml').map(({ kind, platform }) => `${platform} ${kind}`)).toEqual([
      'tekton template',
      'tekton workflow',
    ]);
    expect(readDocuments('apiVersion: tekton.dev/v1\nkind: Unheard\n', 'a.yaml')).toEqual([]);
  });
});

describe('a task', () => {
  it('is a job with its steps, whatever they are written as', () => {
    const [job] = readJobs(
      task(
        '{ steps: [{ name: a, image: "node:22", script: make }, { image: "i", command: [sh, -c], args: [go] }, { image: k, command: [x] }], sidecars: [{ image: dind }] }',
      ),
    );
    expect(job?.id).toBe('build');
    expect(job?.steps.map(({ work }) => (work.kind === 'script' ? work.text.value : work.kind))).toEqual([
      'make',
      'go',
      'other',
    ]);
    expect([job?.container, ...(job?.services ?? [])].map((image) => image?.text.value)).toEqual([
      'node:22',
      'i',
      'k',
      'dind',
    ]);
  });

  it('gets its parameters from whoever refers to it, unless a list of values says which', () => {
    const text = task(
      '{ params: [{ name: a }, { name: b, enum: [x, y] }], steps: [{ script: "$(params.a) $(params.b)" }] }',
    );
    expect(briefly(surfaceOf(text))).toEqual(['script params.a caller 0']);
    expect(surfaceOf(text).starts.map(({ actor }) => actor)).toEqual(['caller']);
  });

  it('knows the substitutions of the shell from those of Tekton', () => {
    const [job] = readJobs(
      task('{ steps: [{ script: "$(date) $(params.a) $((1)) $(workspaces.x.path)" }] }'),
    );
    const work = job?.steps[0]?.work;
    expect(work?.kind === 'script' && work.text.expressions.map(({ outer }) => outer)).toEqual([
      { start: 8, end: 19 },
      { start: 27, end: 47 },
    ]);
  });
});

describe('a run of Pipelines as Code', () => {
  const start = (annotations: string): string[] =>
    surfaceOf(run('{ pipelineSpec: { tasks: [{ name: a, taskSpec: {} }] } }', annotations)).starts.map(
      ({ actor, code, production }) => `${actor} ${code} ${production}`,
    );
  const P = 'pipelinesascode.tekton.dev';

  it('starts with the code of pull requests after somebody let it', () => {
    expect(start(PULL)).toEqual(['contributor-with-approval head false']);
    expect(start(`${P}/on-comment: "^/test"`)).toEqual(['contributor-with-approval head false']);
    expect(start(`${P}/on-cel-expression: 'event == "pull_request" && target_branch == "main"'`)).toEqual([
      'contributor-with-approval head false',
    ]);
  });

  it('starts with a push, which production follows on its branches only', () => {
    expect(start(`${P}/on-event: "[push]", ${P}/on-target-branch: "[main]"`)).toEqual(['member pushed true']);
    expect(start(`${P}/on-event: "push", ${P}/on-target-branch: "[refs/tags/*]"`)).toEqual([
      'member pushed true',
    ]);
    expect(start(`${P}/on-event: "[push]", ${P}/on-target-branch: "[feature]"`)).toEqual([
      'member pushed false',
    ]);
    expect(start(`${P}/on-cel-expression: 'event == "push" && target_branch == "release-1"'`)).toEqual([
      'member pushed true',
    ]);
  });

  it('reads the events of a condition, and the fields where it names none', () => {
    const cel = (condition: string): string[] => start(`${P}/on-cel-expression: '${condition}'`);
    expect(cel('event == "push" && !has(body.pull_request)')).toEqual(['member pushed false']);
    expect(cel('body.pull_request.draft == false')).toEqual(['contributor-with-approval head false']);
    expect(cel('target_branch == "main"')).toEqual([
      'contributor-with-approval head false',
      'member pushed false',
    ]);
  });

  it('is the members’ own where the condition asks for branches of the project', () => {
    const condition = 'event == "pull_request" && source_url == target_url';
    expect(start(`${P}/on-cel-expression: '${condition}'`)).toEqual(['member head false']);
  });

  it('is started by hand without annotations', () => {
    expect(start('')).toEqual(['member base false']);
  });
});

describe('foreign text', () => {
  it('goes through parameters of the run, the pipeline and the task, and is told hop by hop', () => {
    const text = `${run('{ params: [{ name: t, value: "{{ body.pull_request.title }}" }], pipelineRef: { name: p } }', PULL)}---
apiVersion: tekton.dev/v1
kind: Pipeline
metadata: { name: p }
spec: { params: [{ name: t }], tasks: [{ name: a, taskRef: { name: build }, params: [{ name: u, value: "x $(params.t)" }] }] }
---
${task('{ params: [{ name: u }], steps: [{ env: [{ name: U, value: "$(params.u)" }], script: "echo $(params.u)" }] }')}`;
    const surface = surfaceOf(text, 'build');
    expect(briefly(surface)).toEqual(['script body.pull_request.title contributor-with-approval 2']);
    expect([...surface.foreignVariables.keys()]).toEqual(['U']);
    expect(surface.starts.map(({ what }) => what)).toEqual(['a pull request']);
  });

  it('ends where a caller gives a constant', () => {
    const text = `${run('{ pipelineSpec: { tasks: [{ name: a, taskRef: { name: build }, params: [{ name: u, value: x }] }] } }', PULL)}---
${task('{ params: [{ name: u }], steps: [{ script: "echo $(params.u)" }] }')}`;
    expect(briefly(surfaceOf(text, 'build'))).toEqual([]);
  });

  it('reaches embedded tasks without being handed on', () => {
    const text = run(
      '{ params: [{ name: b, value: "{{ source_branch }}" }], pipelineSpec: { tasks: [{ name: a, taskSpec: { steps: [{ script: "git $(params.b)" }] } }] } }',
      PULL,
    );
    expect(briefly(surfaceOf(text))).toEqual(['script source_branch contributor-with-approval 1']);
  });

  it('is the members’ where only pushes start it', () => {
    const text = run(
      '{ pipelineSpec: { tasks: [{ name: a, taskSpec: { steps: [{ script: "{{ source_branch }} {{ revision }}" }] } }] } }',
      PULL.replace('pull_request', 'push'),
    );
    expect(briefly(surfaceOf(text))).toEqual(['script source_branch member 0']);
  });
});

it('stands at its exact place in a folded script', () => {
  const text = `${run('')}  pipelineSpec:\n    tasks:\n      - name: a\n        taskSpec:\n          steps:\n            - script: >\n                echo\n                "{{ event_title }}"\n`;
  const [insertion] = surfaceOf(text).insertions;
  const span = insertion?.text.span(insertion.start, insertion.end);
  expect(text.slice(span?.start, span?.end)).toBe('{{ event_title }}');
});

it('binds secrets and claims of workspaces to the tasks that name them', () => {
  const text = run(`
  taskRunTemplate: { serviceAccountName: builder }
  workspaces:
    - { name: s, secret: { secretName: cloud } }
    - { name: c, persistentVolumeClaim: { claimName: cache } }
    - { name: g, secret: { secretName: "{{ git_auth_secret }}" } }
  pipelineSpec:
    tasks:
      - { name: a, taskSpec: {}, workspaces: [{ name: x, workspace: s }, { name: c }] }
      - { name: b, runAfter: [a], taskSpec: {}, workspaces: [{ name: g }] }
`);
  const named = (id: string): string[] =>
    surfaceOf(text, id).credentials.map(({ kind, name }) => `${kind} ${name}`);
  expect(named('a')).toEqual(['service-account builder', 'secret cloud']);
  expect(named('b')).toEqual(['service-account builder', 'platform-token git_auth_secret']);
  expect(surfaceOf(text, 'a').caches.map(({ key, access }) => `${key?.value} ${access}`)).toEqual([
    'cache both',
  ]);
  expect(readJobs(text).map(({ needs }) => needs.map(({ value }) => value))).toEqual([[], ['a']]);
});

it('waits for a person before what comes after an approval', () => {
  const text = run(`
  pipelineSpec:
    tasks:
      - { name: ask, taskRef: { apiVersion: openshift-pipelines.org/v1alpha1, kind: ApprovalTask } }
      - { name: a, runAfter: [ask], taskSpec: {} }
      - { name: deploy, params: [{ name: x, value: "$(tasks.a.results.x)" }, { name: environment, value: prod }], taskSpec: {} }
      - { name: other, taskSpec: {} }
`);
  expect(surfaceOf(text, 'deploy').approvals).toHaveLength(1);
  expect(surfaceOf(text, 'deploy').deploysTo?.environment).toBe('prod');
  expect(surfaceOf(text, 'other').approvals).toHaveLength(0);
});

describe('whatever stands in a file', () => {
  const read = (text: string): void => {
    linkDefinitions([
      readDefinitions(new SourceText('.tekton/a.yaml', text)),
      readDefinitions(new SourceText('b.yaml', text)),
    ]);
  };

  it('is read', () => {
    const value = fc.letrec((tie) => ({
      any: fc.oneof({ maxDepth: 5 }, fc.string(), fc.integer(), fc.constant(null), tie('list'), tie('map')),
      list: fc.array(tie('any'), { maxLength: 3 }),
      map: fc.dictionary(
        fc.constantFrom(
          'steps',
          'tasks',
          'params',
          'name',
          'value',
          'taskSpec',
          'taskRef',
          'triggers',
          'interceptors',
          'workspaces',
          'script',
          'env',
          'resourcetemplates',
          'bindings',
        ),
        tie('any'),
        { maxKeys: 4 },
      ),
    })).any;
    const kind = fc.constantFrom(
      'Task',
      'Pipeline',
      'PipelineRun',
      'TaskRun',
      'TriggerTemplate',
      'EventListener',
      'Trigger',
      'StepAction',
    );
    fc.assert(
      fc.property(kind, value, (each, spec) => {
        read(JSON.stringify({ apiVersion: 'tekton.dev/v1', kind: each, metadata: { name: 'a' }, spec }));
      }),
      { numRuns: 200 },
    );
  });

  it('takes no longer for being long or deep', () => {
    const start = threadMs();
    const long = ['$(params.', '{{ a', '{{{{', 'params[', ' '].map((each) => each.repeat(200_000));
    for (const each of long)
      read(
        task(
          `{ params: [{ name: a }], results: [{ name: r }], steps: [{ script: ${JSON.stringify(each)} }] }`,
        ),
      );
    read(
      `a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b]\n${task('{ steps: *c }')}`,
    );
    const tasks = Array.from(
      { length: 3000 },
      (_, index) => `{ name: t${index}, runAfter: [t${index + 1}, t0] }`,
    );
    read(run(`{ pipelineSpec: { tasks: [${tasks.join()}] } }`, PULL));
    expect(threadMs() - start).toBeLessThan(10_000);
  });
});
