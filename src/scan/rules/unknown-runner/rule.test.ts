import { expect, it } from 'vitest';
import { findingsOf } from '../../testing/scan-text.ts';

const found = (runner: string, rest = '') =>
  findingsOf(
    'unknown-runner',
    `on: push\njobs: { a: { runs-on: ${runner}, ${rest} steps: [{ run: a }] } }\n`,
  ).map(({ persona, message }) => `${persona}: ${message}`);

it.each([
  'ubuntu-latest',
  'Ubuntu-Latest',
  '[self-hosted, linux, x64, gpu]',
  '{ group: big, labels: mine }',
  '"${{ inputs.runner }}"',
  'macos-26-xlarge',
  'ubuntu-20.04',
])('knows %s', (runner) => {
  expect(found(runner)).toEqual([]);
});

it.each([
  ['ubuntu-lastest', 'ubuntu-latest'],
  ['unbuntu-latest', 'ubuntu-latest'],
  ['macos-lates', 'macos-latest'],
  ['ubuntu_24.04', 'ubuntu-24.04'],
])('%s was meant to be %s', (runner, meant) => {
  expect(found(runner)).toEqual([
    `regular: no hosted runner has the label "${runner}"; did you mean "${meant}"?`,
  ]);
});

it.each(['ubuntu-latest-32-cores', 'ubuntu-24.04-8core', 'buildjet-4vcpu-ubuntu-2204', 'windows-2023'])(
  'leaves %s to auditors: it can be a larger runner',
  (runner) => {
    expect(found(runner).map((each) => each.split(':')[0])).toEqual(['auditor']);
  },
);

it('looks into the matrix', () => {
  expect(
    found('"${{ matrix.os }}"', 'strategy: { matrix: { os: [ubuntu-latest, windows-lastest] } },'),
  ).toEqual(['regular: no hosted runner has the label "windows-lastest"; did you mean "windows-latest"?']);
});

it('knows which labels exclude each other', () => {
  expect(found('[self-hosted, x64, arm64]')).toHaveLength(1);
  expect(found('[ubuntu-latest, macos-latest]')).toEqual([
    'regular: no runner is "ubuntu-latest" and "macos-latest" at once, so that the job a waits for ever',
  ]);
});
