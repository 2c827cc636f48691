import { expect, it } from 'vitest';
import { briefly, findingsOf } from '../../testing/scan-text.ts';

const check = (aud: string) =>
  briefly(
    findingsOf(
      'gitlab-identity-audience',
      `# --- .gitlab-ci.yml\na:\n  id_tokens: { T: { aud: ${aud} } }\n  script: [x]\n`,
    ),
  );

it.each([
  ['[a, b]', ['2 low regular']],
  ['https://gitlab.com', ['2 low pedantic']],
  ['$CI_SERVER_URL', ['2 low pedantic']],
  ['[a]', []],
  ['https://vault.example.com', []],
  ['$VAULT_ADDR', []],
])('judges %s', (aud, expected) => {
  expect(check(aud)).toEqual(expected);
});

it('tells of tokens that every job gets, once', () => {
  const text = `# --- .gitlab-ci.yml
default:
  id_tokens: { T: { aud: x } }
a: { script: [x] }
b: { script: [x] }
`;
  expect(briefly(findingsOf('gitlab-identity-audience', text))).toEqual(['2 medium regular']);
});
