import { type ExpressionNode, pathOf, walkExpression } from '#pipeline/expression.ts';
import type { Pipeline } from '#pipeline/model.ts';
import type { Span } from '#pipeline/source.ts';
import { locateExpression } from '#pipeline/text.ts';
import type { Rule } from '../../rule.ts';
import { type ExpressionPlace, findExpressionPlaces } from '../../shared/expression-places.ts';
import { suggest } from '../../shared/nearest-word.ts';
import { namesOf, type StepIds } from './defined-names.ts';
import { findMissingMember } from './members.ts';

const CONTEXTS = new Set(['steps', 'needs', 'inputs', 'matrix', 'jobs']);
const NAMES_CONTEXT = /steps|needs|inputs|matrix|jobs/i;

/** Why `steps.build` and its like are empty; undefined when they are not, or nobody can tell. */
function findMissingName(
  node: ExpressionNode,
  place: ExpressionPlace,
  pipeline: Pipeline,
  cache: StepIds,
): string | undefined {
  if (node.kind !== 'property' || node.object.kind !== 'context') return undefined;
  const context = pathOf(node.object);
  if (context === undefined || !CONTEXTS.has(context)) return undefined;
  const member = node.name.toLowerCase();
  const names = namesOf(context, member, place, pipeline, cache);
  if (names === undefined || names.known.has(member)) return undefined;
  const name = `${context}.${node.name}`.slice(0, 60);
  if (names.later === true) return `${name} is always empty here: that step comes later`;
  return `${name} is always empty: ${names.missing}${suggest(node.name, names.known)}`;
}

function* findMissing(
  place: ExpressionPlace,
  pipeline: Pipeline,
  cache: StepIds,
): Generator<{ message: string; at: Span }> {
  if (!NAMES_CONTEXT.test(place.text.value)) return;
  for (const expression of place.text.expressions) {
    if (!expression.parsed.ok) continue;
    const messages = new Set<string>();
    for (const node of walkExpression(expression.parsed.root)) {
      const message =
        findMissingName(node, place, pipeline, cache) ?? findMissingMember(node, place, pipeline);
      if (message !== undefined) messages.add(message);
    }
    for (const message of messages) yield { message, at: locateExpression(expression) };
  }
}

export const rule: Rule = {
  id: 'undefined-reference',
  title: 'An expression names what does not exist',
  severity: 'low',
  confidence: 'high',
  persona: 'regular',
  platforms: ['github'],
  standards: { cicdSec: ['CICD-SEC-7'], cwe: ['CWE-456'], cis: [] },
  description:
    'Looks for steps, needed jobs and their outputs, inputs and matrix values in expressions that nothing in the file defines, or that come later.',
  why: 'The expression is empty, and nothing says so: a condition on it is never true, or, worse, always; a command runs without the argument that it was written with.',
  remedy:
    'Write the id as it is defined: `id:` of an earlier step, a job listed in `needs:`, a declared input.',
  references: ['https://docs.github.com/en/actions/reference/workflows-and-actions/contexts'],
  aliases: ['actionlint/expression'],

  pipeline(pipeline, context) {
    const cache: StepIds = new Map();
    const found = new Map<string, { readonly message: string; readonly at: Span[] }>();
    for (const place of findExpressionPlaces(pipeline)) {
      if (place.contexts === undefined) continue;
      for (const { message, at } of findMissing(place, pipeline, cache)) {
        const key = `${place.job?.id ?? ''} ${message}`;
        const before = found.get(key);
        if (before === undefined) found.set(key, { message, at: [at] });
        else before.at.push(at);
      }
    }
    for (const [key, { message, at }] of found) {
      const [first, ...others] = at;
      if (first === undefined) continue;
      const related = others.slice(0, 10).map((span) => ({ at: span, label: 'and here' }));
      context.report({ at: first, message, related, key });
    }
  },
};
