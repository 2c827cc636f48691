import { describe, expect, it } from 'vitest';
import { readDocuments } from '../kubernetes/testing/read-documents.ts';

const COMMIT = '0123456789abcdef0123456789abcdef01234567';
const DIGEST = `sha256:${'ab'.repeat(32)}`;

function imports(reference: string, annotations = ''): string[] {
  const text = `apiVersion: tekton.dev/v1\nkind: PipelineRun\nmetadata: { name: a, annotations: { ${annotations} } }\nspec: { pipelineSpec: { tasks: [{ name: t, taskRef: ${reference} }] } }\n`;
  return readDocuments(text).flatMap(({ surface }) =>
    (surface?.imports ?? []).map(({ name, version, pin }) => `${name} ${version ?? '-'} ${pin}`),
  );
}

const resolver = (name: string, params: Record<string, string>): string =>
  JSON.stringify({
    resolver: name,
    params: Object.entries(params).map(([key, value]) => ({ name: key, value })),
  });

describe('what a resolver fetches', () => {
  it('is as firm as the revision in Git', () => {
    const url = 'https://git.example/a/b';
    expect(imports(resolver('git', { url, revision: 'main' }))).toEqual([`${url} main branch`]);
    expect(imports(resolver('git', { url, revision: 'v1.2' }))).toEqual([`${url} v1.2 tag`]);
    expect(imports(resolver('git', { url, revision: COMMIT }))).toEqual([`${url} ${COMMIT} commit`]);
    expect(imports(resolver('git', { url }))).toEqual([`${url} - none`]);
    expect(imports(resolver('git', { url, revision: '$(params.r)' }))).toEqual([
      `${url} $(params.r) computed`,
    ]);
  });

  it('is as firm as the digest of a bundle', () => {
    expect(imports(resolver('bundles', { bundle: `r.example/t:1@${DIGEST}` }))).toEqual([
      `r.example/t ${DIGEST} digest`,
    ]);
    expect(imports(resolver('bundles', { bundle: 'r.example/t:1' }))).toEqual(['r.example/t 1 tag']);
    expect(imports('{ name: t, bundle: r.example/t }')).toEqual(['r.example/t - none']);
  });

  it('is a version of the hub, a file of a branch, or nothing from the own cluster', () => {
    expect(imports(resolver('hub', { name: 'git-clone', version: '0.9' }))).toEqual(['git-clone 0.9 tag']);
    expect(imports(resolver('http', { url: 'https://raw.git.example/a/b/main/t.yaml' }))).toEqual([
      'a/b main branch',
    ]);
    expect(imports(resolver('cluster', { name: 'a', namespace: 'b' }))).toEqual([]);
    expect(imports('{ name: local }')).toEqual([]);
  });
});

it('reads what Pipelines as Code fetches by its annotations', () => {
  const key = 'pipelinesascode.tekton.dev/task';
  const names = `"[git-clone, lint:0.2, ./own.yaml, .tekton/x.yaml, 'https://raw.git.example/a/b/${COMMIT}/t.yaml']"`;
  expect(imports('{ name: x }', `${key}: ${names}, ${key}-1: "artifacthub://scan:1.0"`)).toEqual([
    'git-clone - none',
    'lint 0.2 tag',
    `a/b ${COMMIT} commit`,
    'scan 1.0 tag',
  ]);
});

it('knows that a definition is not all that is run when a part of it lies elsewhere', () => {
  const complete = (reference: string): boolean | undefined =>
    readDocuments(
      `apiVersion: tekton.dev/v1\nkind: Task\nmetadata: { name: a }\nspec: { steps: [{ ref: ${reference} }] }\n`,
    )[0]?.surface?.complete;
  expect(complete('{ resolver: git, params: [] }')).toBe(false);
  expect(complete('{ name: own }')).toBe(true);
});
