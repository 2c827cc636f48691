import { expect, it } from 'vitest';
import { findingsOf } from '../../testing/scan-text.ts';

const check = (...steps: string[]) =>
  findingsOf(
    'static-registry-token',
    `on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n${steps.map((step) => `      - ${step}\n`).join('')}`,
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

it('knows that a set-up step chose another registry', () => {
  const setUp = '{ uses: actions/setup-node@v4, with: { registry-url: "https://npm.pkg.github.com" } }';
  expect(check(setUp, `{ run: npm publish, env: { NODE_AUTH_TOKEN: ${TOKEN} } }`)).toEqual([]);
});
