import { expect, it } from 'vitest';
import { splitFixture } from '../../testing/fixture.ts';
import { scanFiles, TEST_DAY_MS } from '../../testing/scan-text.ts';
import { type Causes, view } from './view.ts';

function causesOf(text: string): Causes {
  const scan = scanFiles(splitFixture(text));
  const input = { repositories: [{ prefix: '', root: '', scan }], asOfMs: TEST_DAY_MS, inputs: {} };
  return view.build(input) as Causes;
}

const steps = (...expressions: string[]) =>
  expressions.map((each) => `      - run: echo "\${{ ${each} }}"\n`).join('');
const job = (id: string, ...expressions: string[]) =>
  `  ${id}:\n    runs-on: ubuntu-24.04\n    steps:\n${steps(...expressions)}`;

const THREE = `on: issues
permissions:
  contents: write
jobs:
${job('a', 'github.event.issue.title', 'github.event.issue.body')}${job('b', 'github.event.issue.title')}`;

it('finds the one change that ends several attacks', () => {
  const { attacks, changes, exact } = causesOf(THREE);
  expect(attacks).toBe(3);
  expect(exact).toBe(true);
  // Three fixes that are made by themselves cost as much as closing the trigger; both are answers.
  expect(changes.flatMap(({ closes }) => closes).length).toBeGreaterThanOrEqual(3);
  expect(new Set(changes.flatMap(({ closes }) => closes)).size).toBe(3);
});

it('prefers the trigger when there are more places than it costs', () => {
  const jobs = ['a', 'b', 'c', 'd', 'e'].map((id) => job(id, 'github.event.issue.title'));
  const text = `on: issues\npermissions:\n  contents: write\njobs:\n${jobs.join('')}`;
  const { changes, attacks } = causesOf(text);
  expect(attacks).toBeGreaterThan(3);
  expect(changes).toHaveLength(1);
  expect(changes[0]?.kind).not.toBe('mend');
  expect(changes[0]?.closes).toHaveLength(attacks);
});

it('has nothing to cut where nobody comes in, and says so', () => {
  const result = causesOf(`on: push\npermissions: {}\njobs:\n${job('a', 'github.sha')}`);
  expect(result).toMatchObject({ attacks: 0, changes: [] });
  expect(JSON.stringify(view.describe(result))).toContain('No way was found');
});

it('puts findings with one cause together', () => {
  const uses = Array.from({ length: 4 }, () => '      - uses: acme/build@main\n').join('');
  const text = `on: push\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n${uses}      - uses: acme/other@main\n`;
  const { groups } = causesOf(text);
  const pins = groups.filter(({ ruleId }) => ruleId === 'unpinned-action');
  expect(pins.map(({ what, places }) => [what, places.length])).toEqual([
    ['acme/build@main', 4],
    ['acme/other@main', 1],
  ]);
});
