import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { variablesIn } from './shell-script.ts';

const uses = (line: string) => variablesIn(line).map(({ name, quoting }) => `${name} ${quoting}`);

describe('variables of a line', () => {
  it.each([
    ['echo $A "${B}"', ['A none', 'B double']],
    ['echo "a \\" $A" $B', ['A double', 'B none']],
    // The shell puts nothing into single quotes, and changes what has an operator.
    ["echo '$A' ${B//x/y} ${#C} \\$D", []],
    [`echo "it's $A"`, ['A double']],
    ['echo $A # $B', ['A none']],
    ['echo "#$A"', ['A double']],
    ['echo $1 $? $(date)', []],
  ])('%s', (line, expected) => {
    expect(uses(line)).toEqual(expected);
  });

  it('stand where they are said to stand, whatever the line is', () => {
    const line = fc
      .array(fc.constantFrom('"', "'", '\\', '$A', '${B}', '$', '{', '#', ' ', 'x', '`'))
      .map((parts) => parts.join(''));
    const property = fc.property(line, (text) => {
      for (const { name, start, end } of variablesIn(text)) {
        expect([`$${name}`, `\${${name}}`]).toContain(text.slice(start, end));
      }
    });
    fc.assert(property, { numRuns: 500 });
  });
});
