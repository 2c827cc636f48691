import { expect, it } from 'vitest';
import { surfaceFindings } from '../../testing/surface.ts';
import { rule } from './rule.ts';

function judge(command: string, paths: readonly string[], access: 'read' | 'write' = 'write'): string[] {
  const findings = surfaceFindings(rule, {
    text: `build:\n  keep: files\n  steps:\n    - ${command}\n`,
    jobs: ({ place }) => ({ build: { artifacts: [{ ...place('files'), key: undefined, access, paths }] } }),
  });
  return findings.map(({ message }) => message);
}

it('follows a secret into a file that is kept', () => {
  expect(judge('echo "token=$NPM_TOKEN" > dist/.npmrc', ['dist'])).toEqual([
    'NPM_TOKEN is written to dist/.npmrc in "build", and an artifact takes the file along',
  ]);
  expect(judge('echo "$NPM_TOKEN" > .npmrc', ['.']).length).toBe(1);
  expect(judge('echo "$NPM_TOKEN" | tee out/key', ['out/**']).length).toBe(1);
});

it('is silent about other files, other folders, and what is only read', () => {
  expect(judge('echo "$NPM_TOKEN" > /tmp/key', ['.'])).toEqual([]);
  expect(judge('echo "$NPM_TOKEN" > dist/key', ['docs'])).toEqual([]);
  expect(judge('echo "$VERSION" > dist/key', ['dist'])).toEqual([]);
  expect(judge('echo "$NPM_TOKEN" > dist/key', ['dist'], 'read')).toEqual([]);
});
