import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { runCli } from '../testing/run-cli.ts';

let top: string;
const put = (file: string, text: string) => {
  mkdirSync(join(top, file, '..'), { recursive: true });
  writeFileSync(join(top, file), text);
};
beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), 'vouchgate-graph-'));
});
afterEach(() => rmSync(top, { recursive: true }));

const WORKFLOW = 'on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: make\n';

it('draws in each of its formats, and judges nothing', async () => {
  put('.github/workflows/ci.yml', WORKFLOW.replace('push', 'pull_request_target'));
  const mermaid = await runCli(['scan', top, '--graph', 'mermaid']);
  expect([mermaid.code, mermaid.stdout.split('\n')[0]]).toEqual([0, 'flowchart LR']);
  expect(mermaid.stdout).toContain('subgraph f0[".github/workflows/ci.yml"]');
  expect((await runCli(['scan', top, '--graph', 'dot'])).stdout).toContain('digraph authority');
  const { nodes } = JSON.parse((await runCli(['scan', top, '--graph', 'json'])).stdout);
  expect(nodes[0]).toMatchObject({ kind: 'trigger', place: { file: '.github/workflows/ci.yml', line: 1 } });
});

it('says which files are not in it, and fails for them', async () => {
  put('.github/workflows/ci.yml', WORKFLOW);
  put('.github/workflows/broken.yml', 'a: [');
  const { code, stdout, stderr } = await runCli(['scan', top, '--graph', 'json']);
  expect(code).toBe(1);
  expect(stderr).toContain('not read:');
  expect(JSON.parse(stdout).nodes.length).toBeGreaterThan(0);
});

it('keeps repositories apart, and does not draw an empty picture', async () => {
  put('one/.git/HEAD', '');
  put('one/.github/workflows/ci.yml', WORKFLOW);
  put('two/.git/HEAD', '');
  put('two/.github/workflows/ci.yml', WORKFLOW);
  const { stdout } = await runCli(['scan', join(top, 'one'), join(top, 'two'), '--graph', 'json']);
  const jobs = JSON.parse(stdout).nodes.filter(({ kind }: { kind: string }) => kind === 'job');
  expect(jobs).toHaveLength(2);
  rmSync(join(top, 'one'), { recursive: true });
  rmSync(join(top, 'two'), { recursive: true });
  expect((await runCli(['scan', top, '--graph', 'dot'])).code).toBe(2);
});
