import { expect, it } from 'vitest';
import { briefly, findingsOf } from '../../testing/scan-text.ts';

const check = (...steps: string[]) =>
  findingsOf(
    'static-registry-token',
    `on: push\njobs:\n  a:\n    permissions: { id-token: write }\n    steps:\n${steps.map((step) => `      - ${step}\n`).join('')}`,
  ).map(({ message }) => /publishes to ([\w.]+),/.exec(message)?.[1]);
const TOKEN = '"${{ secrets.TOKEN }}"';

it.each([
  [`{ run: npm publish --access public, env: { NODE_AUTH_TOKEN: ${TOKEN} } }`, 'npm'],
  [`{ run: cargo publish, env: { CARGO_REGISTRY_TOKEN: ${TOKEN} } }`, 'Cargo'],
  [`{ run: cargo +nightly publish, env: { CARGO_REGISTRY_TOKEN: ${TOKEN} } }`, 'Cargo'],
  ['{ run: "cargo publish --token ${{ secrets.CRATES }}" }', 'Cargo'],
  [`{ run: gem push a.gem, env: { GEM_HOST_API_KEY: ${TOKEN} } }`, 'RubyGems'],
  [`{ run: twine upload dist/*, env: { TWINE_PASSWORD: ${TOKEN} } }`, 'PyPI'],
  [
    '{ run: "dotnet nuget push a.nupkg -k ${{ secrets.N }} -s https://api.nuget.org/v3/index.json" }',
    'NuGet',
  ],
  [`{ uses: JS-DevTools/npm-publish@v3, with: { token: ${TOKEN} } }`, 'npm'],
  [`{ uses: changesets/action@v1, env: { NPM_TOKEN: ${TOKEN} } }`, 'npm'],
])('sees %s', (step, registry) => {
  expect(check(step)).toEqual([registry]);
});

it.each([
  `{ run: make -C npm publish, env: { NPM_TOKEN: ${TOKEN} } }`,
  '{ run: npm publish --provenance }',
  `{ run: cargo publish --dry-run, env: { CARGO_REGISTRY_TOKEN: ${TOKEN} } }`,
  '{ run: npm publish, env: { NODE_AUTH_TOKEN: "${{ secrets.GITHUB_TOKEN }}" } }',
  `{ run: "npm publish --registry https://npm.pkg.github.com", env: { NODE_AUTH_TOKEN: ${TOKEN} } }`,
  `{ run: npm ci, env: { NODE_AUTH_TOKEN: ${TOKEN} } }`,
  `{ uses: pypa/gh-action-pypi-publish@v1, with: { password: ${TOKEN}, repository-url: "https://pypi.example.com/" } }`,
  '{ run: cargo publish, env: { CARGO_REGISTRY_TOKEN: "${{ steps.auth.outputs.token }}" } }',
])('is content with %s', (step) => {
  expect(check(step)).toEqual([]);
});

it.each([
  'npm publish',
  'bunx npm publish',
  'nuget.exe push a.nupkg',
  'pipx run twine==6.1.0 upload dist/*',
  '"cargo `\\n  publish"',
])('takes it that %s has a token from somewhere when there is no identity', (run) => {
  const text = (permissions: string) =>
    `on: push\njobs:\n  a:\n    permissions: ${permissions}\n    steps:\n      - run: ${run}\n`;
  const found = (permissions: string) => findingsOf('static-registry-token', text(permissions));
  expect(briefly(found('{}'))).toEqual(['6 info pedantic']);
  expect(found('{ id-token: write }')).toEqual([]);
});

it.each([
  '{ uses: rubygems/release-gem@v1, with: { setup-trusted-publisher: false } }',
  '{ uses: actions/setup-node@v5, with: { always-auth: true, registry-url: "https://npmjs.org" } }',
])('sees that identities are refused in %s', (step) => {
  expect(check(step)).toHaveLength(1);
  expect(check(step.replace('false', 'true').replace('npmjs.org', 'example.com'))).toEqual([]);
});

it('knows that a set-up step chose another registry', () => {
  const setUp = '{ uses: actions/setup-node@v4, with: { registry-url: "https://npm.pkg.github.com" } }';
  expect(check(setUp, `{ run: npm publish, env: { NODE_AUTH_TOKEN: ${TOKEN} } }`)).toEqual([]);
});
