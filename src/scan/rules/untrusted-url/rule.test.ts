import { expect, it } from 'vitest';
import { briefly, findingsOf } from '../../testing/scan-text.ts';

const check = (step: string, value = 'github.event.comment.body', on = 'issue_comment') =>
  briefly(
    findingsOf(
      'untrusted-url',
      `on: ${on}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - env:\n          V: \${{ ${value} }}\n        ${step}\n`,
    ),
  );

it.each(['curl -sSf "$V"', 'wget "https://$V/file"', 'git clone "https://api.$V"', 'true && curl $V'])(
  'sees %s',
  (script) => {
    expect(check(`run: ${script}`)).toEqual(['8 medium auditor']);
  },
);

it.each([
  'curl -d "$V" https://example.com',
  'curl "https://example.com/$V"',
  'curl -H "X: $V" https://example.com',
  'curl --header     $V https://example.com',
  'echo "$V"',
])('is content with %s', (script) => {
  expect(check(`run: '${script}'`)).toEqual([]);
});

it('sees the address of a request action', () => {
  const step = 'uses: fjogeleit/http-request-action@v1\n        with:\n          url: ';
  expect(check(`${step}\${{ github.event.comment.body }}`)).toHaveLength(1);
  expect(check(`${step}https://example.com/\${{ github.event.comment.body }}`)).toEqual([]);
});
