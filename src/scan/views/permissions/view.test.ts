import { expect, it } from 'vitest';
import { splitFixture } from '../../testing/fixture.ts';
import { scanFiles, TEST_DAY_MS } from '../../testing/scan-text.ts';
import type { Block } from '../../view.ts';
import type { JobPermissions } from './compare-job.ts';
import { view } from './view.ts';

function built(text: string): unknown {
  const scan = scanFiles(splitFixture(text));
  return view.build({ repositories: [{ prefix: '', root: '', scan }], asOfMs: TEST_DAY_MS, inputs: {} });
}
const jobsOf = (text: string) => (built(text) as { jobs: JobPermissions[] }).jobs;
const blocksOf = (text: string): readonly Block[] => view.describe(built(text));

const job = (id: string, permissions: string, uses: string) =>
  `  ${id}:\n    runs-on: ubuntu-24.04\n    permissions: ${permissions}\n    steps:\n      - uses: ${uses}\n`;
const TEXT = `on: push
permissions: {}
jobs:
${job('exact', '{contents: read}', 'actions/checkout@v4')}${job('wide', '{contents: write}', 'actions/checkout@v4')}${job('widest', 'write-all', 'some/thing@v1')}${job('lacking', '{}', 'peter-evans/close-issue@v3')}`;

it('puts those first that may do the most without need', () => {
  expect(jobsOf(TEXT).map((each) => [each.job, each.has, each.tooMuch, each.missing])).toEqual([
    ['widest', 'write-all', ['everything'], []],
    ['wide', 'contents: write', ['contents: write'], []],
    ['exact', 'contents: read', [], []],
    ['lacking', '{}', [], ['issues: write']],
  ]);
});

it('says why, where, and what to write', () => {
  const [first] = jobsOf(`on: push\njobs:\n  a:\n    steps:\n      - uses: actions/checkout@v4\n`);
  expect(first).toMatchObject({
    saidBy: 'default',
    uses: [
      {
        scope: 'contents',
        access: 'read',
        evidence: ['actions/checkout at .github/workflows/example.yml:5'],
      },
    ],
    proposal: 'permissions:\n  contents: read\n',
  });
});

it('names what it does not know', () => {
  expect(JSON.stringify(blocksOf(TEXT))).toContain('`some/thing` is not known (1 job)');
});

it('says once what several jobs of a file have in common', () => {
  const same = ['a', 'b', 'c', 'd', 'e'].map((id) => job(id, 'write-all', 'actions/checkout@v4')).join('');
  const text = JSON.stringify(blocksOf(`on: push\njobs:\n${same}`));
  expect(text).toContain(
    '`a`, `b`, `c` and 2 more at .github/workflows/example.yml:3: write-all → contents: read',
  );
  expect(text.match(/write-all →/g)).toHaveLength(1);
});

it('stays short for two hundred workflows', () => {
  const files = Array.from(
    { length: 200 },
    (_, index) =>
      `# --- .github/workflows/w${index}.yml\non: push\njobs:\n  a${index}:\n    steps:\n      - uses: other/action${index}@v1\n`,
  );
  const blocks = blocksOf(files.join(''));
  const lines = blocks.reduce(
    (sum, each) =>
      sum + (each.kind === 'table' ? each.rows.length : each.kind === 'list' ? each.items.length : 1),
    0,
  );
  expect(lines).toBeLessThan(40);
  expect(JSON.stringify(blocks)).toContain('185 more jobs with --format json');
});

it('has something to say where no platform gives scopes', () => {
  expect(blocksOf('# --- .gitlab-ci.yml\na:\n  script: make\n')).toHaveLength(1);
});
