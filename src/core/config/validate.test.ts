import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { DurationText, formatDuration, parseDurationSeconds } from './duration.ts';
import { formatProblem } from './problem.ts';
import { validateYaml } from './validate.ts';
import { parseYamlSource } from './yaml-source.ts';

const Shape = z.strictObject({
  name: z.string(),
  mode: z.enum(['fast', 'safe']).optional(),
  ttl: DurationText.optional(),
  nested: z.strictObject({ port: z.int() }).optional(),
});

function check(text: string) {
  const parsed = parseYamlSource('vouchgate.yaml', text);
  if (!parsed.ok) return parsed.problems;
  const checked = validateYaml(Shape, parsed.source, [], parsed.source.value);
  return checked.ok ? checked.value : checked.problems;
}

describe('a configuration file', () => {
  it('is returned as the schema reads it', () => {
    expect(check('name: a\nttl: 15m\n')).toEqual({ name: 'a', ttl: 900 });
  });

  it.each([
    ['an unknown key', 'name: a\nmoed: fast\n', 2, 'Unknown key `moed`.', 'Did you mean `mode`?'],
    ['a missing key', 'mode: fast\n', 1, '`name` is missing.', 'Add `name`'],
    ['a value outside the choices', 'name: a\nmode: quick\n', 2, '`mode`', 'Use one of: fast, safe.'],
    ['a wrong type deep inside', 'name: a\nnested:\n  port: many\n', 3, '`nested.port` must be', 'a number'],
    ['a key with nothing under it', 'name: a\nnested:\n', 2, '`nested` is empty.', 'or remove the key'],
    ['a bad duration', 'name: a\nttl: 15 minutes\n', 2, '30s, 15m, 1h, 7d', 'Correct the value'],
    ['a key that stands twice', 'name: a\nname: b\n', 2, 'unique', 'only once'],
    ['YAML that is none', 'name: [a\n', 2, '', 'Correct the YAML'],
    ['an alias', 'name: &n a\nmode: *n\n', 1, 'aliases', 'Write the value out'],
  ])('with %s is refused with its line and what to do', (_what, text, line, message, remedy) => {
    const problems = check(text);
    expect(problems).toHaveLength(1);
    expect((problems as { line: number }[])[0]).toMatchObject({
      file: 'vouchgate.yaml',
      line,
      message: expect.stringContaining(message),
      remedy: expect.stringContaining(remedy),
    });
  });

  it('that is larger than a mebibyte is refused unread', () => {
    expect(check(`name: ${'x'.repeat(1_048_577)}`)).toMatchObject([
      { message: expect.stringContaining('larger') },
    ]);
  });

  it('with aliases that would expand to gigabytes is refused', () => {
    const bomb = ['a: &a [x,x,x,x,x,x,x,x,x]'];
    for (let index = 0; index < 12; index += 1) {
      const [name, previous] = [String.fromCharCode(98 + index), String.fromCharCode(97 + index)];
      bomb.push(`${name}: &${name} [${Array(9).fill(`*${previous}`).join(',')}]`);
    }
    expect(check(bomb.join('\n'))).toMatchObject([{ message: expect.stringContaining('aliases') }]);
  });
});

describe('a duration', () => {
  it.each([
    ['30s', 30],
    ['15m', 900],
    ['1h', 3_600],
    ['7d', 604_800],
  ])('%s is read and written back', (text, seconds) => {
    expect(parseDurationSeconds(text)).toBe(seconds);
    expect(formatDuration(seconds)).toBe(text);
  });

  it.each(['', '0s', '15', 'm', '1.5h', '-1m', '99999999d', '1h30m'])('%j is none', (text) => {
    expect(parseDurationSeconds(text)).toBeUndefined();
  });
});

it('a problem is printed as editors and CI logs understand it', () => {
  expect(formatProblem({ file: 'f.yaml', line: 3, column: 7, message: 'No.', remedy: 'Yes.' })).toBe(
    'f.yaml:3:7: No.\n  → Yes.',
  );
});
