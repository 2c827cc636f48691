import { walkExpression } from '#pipeline/expression.ts';
import { type Expression, locateExpression } from '#pipeline/text.ts';
import type { Rule } from '../../rule.ts';
import { FUNCTIONS } from '../../shared/context-availability.ts';
import { findExpressionPlaces } from '../../shared/expression-places.ts';
import { suggest } from '../../shared/nearest-word.ts';

const KNOWN = new Set(FUNCTIONS.map((name) => name.toLowerCase()));

/** A text with expressions becomes one call of `format`, which has the limit of all expressions. */
const CHARACTERS_MAX = 21_000;

/** What is wrong with an expression, whatever its place; undefined when nothing is. */
function findFault({ parsed, text, inner }: Expression): string | undefined {
  if (!parsed.ok) {
    const empty = text.value.slice(inner.start, inner.end).trim() === '';
    return empty
      ? 'this expression is empty'
      : `this is no expression: ${parsed.error.message.slice(0, 120)}`;
  }
  for (const node of walkExpression(parsed.root)) {
    if (node.kind !== 'call' || KNOWN.has(node.name.toLowerCase())) continue;
    const name = node.name.slice(0, 40);
    return `expressions have no function "${name}"${suggest(node.name, FUNCTIONS)}`;
  }
  return undefined;
}

export const rule: Rule = {
  id: 'invalid-expression',
  title: 'An expression that cannot be read',
  severity: 'medium',
  confidence: 'high',
  persona: 'regular',
  platforms: ['github'],
  standards: { cicdSec: ['CICD-SEC-7'], cwe: ['CWE-1286'], cis: [] },
  description: 'Looks for expressions with a syntax error, and for functions that do not exist.',
  why: 'GitHub refuses the whole file: no job of the workflow runs, and a check that does not run stops nobody. Text in a script counts, also behind a `#`.',
  remedy: "Write text in single quotes (`'main'`), close `${{` with `}}`, and use `&&`, `||` and `!`.",
  references: ['https://docs.github.com/en/actions/reference/workflows-and-actions/expressions'],
  aliases: ['actionlint/expression'],

  pipeline(pipeline, context) {
    for (const { contexts, text } of findExpressionPlaces(pipeline)) {
      if (contexts === undefined) continue;
      const [first] = text.expressions;
      if (first !== undefined && text.value.length > CHARACTERS_MAX) {
        context.report({
          at: locateExpression(first),
          message: `an expression stands in a text of ${text.value.length} characters, and GitHub takes it in ${CHARACTERS_MAX} at most`,
          remedy: 'Give the values by `env:`, or put the script into a file.',
        });
        continue;
      }
      for (const expression of text.expressions) {
        const message = findFault(expression);
        if (message !== undefined) context.report({ at: locateExpression(expression), message });
      }
    }
  },
};
