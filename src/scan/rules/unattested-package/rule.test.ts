import { expect, it } from 'vitest';
import { findingsOf } from '../../testing/scan-text.ts';

function count(step: string, job = 'runs-on: x'): number {
  const text = `on: push\npermissions: {}\njobs:\n  a:\n    ${job}\n    steps:\n      - ${step}\n`;
  return findingsOf('unattested-package', text).length;
}

it.each([
  'run: npm publish --access public',
  'run: cd package && npm publish',
  'run: pnpm -r publish',
  'uses: JS-DevTools/npm-publish@v4',
])('reports %s', (step) => {
  expect(count(step)).toBe(1);
});

it.each([
  'run: npm publish --provenance',
  'run: npm publish --dry-run',
  'run: npm publish --registry https://npm.example.com',
  'run: npm run publish-docs',
  'run: make -C npm publish',
  'run: "# npm publish"',
  '{ run: npm publish, env: { NPM_CONFIG_PROVENANCE: true } }',
  '{ uses: JS-DevTools/npm-publish@v4, with: { provenance: true } }',
])('is content with %s', (step) => {
  expect(count(step)).toBe(0);
});

it('knows that trusted publishing attests by itself, and a token does not', () => {
  const job = 'runs-on: x\n    permissions: { id-token: write }';
  expect(count('run: npm publish', job)).toBe(0);
  expect(count("{ run: npm publish, env: { NODE_AUTH_TOKEN: '${{ secrets.T }}' } }", job)).toBe(1);
});

it('does not ask for provenance on other registries', () => {
  const setup = '{ uses: actions/setup-node@v6, with: { registry-url: https://npm.pkg.github.com } }';
  expect(count(`${setup}\n      - run: npm publish`)).toBe(0);
});
