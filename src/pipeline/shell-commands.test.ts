import fc from 'fast-check';
import { expect, it } from 'vitest';
import { threadMs } from '#core/testing/thread-time.ts';
import { shellCommandsOf, withoutPrefixes } from './shell-commands.ts';

const split = (script: string) => shellCommandsOf(script).map(({ code }) => code);
const programs = (script: string) => shellCommandsOf(script).map((command) => withoutPrefixes(command).code);

it.each([
  ['a; b && c || d | e & f', ['a', 'b', 'c', 'd', 'e', 'f']],
  ['echo "a; b" \'c && d\'', ['echo "a; b" \'c && d\'']],
  ['make \\\n  all\nnext', ['make \\\n  all', 'next']],
  ['x="$(first "$(second)")"', ['x="', 'first "', 'second', '"', '"']],
  ['a # b; c\n# d\ne', ['a', 'e']],
  ['cat <<EOF > f\nmake; npm ci\nEOF\nlast', ['cat <<EOF > f', 'last']],
  ["cat <<-'END'\n\tmake\n\tEND\nlast", ["cat <<-'END'", 'last']],
  ['a > b 2>&1 &> c', ['a > b 2>&1 &> c']],
  ['${{ a && b }}/run ${x:-y;z}', ['${{ a && b }}/run ${x:-y;z}']],
  ['wc <<< word\nnext', ['wc <<< word', 'next']],
])('takes %j apart', (script, expected) => {
  expect(split(script)).toEqual(expected);
});

it('goes on behind the line of a quote that never ends', () => {
  expect(split("echo it's here\nmake\nnpm ci")).toEqual(["echo it's here", 'make', 'npm ci']);
});

it.each([
  ['sudo -E make', 'make'],
  ['if ! ./configure', './configure'],
  ['CC=gcc FLAGS="-a -b" make', 'make'],
  ['timeout 5m env A=b npm test', 'npm test'],
  ['bash -c "npm ci"', 'npm ci"'],
  ['"./run me"', './run me"'],
])('takes what stands before the program of %j away', (script, expected) => {
  expect(programs(script)).toEqual([expected]);
});

it('knows where each command starts', () => {
  const script = 'first arg\n  A=1 sudo second; third';
  for (const command of shellCommandsOf(script)) {
    expect(script.startsWith(command.code, command.start)).toBe(true);
    const { code, start } = withoutPrefixes(command);
    expect(script.startsWith(code, start)).toBe(true);
  }
});

it('never throws, and places every command in the text', () => {
  const pieces = fc.constantFrom(
    '"',
    "'",
    '$(',
    ')',
    '`',
    '\n',
    ';',
    '#',
    '<<E',
    '${{',
    '}}',
    '\\',
    ' ',
    'a',
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 60 }), (parts) => {
      const script = parts.join('');
      for (const { code, start } of shellCommandsOf(script))
        expect(script.startsWith(code, start)).toBe(true);
    }),
    { numRuns: 500 },
  );
});

it.each(['"', "'", '$(', 'a;', '${', '<<A\n', 'sudo ', 'A=', '`', ' ', '\\'])(
  'reads a megabyte of %j in a moment',
  (piece) => {
    const script = piece.repeat(1_000_000 / piece.length);
    const before = threadMs();
    shellCommandsOf(script).map(withoutPrefixes);
    expect(threadMs() - before).toBeLessThan(2_000);
  },
);
