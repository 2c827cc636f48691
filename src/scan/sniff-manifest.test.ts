import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { threadMs } from '#core/testing/thread-time.ts';
import { discover } from './discover.ts';
import { isPipelineManifest, sniffManifest } from './sniff-manifest.ts';

const argo = (kind: string): string => `# a comment\napiVersion: argoproj.io/v1alpha1\nkind: ${kind}\n`;

describe('the beginning of a file', () => {
  it('says that it is a manifest of Tekton or Argo Workflows', () => {
    expect(isPipelineManifest('apiVersion: tekton.dev/v1\nkind: Task\n')).toBe(true);
    expect(isPipelineManifest('---\nkind: Secret\n---\napiVersion: "triggers.tekton.dev/v1beta1"\n')).toBe(
      true,
    );
    expect(isPipelineManifest(argo('CronWorkflow   # nightly'))).toBe(true);
    expect(isPipelineManifest(argo('Sensor\r'))).toBe(true);
  });

  it('leaves the other kinds of the group alone', () => {
    expect(isPipelineManifest(argo('Application'))).toBe(false);
    expect(isPipelineManifest(argo('Rollout'))).toBe(false);
    expect(isPipelineManifest('apiVersion: v1\nkind: ConfigMap\n')).toBe(false);
  });

  it('leaves templates of Helm alone, and takes those of Tekton, Argo and its events', () => {
    const task = 'apiVersion: tekton.dev/v1\nkind: Task\n';
    expect(isPipelineManifest(`${task}metadata:\n  name: {{ .Values.name }}\n`)).toBe(false);
    expect(isPipelineManifest(`{{- if .Values.on }}\n${task}{{- end }}\n`)).toBe(false);
    expect(isPipelineManifest(`${task}# {{ .token }}\n`)).toBe(true);
    expect(isPipelineManifest(`${task}x: "{{ revision }}"\n`)).toBe(true);
    expect(
      isPipelineManifest(`${argo('Sensor')}x: "{{ .Input.body.title }} {{inputs.parameters.a}}"\n`),
    ).toBe(true);
  });

  it('is looked at in no time, whatever it is', () => {
    const start = threadMs();
    for (const hostile of [' ', '\n', '#', '{', 'kind: ', 'apiVersion: ']) {
      isPipelineManifest(`apiVersion: argoproj.io/v1\n${hostile.repeat(8192)}`.slice(0, 8192));
    }
    expect(threadMs() - start).toBeLessThan(2_000);
  });
});

it('answers no for what cannot be read', () => {
  expect(sniffManifest('/nowhere/at/all.yaml')).toBe(false);
  expect(sniffManifest('/nowhere/at/all.txt')).toBe(false);
});

it('finds manifests in any folder of a repository, and opens nothing else', () => {
  const root = mkdtempSync(path.join(tmpdir(), 'manifests-'));
  try {
    mkdirSync(path.join(root, 'deploy'));
    const write = (file: string, text: string): void => writeFileSync(path.join(root, 'deploy', file), text);
    write('ci.yaml', 'apiVersion: tekton.dev/v1\nkind: Task\n');
    write('nightly.yml', argo('CronWorkflow'));
    write('app.yaml', argo('Application'));
    write('ci.txt', 'apiVersion: tekton.dev/v1\nkind: Task\n');
    expect(discover([root]).files.map(({ file }) => file)).toEqual(['deploy/ci.yaml', 'deploy/nightly.yml']);
  } finally {
    rmSync(root, { recursive: true });
  }
});
