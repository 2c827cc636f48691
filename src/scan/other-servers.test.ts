import { expect, it } from 'vitest';
import { scanFiles } from './testing/scan-text.ts';

const WORKFLOW = `on: pull_request_target
jobs:
  test:
    runs-on: docker
    steps:
      - uses: https://code.forgejo.org/actions/checkout@v4
        with:
          ref: \${{ github.event.pull_request.head.sha }}
      - run: npm ci && npm test
        env:
          TOKEN: \${{ secrets.DEPLOY_TOKEN }}
  release:
    runs-on: docker
    if: github.ref == 'refs/heads/main'
    steps:
      - run: npm publish
        env:
          NODE_AUTH_TOKEN: \${{ secrets.NPM_TOKEN }}
`;

function findings(file: string, text = WORKFLOW): Map<string, string> {
  const scan = scanFiles([{ file, text }]);
  expect(scan.problems).toEqual([]);
  return new Map(scan.findings.map(({ ruleId, severity }) => [ruleId, severity]));
}

it.each(['.forgejo/workflows/ci.yml', '.gitea/workflows/ci.yaml'])(
  'knows an action by its whole address, in %s',
  (file) => {
    expect(findings(file).get('untrusted-checkout')).toBe('critical');
  },
);

it('does not believe that other servers have what GitHub changed', () => {
  // On GitHub this version refuses the code of a fork since 2026; elsewhere nobody does.
  const onGithub = WORKFLOW.replace('https://code.forgejo.org/', '').replaceAll('docker', 'ubuntu-24.04');
  expect(findings('.github/workflows/ci.yml', onGithub).get('untrusted-checkout')).not.toBe('critical');
  expect(findings('.forgejo/workflows/ci.yml', onGithub).get('untrusted-checkout')).toBe('critical');
});

it('does not ask for what only GitHub has: environments, trusted publishing, scopes of the token', () => {
  const elsewhere = findings('.forgejo/workflows/ci.yml');
  const onGithub = findings('.github/workflows/ci.yml');
  for (const id of ['excessive-permissions', 'secret-outside-environment', 'static-registry-token']) {
    expect([...onGithub.keys()]).toContain(id);
    expect([...elsewhere.keys()]).not.toContain(id);
  }
});

it('takes no harm from an address for a path with too many parts', () => {
  expect(findings('.forgejo/workflows/ci.yml').has('obfuscated-expression')).toBe(false);
});
