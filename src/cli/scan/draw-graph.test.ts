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

it('draws in each of its formats, and fails for nothing that it finds', async () => {
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

it('marks the jobs that an attack leads through, and the way from one to the next', async () => {
  put(
    '.github/workflows/test.yml',
    'name: Test\non: pull_request\njobs:\n  a:\n    runs-on: x\n    steps: [{ uses: actions/upload-artifact@v4, with: { name: dist } }]\n',
  );
  put(
    '.github/workflows/after.yml',
    "on: { workflow_run: { workflows: [Test] } }\npermissions: { contents: write }\njobs:\n  b:\n    runs-on: x\n    steps:\n      - uses: actions/download-artifact@v4\n        with: { name: dist, path: dist, run-id: '${{ github.event.workflow_run.id }}' }\n      - run: ./dist/run.sh\n",
  );
  const { nodes, edges } = JSON.parse((await runCli(['scan', top, '--graph', 'json'])).stdout);
  const attacked = nodes.filter((node: { attacked?: string }) => node.attacked !== undefined);
  expect(attacked.map(({ id, attacked: by }: { id: string; attacked: string }) => [id, by])).toEqual([
    ['job:.github/workflows/after.yml#b', 'high'],
    ['job:.github/workflows/test.yml#a', 'high'],
  ]);
  expect(edges).toContainEqual({
    from: 'job:.github/workflows/test.yml#a',
    to: 'job:.github/workflows/after.yml#b',
    kind: 'leads-to',
  });
});
