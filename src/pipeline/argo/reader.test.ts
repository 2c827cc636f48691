import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { threadMs } from '#core/testing/thread-time.ts';
import { briefly, readDocuments, readJobs, surfaceOf } from '../kubernetes/testing/read-documents.ts';
import { linkDefinitions, readDefinitions } from '../read-file.ts';
import { SourceText } from '../source.ts';
import { argoReader } from './reader.ts';

const document = (kind: string, spec: string, name = 'w'): string =>
  `apiVersion: argoproj.io/v1alpha1\nkind: ${kind}\nmetadata: { name: ${name} }\nspec: ${spec}\n`;
const leaf = (body: string, inputs = 'x'): string =>
  `{ name: leaf, inputs: { parameters: [{ name: ${inputs} }] }, ${body} }`;
const PASTED = 'script: { command: [sh], source: "echo {{inputs.parameters.x}}" }';

function sensor(key: string, templates: string, source = 'github'): string {
  return document(
    'Sensor',
    `
  dependencies: [{ name: e, eventSourceName: ${source}, eventName: app }]
  triggers:
    - template:
        argoWorkflow:
          parameters: [{ src: { dependencyName: e, dataKey: ${key} }, dest: spec.arguments.parameters.0.value }]
          source:
            resource:
              apiVersion: argoproj.io/v1alpha1
              kind: Workflow
              metadata: { generateName: w- }
              spec: { entrypoint: main, arguments: { parameters: [{ name: v }] }, templates: ${templates} }`,
    's',
  );
}

const call = (value: string, more = ''): string =>
  `{ name: main, steps: [[{ name: a, template: leaf, arguments: { parameters: [{ name: x, value: "${value}" }] }${more} }]] }`;

describe('files', () => {
  it('are known by their documents', () => {
    expect(argoReader.kindOfPath('argo/a.yaml')).toBeUndefined();
    expect(argoReader.kindOfPath('.argo/a.yaml')).toBe('workflow');
    expect(readDocuments(document('WorkflowTemplate', '{}'), 'a.yaml').map(({ kind }) => kind)).toEqual([
      'template',
    ]);
    expect(readDocuments(document('Application', '{}'), 'a.yaml')).toEqual([]);
    expect(readDocuments(document('Workflow', '{}').replace('argoproj.io', 'example.io'), 'a.yaml')).toEqual(
      [],
    );
  });
});

describe('a workflow', () => {
  it('has a job for each template that does work', () => {
    const jobs = readJobs(
      document(
        'Workflow',
        '{ templates: [{ name: main, dag: { tasks: [{ name: i, inline: { container: { image: b, command: [x] } } }] } }, { name: wait, suspend: {} }, { name: set, containerSet: { containers: [{ name: c, image: d, command: [bash, -c, make] }] }, sidecars: [{ image: e }] }, { name: kube, resource: { action: create, manifest: x } }] }',
      ),
    );
    expect(jobs.map(({ id }) => id)).toEqual(['set', 'kube', 'i']);
    const [set] = jobs;
    expect([set?.container, ...(set?.services ?? [])].map((image) => image?.text.value)).toEqual(['d', 'e']);
  });

  it('takes its arguments from whoever submits it, a schedule as they stand', () => {
    const spec = `{ entrypoint: main, arguments: { parameters: [{ name: v }] }, templates: [${call('{{workflow.parameters.v}}')}, ${leaf(PASTED)}] }`;
    expect(briefly(surfaceOf(document('Workflow', spec)))).toEqual(['script workflow.parameters.v member 1']);
    expect(briefly(surfaceOf(document('WorkflowTemplate', spec)))).toEqual([
      'script workflow.parameters.v caller 1',
    ]);
    const cron = surfaceOf(document('CronWorkflow', `{ workflowSpec: ${spec} }`));
    expect([briefly(cron), cron.starts.map(({ actor }) => actor)]).toEqual([[], ['schedule']]);
  });

  it('is safe where a call gives a constant', () => {
    const spec = `{ entrypoint: main, templates: [${call('hello')}, ${leaf(PASTED)}] }`;
    expect(briefly(surfaceOf(document('Workflow', spec)))).toEqual([]);
  });
});

describe('what an event says', () => {
  const scripts = (key: string, templates: string): string[] =>
    briefly(surfaceOf(sensor(key, templates), 'leaf'));

  it('reaches scripts by way of arguments', () => {
    expect(
      scripts('body.pull_request.title', `[${call('{{workflow.parameters.v}}')}, ${leaf(PASTED)}]`),
    ).toEqual(['script body.pull_request.title anyone 2']);
    expect(
      scripts('body.commits.0.message', `[${call('{{workflow.parameters.v}}')}, ${leaf(PASTED)}]`),
    ).toEqual(['script body.commits.0.message member 2']);
    expect(
      scripts('body.pull_request.number', `[${call('{{workflow.parameters.v}}')}, ${leaf(PASTED)}]`),
    ).toEqual([]);
  });

  it('reaches them as an item of a loop, as a result, and through a computed tag', () => {
    const loop = call('{{item.name}}', ', withParam: "{{workflow.parameters.v}}"');
    expect(scripts('body.issue.body', `[${loop}, ${leaf(PASTED)}]`)).toEqual([
      'script body.issue.body anyone 2',
    ]);
    const result = `{ name: main, steps: [[{ name: b, template: say }], [{ name: a, template: leaf, arguments: { parameters: [{ name: x, value: "{{steps.b.outputs.result}}" }] } }]] }`;
    const say =
      '{ name: say, script: { command: [sh], env: [{ name: V, value: "{{workflow.parameters.v}}" }], source: "echo $V" } }';
    expect(scripts('body.issue.body', `[${result}, ${say}, ${leaf(PASTED)}]`)).toEqual([
      'script body.issue.body anyone 3',
    ]);
    const computed = PASTED.replace('{{inputs.parameters.x}}', "{{=sprig.trim(inputs.parameters['x'])}}");
    expect(scripts('body.issue.body', `[${call('{{workflow.parameters.v}}')}, ${leaf(computed)}]`)).toEqual([
      'script body.issue.body anyone 2',
    ]);
  });

  it('is no code as a number, and none as a variable', () => {
    const number = PASTED.replace('{{inputs.parameters.x}}', '{{=asInt(inputs.parameters.x)}}');
    expect(scripts('body.issue.body', `[${call('{{workflow.parameters.v}}')}, ${leaf(number)}]`)).toEqual([]);
    const variable =
      'script: { command: [sh], env: [{ name: X, value: "{{inputs.parameters.x}}" }], source: echo }';
    const surface = surfaceOf(
      sensor('body.issue.body', `[${call('{{workflow.parameters.v}}')}, ${leaf(variable)}]`),
      'leaf',
    );
    expect([briefly(surface), [...surface.foreignVariables.keys()]]).toEqual([[], ['X']]);
  });

  it('tells who starts it, and with which code', () => {
    const starts = (key: string): string[] =>
      surfaceOf(sensor(key, '[{ name: main, container: {} }]')).starts.map(
        ({ what, actor, code }) => `${what}: ${actor} ${code}`,
      );
    expect(starts('body.pull_request.head.sha')).toEqual(['a pull request: anyone head']);
    expect(starts('body.after')).toEqual(['a push: member pushed']);
    expect(starts('body.anything')).toEqual(['an event: member base']);
  });

  it('is anybody’s where the webhook has no secret', () => {
    const source = document('EventSource', '{ webhook: { app: { port: "1" } } }', 'hook');
    const text = (secret: string): string =>
      `${source.replace('"1"', `"1"${secret}`)}---\n${sensor('body.version', `[${call('{{workflow.parameters.v}}')}, ${leaf(PASTED)}]`, 'hook')}`;
    expect(briefly(surfaceOf(text(''), 'leaf'))).toEqual(['script body.version anyone 2']);
    expect(briefly(surfaceOf(text(', authSecret: { name: a }'), 'leaf'))).toEqual([
      'script body.version member 2',
    ]);
  });

  it('reaches templates of other documents, also by a binding of events', () => {
    const shared = document(
      'WorkflowTemplate',
      `{ entrypoint: leaf, templates: [${leaf(PASTED)}] }`,
      'shared',
    );
    const reference = `[{ name: main, dag: { tasks: [{ name: a, templateRef: { name: shared, template: leaf }, arguments: { parameters: [{ name: x, value: "{{workflow.parameters.v}}" }] } }] } }]`;
    expect(briefly(surfaceOf(`${shared}---\n${sensor('body.issue.title', reference)}`, 'leaf'))).toEqual([
      'script body.issue.title anyone 2',
    ]);
    const binding = document(
      'WorkflowEventBinding',
      '{ submit: { workflowTemplateRef: { name: shared }, arguments: { parameters: [{ name: x, valueFrom: { event: payload.pull_request.title } }] } } }',
    );
    expect(briefly(surfaceOf(`${shared}---\n${binding}`, 'leaf'))).toEqual([
      'script payload.pull_request.title anyone 1',
    ]);
  });
});

it('waits for a person before what comes after a suspension without an end', () => {
  const approvals = (suspend: string): number =>
    surfaceOf(
      document(
        'Workflow',
        `{ entrypoint: main, templates: [{ name: main, dag: { tasks: [{ name: w, template: wait }, { name: b, depends: w.Succeeded, template: none }, { name: deploy, dependencies: [b], template: leaf, arguments: { parameters: [{ name: environment, value: prod }] } }] } }, { name: wait, suspend: ${suspend} }, ${leaf('container: {}', 'environment')}] }`,
      ),
    ).approvals.length;
  expect(approvals('{}')).toBe(1);
  expect(approvals('{ duration: 1h }')).toBe(0);
});

it('reads accounts, claims, artifacts and patches of the pod', () => {
  const surface = surfaceOf(
    document(
      'Workflow',
      `
  serviceAccountName: builder
  podSpecPatch: '{"hostNetwork": true}'
  volumes: [{ name: c, persistentVolumeClaim: { claimName: cache } }, { name: h, hostPath: { path: /data } }]
  templates:
    - name: a
      container: { image: x, volumeMounts: [{ name: c, mountPath: /c, readOnly: true }] }
      inputs: { artifacts: [{ name: m, path: /m, s3: { key: modules.tgz } }] }
      outputs: { artifacts: [{ name: m, path: /m, gcs: { key: modules.tgz } }] }
`,
    ),
  );
  expect(surface.credentials.map(({ kind, name }) => `${kind} ${name}`)).toEqual(['service-account builder']);
  expect(surface.privileges.map(({ kind }) => kind)).toEqual(['host-network']);
  expect(surface.caches.map(({ key, access }) => `${key?.value} ${access}`)).toEqual(['cache read']);
  expect(surface.artifacts.map(({ key, access }) => `${key?.value} ${access}`)).toEqual([
    'modules.tgz read',
    'modules.tgz write',
  ]);
});

describe('whatever stands in a file', () => {
  const read = (text: string): void => {
    linkDefinitions([
      readDefinitions(new SourceText('a.yaml', text)),
      readDefinitions(new SourceText('b.yaml', text)),
    ]);
  };

  it('is read', () => {
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        { maxDepth: 6 },
        fc.string(),
        fc.integer(),
        fc.constantFrom(null, 'main', '{{item}}'),
        tie('list'),
        tie('map'),
      ),
      list: fc.array(tie('any'), { maxLength: 3 }),
      map: fc.dictionary(
        fc.constantFrom(
          'templates',
          'steps',
          'dag',
          'tasks',
          'name',
          'template',
          'arguments',
          'parameters',
          'inputs',
          'container',
          'script',
          'triggers',
          'dependencies',
          'workflowSpec',
          'github',
          'entrypoint',
          'inline',
        ),
        tie('any'),
        { maxKeys: 4 },
      ),
    })).any;
    const kind = fc.constantFrom(
      'Workflow',
      'WorkflowTemplate',
      'CronWorkflow',
      'Sensor',
      'EventSource',
      'WorkflowEventBinding',
    );
    fc.assert(
      fc.property(kind, value, (each, spec) => {
        read(
          JSON.stringify({ apiVersion: 'argoproj.io/v1alpha1', kind: each, metadata: { name: 'a' }, spec }),
        );
      }),
      { numRuns: 200 },
    );
  });

  it('takes no longer for calling itself, being long or branching', () => {
    const start = threadMs();
    read(
      document(
        'Workflow',
        '{ entrypoint: main, templates: [{ name: main, steps: [[{ name: a, template: main }]] }] }',
      ),
    );
    const doubled = Array.from(
      { length: 60 },
      (_, index) =>
        `{ name: t${index}, steps: [[{ name: a, template: t${index + 1} }, { name: b, template: t${index + 1} }]] }`,
    );
    read(document('Workflow', `{ entrypoint: t0, templates: [${doubled.join()}] }`));
    const tasks = Array.from(
      { length: 1000 },
      (_, index) => `{ name: t${index}, template: w, dependencies: [t${index + 1}] }`,
    );
    read(
      document(
        'Workflow',
        `{ entrypoint: m, templates: [{ name: m, dag: { tasks: [${tasks.join()}] } }, { name: w, suspend: {} }] }`,
      ),
    );
    for (const each of ['{{', '{{=', '{{a}}', '{{=inputs.', '}}']) {
      read(
        document(
          'Workflow',
          `{ templates: [{ name: a, script: { command: [sh], source: ${JSON.stringify(each.repeat(200_000))} } }] }`,
        ),
      );
    }
    expect(threadMs() - start).toBeLessThan(10_000);
  });
});
