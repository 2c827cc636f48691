import { type ExpressionNode, walkExpression } from '#pipeline/expression.ts';
import { type Expression, locateExpression } from '#pipeline/text.ts';
import type { Rule, RuleContext } from '../../rule.ts';
import { ALL_CONTEXTS, STATUS_FUNCTIONS } from '../../shared/context-availability.ts';
import { type ExpressionPlace, findExpressionPlaces } from '../../shared/expression-places.ts';
import { suggest } from '../../shared/nearest-word.ts';

/** `jobs.*.if` as people say it. */
function nameOf(path: string): string {
  const words = path.split('.').filter((word) => word !== '*');
  return words.slice(-2).join('.');
}

/** A runner, and a workspace on it. */
const HAS_FILES = /^(?:jobs\.\*|runs)\.steps\.\*\./;

function findFault(
  node: ExpressionNode,
  { path }: ExpressionPlace,
  contexts: readonly string[],
): string | undefined {
  if (node.kind === 'call' && STATUS_FUNCTIONS.has(node.name.toLowerCase()) && !path.endsWith('.if')) {
    return `${node.name}() works in conditions only, not in ${nameOf(path)}`;
  }
  if (node.kind === 'call' && node.name.toLowerCase() === 'hashfiles' && !HAS_FILES.test(path)) {
    return `hashFiles() works in steps only, not in ${nameOf(path)}: no file is there before`;
  }
  if (node.kind !== 'context') return undefined;
  const name = node.name.toLowerCase();
  if (contexts.includes(name)) return undefined;
  const shown = node.name.slice(0, 60);
  if (ALL_CONTEXTS.has(name)) return `${nameOf(path)} does not know the context "${shown}"`;
  return `there is no context "${shown}"${suggest(node.name, contexts)}`;
}

function remedyFor(contexts: readonly string[]): string {
  if (contexts.length === 0) return 'Write the value out: GitHub evaluates no expression here.';
  return `Known here are ${contexts.join(', ')}. Give other values by way of a job output, an input or the step's own \`env:\`.`;
}

function check(
  expression: Expression,
  place: ExpressionPlace,
  contexts: readonly string[],
  context: RuleContext,
): void {
  if (!expression.parsed.ok) return;
  const seen = new Set<string>();
  for (const node of walkExpression(expression.parsed.root)) {
    const message = findFault(node, place, contexts);
    if (message === undefined || seen.has(message)) continue;
    seen.add(message);
    context.report({
      at: locateExpression(expression),
      message,
      remedy: remedyFor(contexts),
      key: `${place.path} ${message}`,
    });
  }
}

export const rule: Rule = {
  id: 'unavailable-context',
  title: 'An expression uses what is not known at its place',
  severity: 'medium',
  confidence: 'high',
  persona: 'regular',
  platforms: ['github'],
  standards: { cicdSec: ['CICD-SEC-7'], cwe: ['CWE-1286'], cis: [] },
  description:
    'Looks for contexts and status functions where GitHub does not evaluate them: secrets in a condition, env in `runs-on`, matrix in the condition of a job, secrets in a composite action.',
  why: 'GitHub refuses the whole file: no job of the workflow runs, and a check that does not run stops nobody.',
  remedy:
    'Put the value where it is known: into an output of an earlier job, an input, or `env:` of the step.',
  references: [
    'https://docs.github.com/en/actions/reference/workflows-and-actions/contexts#context-availability',
  ],
  aliases: ['actionlint/expression'],

  pipeline(pipeline, context) {
    for (const place of findExpressionPlaces(pipeline)) {
      const { contexts } = place;
      if (contexts === undefined) continue;
      for (const expression of place.text.expressions) check(expression, place, contexts, context);
    }
  },
};
