import { expect, it } from 'vitest';
import { briefly, findingsOf } from '../../testing/scan-text.ts';

const check = (path: string, more = '') =>
  briefly(
    findingsOf(
      'gitlab-secret-artifact',
      `# --- .gitlab-ci.yml\na:\n  script: [x]\n  artifacts:\n    paths:\n      - ${path}\n${more}`,
    ),
  );

it.each([
  ['.env'],
  ['app/.env.production'],
  ['infra/terraform.tfstate'],
  ['.kube/config'],
  ['release.keystore'],
  ['.git/'],
  ['$CI_PROJECT_DIR/id_ed25519'],
])('finds %s', (path) => {
  expect(check(path)).toEqual(['5 medium regular']);
});

it.each([['dist/'], ['.env.example'], ['public.pem'], ['docs/environment'], ['.gitlab/'], ['src/git']])(
  'says nothing of %s',
  (path) => {
    expect(check(path)).toEqual([]);
  },
);

it('knows who may download it', () => {
  expect(check('.env', '    access: none\n')).toEqual([]);
  expect(check('.env', '    public: false\n')).toEqual(['5 low regular']);
});
