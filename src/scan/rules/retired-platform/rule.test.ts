import { expect, it } from 'vitest';
import { briefly, findingsOf } from '../../testing/scan-text.ts';

const check = (job: string) => briefly(findingsOf('retired-platform', `on: push\njobs:\n  a: ${job}\n`));
const COMMIT = 'de0fac2e4500dabe0009e67214ff5f5447ce83dd';

it.each([
  '{ runs-on: Ubuntu-18.04 }',
  '{ runs-on: "${{ matrix.os }}", strategy: { matrix: { os: [ubuntu-latest, macos-12] } } }',
  '{ runs-on: "${{ matrix.os }}", strategy: { matrix: { include: [{ os: macos-12 }] } } }',
  '{ steps: [{ uses: actions/cache@v2 }] }',
  `{ steps: [{ uses: "actions/cache@${COMMIT}" }] } # v2.1.0`,
  '{ steps: [{ uses: actions/download-artifact@v3.0.2 }] }',
  '{ steps: [{ uses: actions/cache@v4.1.2 }] }',
  '{ steps: [{ uses: actions/cache@v3.3.3 }] }',
  '{ steps: [{ uses: actions/deploy-pages@v3 }] }',
])('sees %s', (job) => {
  // A comment behind a flow mapping belongs to no action.
  expect(check(job)).toEqual(job.includes(COMMIT) ? [] : ['3 low pedantic']);
});

it.each([
  '{ runs-on: ubuntu-latest }',
  '{ runs-on: [self-hosted, ubuntu-20.04] }',
  '{ runs-on: ubuntu-24.04, strategy: { matrix: { database: [macos-12] } } }',
  '{ steps: [{ uses: actions/cache@v3 }] }',
  '{ steps: [{ uses: actions/cache@v3.4.0 }] }',
  '{ steps: [{ uses: actions/cache@v4.2.3 }] }',
  '{ steps: [{ uses: actions/upload-pages-artifact@v3 }] }',
  '{ steps: [{ uses: actions/cache@main }] }',
])('says nothing about %s', (job) => {
  expect(check(job)).toEqual([]);
});

it.each([
  ['{ runs-on: macos-14-large }', '2026-11-02'],
  ['{ runs-on: ubuntu-20.04 }', '2025-04-15'],
  ['{ steps: [{ uses: actions/upload-artifact@v3 }] }', '2025-01-30'],
])('holds %s against nobody before its day', (job, day) => {
  const text = `on: push\njobs:\n  a: ${job}\n`;
  const before = new Date(Date.parse(day) - 1).toISOString();
  expect(findingsOf('retired-platform', text, { asOf: before })).toEqual([]);
  expect(findingsOf('retired-platform', text, { asOf: day })).toHaveLength(1);
});

it('says of a runtime what was so on the day', () => {
  const text = '# --- action.yml\nname: a\nruns: { using: node20, main: a.js }\n';
  const messageAt = (asOf: string) => findingsOf('retired-platform', text, { asOf })[0]?.message;
  expect(messageAt('2026-04-29')).toBeUndefined();
  expect(messageAt('2026-05-01')).toContain('no more security fixes');
  expect(messageAt('2026-10-01')).toContain('runners have it no more');
});

it('sees runtimes of actions', () => {
  const action = (using: string) =>
    findingsOf('retired-platform', `# --- action.yml\nname: a\nruns: { using: ${using}, main: a.js }\n`);
  expect(briefly(action('node20'))).toEqual(['2 info pedantic']);
  expect(action('node24')).toEqual([]);
  expect(action('composite')).toEqual([]);
});
