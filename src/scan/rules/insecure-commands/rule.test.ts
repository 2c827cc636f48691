import { describe, expect, it } from 'vitest';
import { briefly, findingsOf } from '../../testing/scan-text.ts';

const step = (run: string, on = 'ubuntu-latest') =>
  `on: push\njobs:\n  a:\n    runs-on: ${on}\n    steps:\n      - run: |\n          ${run}\n`;
const check = (text: string) => findingsOf('insecure-commands', text);

it.each([
  'on: push\nenv: { ACTIONS_ALLOW_UNSECURE_COMMANDS: true }\njobs: {}\n',
  'on: push\nenv: { ACTIONS_ALLOW_UNSECURE_COMMANDS: "${{ vars.X }}" }\njobs: {}\n',
])('sees the variable in %j', (text) => {
  expect(briefly(check(text))).toEqual(['2 high regular']);
});

it.each(['false', 'yes', '""'])('says nothing when the variable is %s', (value) => {
  expect(check(`on: push\nenv: { ACTIONS_ALLOW_UNSECURE_COMMANDS: ${value} }\njobs: {}\n`)).toEqual([]);
});

it.each([
  'echo "::set-output name=a::b"',
  'echo ::save-state name=a::b',
  'printf "::add-path::%s" "$X"',
  'console.log("::set-env name=a::b")',
])('sees %s', (run) => {
  expect(briefly(check(step(run)))).toEqual(['7 low pedantic']);
});

it.each([
  'echo "::add-mask::x"',
  'echo "a=b" >> "$GITHUB_OUTPUT"',
  '# echo "::set-output name=a::b"',
  'grep -r "::set-output " .',
])('says nothing about %s', (run) => {
  expect(check(step(run))).toEqual([]);
});

describe('the fix', () => {
  const replacement = (run: string, on?: string) => check(step(run, on))[0]?.fixes[0]?.edits[0]?.replacement;

  it('writes to the file, with the quotes that were there', () => {
    expect(replacement('echo "::set-output name=a::$B"')).toBe('echo "a=$B" >> "$GITHUB_OUTPUT"');
    expect(replacement("echo '::save-state name=a::b'")).toBe('echo \'a=b\' >> "$GITHUB_STATE"');
  });

  it.each([
    ['echo "::set-output name=a::$B"', 'windows-latest'],
    ['echo ::set-output name=a::b', 'ubuntu-latest'],
    ['echo "::set-output name=a::x%0Ay"', 'ubuntu-latest'],
    ['echo "::set-output name=a::b" && make', 'ubuntu-latest'],
    ['echo "::set-env name=a::b"', 'ubuntu-latest'],
  ])('is not offered for %s on %s', (run, on) => {
    expect(check(step(run, on))).toHaveLength(1);
    expect(replacement(run, on)).toBeUndefined();
  });
});
