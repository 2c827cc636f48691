import { expect, it } from 'vitest';
import { briefly, findingsOf } from '../../testing/scan-text.ts';

const check = (definition: string, expression: string) =>
  briefly(
    findingsOf(
      'gitlab-input-injection',
      `# --- .gitlab-ci.yml\nspec:\n  inputs:\n    x: ${definition}\n---\na:\n  script:\n    - echo ${expression}\n`,
    ),
  );

it.each([
  ['{}', '$[[ inputs.x ]]', ['7 low pedantic']],
  ['{}', '$[[ inputs.x | expand_vars ]]', ['7 medium regular']],
  ['{}', '$[[ inputs.x | expand_vars | posix_escape ]]', []],
  ['{ type: number }', '$[[ inputs.x ]]', []],
  ['{ options: [a, b] }', '$[[ inputs.x ]]', []],
  ['{}', '$X', []],
])('judges %s in %s', (definition, expression, expected) => {
  expect(check(definition, expression)).toEqual(expected);
});
