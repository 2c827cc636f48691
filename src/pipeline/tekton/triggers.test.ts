import { describe, expect, it } from 'vitest';
import { briefly, surfaceOf } from '../kubernetes/testing/read-documents.ts';

const TEMPLATE = `apiVersion: triggers.tekton.dev/v1beta1
kind: TriggerTemplate
metadata: { name: t }
spec:
  params: [{ name: x }]
  resourcetemplates:
    - apiVersion: tekton.dev/v1
      kind: TaskRun
      metadata: { generateName: go- }
      spec: { params: [{ name: y, value: "$(tt.params.x)" }], taskSpec: { steps: [{ script: "echo $(params.y)" }] } }
`;

function listen(interceptors: string, value: string): string {
  return `apiVersion: triggers.tekton.dev/v1beta1
kind: EventListener
metadata: { name: l }
spec:
  triggers:
    - { interceptors: ${interceptors}, bindings: [{ name: x, value: "${value}" }], template: { ref: t } }
---
${TEMPLATE}`;
}

const github = (events: string, more = ''): string =>
  `{ ref: { name: github }, params: [{ name: eventTypes, value: [${events}] }, { name: secretRef, value: {} }${more}] }`;

function startsOf(text: string): string[] {
  return surfaceOf(text, 'go').starts.map(({ what, actor, code }) => `${what}: ${actor} ${code}`);
}

describe('a listener', () => {
  it('lets anybody start what pull requests start, with their code when it asks for it', () => {
    expect(startsOf(listen(`[${github('pull_request')}]`, '$(body.number)'))).toEqual([
      'a pull request: anyone base',
    ]);
    expect(startsOf(listen(`[${github('pull_request')}]`, '$(body.pull_request.head.sha)'))).toEqual([
      'a pull request: anyone head',
    ]);
    expect(startsOf(listen(`[${github('issue_comment')}]`, '$(body.issue.number)'))).toEqual([
      'a comment: anyone base',
    ]);
  });

  it('is the members’ for pushes, and where an interceptor asks for owners', () => {
    expect(startsOf(listen(`[${github('push')}]`, '$(body.after)'))).toEqual(['a push: member pushed']);
    const owners = github('pull_request', ', { name: githubOwners, value: { enabled: true } }');
    expect(startsOf(listen(`[${owners}]`, '$(body.pull_request.head.sha)'))).toEqual([
      'a pull request: member head',
    ]);
  });

  it('reads the older form, and tells from the fields where no events are named', () => {
    expect(startsOf(listen('[{ github: { secretRef: {}, eventTypes: [push] } }]', '$(body.after)'))).toEqual([
      'a push: member pushed',
    ]);
    expect(startsOf(listen('[]', '$(body.pull_request.head.ref)'))).toEqual(['a pull request: anyone head']);
  });

  it('takes a webhook of no platform from anybody, unless somebody checks it', () => {
    expect(startsOf(listen('[]', '$(body.version)'))).toEqual(['a webhook: anyone base']);
    expect(startsOf(listen('[{ webhook: { objectRef: {} } }]', '$(body.version)'))).toEqual([
      'a webhook: member base',
    ]);
  });
});

describe('a value of a binding', () => {
  const flows = (interceptors: string, value: string): string[] =>
    briefly(surfaceOf(listen(interceptors, value), 'go'));

  it('reaches the script by way of the template', () => {
    expect(flows(`[${github('issues')}]`, '$(body.issue.title)')).toEqual([
      'script body.issue.title anyone 2',
    ]);
    expect(flows(`[${github('push')}]`, '$(body.head_commit.message)')).toEqual([
      'script body.head_commit.message member 2',
    ]);
  });

  it('is nothing to fear when the platform writes it', () => {
    expect(flows(`[${github('pull_request')}]`, '$(body.pull_request.head.sha)')).toEqual([]);
    expect(flows('[]', '$(body.repository.full_name)')).toEqual([]);
  });

  it('may come out of an expression of an interceptor', () => {
    const cel = `{ ref: { name: cel }, params: [{ name: overlays, value: [{ key: slug, expression: "body.pull_request.head.ref.split('/')[1]" }] }] }`;
    expect(flows(`[${github('pull_request')}, ${cel}]`, '$(extensions.slug)')).toEqual([
      'script body.pull_request.head.ref anyone 2',
    ]);
    expect(flows(`[${github('pull_request')}, ${cel}]`, '$(extensions.other)')).toEqual([]);
  });

  it('is the caller’s where no listener is known', () => {
    expect(briefly(surfaceOf(TEMPLATE, 'go'))).toEqual(['script params.x caller 1']);
  });
});
