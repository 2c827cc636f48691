import { type ExpressionNode, pathOf, walkExpression } from '#pipeline/expression.ts';
import { type Assumption, evaluateExpression } from '#pipeline/guard.ts';
import type { Guard } from '#pipeline/model.ts';
import { writtenNode } from '../../shared/condition-places.ts';
import { shorten } from './judged-guard.ts';

/** A part of a condition, and what it is worth against somebody without rights. */
export interface Reason {
  readonly part: string;
  readonly why: string;
}

const PART_CHARS_MAX = 100;
const PARTS_MAX = 20;

/** What a path says and does not say; the first that fits. */
const WORTH: readonly (readonly [path: RegExp, why: string])[] = [
  [
    /^github\.(?:actor|triggering_actor)$/,
    '`github.actor` is whoever caused the last event, not who wrote the code',
  ],
  [/\.labels\b/, 'a label needs triage rights, and stays when new commits come'],
  [
    /^github\.event\.label\b/,
    'the label that was just put on: somebody with triage rights did it, for the commits of that moment',
  ],
  [
    /\.author_association$/,
    'says what its author is to the project: `CONTRIBUTOR` is anybody with one merged change',
  ],
  [
    /\.head\.repo\.(?:fork|full_name|owner\.login|id)$|\.head_repository\b/,
    'tells forks from branches of the repository, which only members make',
  ],
  [
    /^github\.(?:repository|repository_owner|repository_id)$/,
    'tells the repository from its copies, and stops nobody in it',
  ],
  [/\.merged$/, 'only somebody with write access merges'],
  [/\.comment\.body$/, 'anybody writes comments, and writes what is asked for: alone it stops nobody'],
  [/\.(?:title|body)$/, 'its author chooses the text: alone it stops nobody'],
  [/^github\.event\.issue\.pull_request\b/, 'whoever comments chooses whether at an issue or a pull request'],
  [
    /^github\.head_ref$|\.head\.(?:ref|label)$|\.head_branch$/,
    'whoever opens the pull request chooses the name of the branch',
  ],
  [/\.(?:user|sender)\.(?:login|id|type)$/, 'who opened it or acted, not who wrote every commit in it'],
  [/^github\.event\.action$|^github\.event_name$/, 'says what happened, not who did it'],
  [/^github\.event\.workflow_run\.conclusion$/, 'a run of a stranger’s change succeeds, too'],
  [/^github\.event\.workflow_run\.event$/, 'the event of the run before'],
  [/^(?:needs|steps)\./, 'an earlier answer decides, which conditions do not show'],
  [/^(?:vars|env|inputs)\./, 'a setting decides'],
];

function conjunctsOf(node: ExpressionNode): ExpressionNode[] {
  if (node.kind === 'binary' && node.operator === '&&')
    return [...conjunctsOf(node.left), ...conjunctsOf(node.right)];
  return [node];
}

/** The parts that all have to hold; one for a condition that is no conjunction. */
function partsOf(guard: Guard): readonly ExpressionNode[] {
  const parsed = guard.expression?.parsed;
  return parsed?.ok === true ? conjunctsOf(parsed.root).slice(0, PARTS_MAX) : [];
}

function written(guard: Guard, node: ExpressionNode): string {
  const text = guard.expression === undefined ? '' : writtenNode(guard.expression, node);
  return shorten(text.replaceAll(/\s+/g, ' '), PART_CHARS_MAX);
}

function worthOf(node: ExpressionNode): string | undefined {
  const paths = walkExpression(node).map((each) => pathOf(each) ?? '');
  return WORTH.find(([pattern]) => paths.some((path) => pattern.test(path)))?.[1];
}

/** Of alternatives, the one by which somebody gets past. */
function openAlternative(node: ExpressionNode, assume: Assumption): ExpressionNode {
  if (node.kind !== 'binary' || node.operator !== '||') return node;
  const [left, right] = [evaluateExpression(node.left, assume), evaluateExpression(node.right, assume)];
  const isLeft = left === 'true' || (left !== 'false' && right !== 'true');
  return openAlternative(isLeft ? node.left : node.right, assume);
}

/** What stops somebody: the first part that does not hold. */
export function decidingPart(guard: Guard, assume: Assumption): Reason | undefined {
  const node = partsOf(guard).find((each) => evaluateExpression(each, assume) === 'false');
  return node === undefined
    ? undefined
    : { part: written(guard, node), why: worthOf(node) ?? 'does not hold' };
}

/** What each part is worth that somebody gets past. */
export function passedParts(guard: Guard, assume: Assumption): readonly Reason[] {
  if (guard.alwaysTrue)
    return [
      {
        part: shorten(guard.text.value, PART_CHARS_MAX),
        why: 'text around an expression makes it true, whatever it says',
      },
    ];
  return partsOf(guard).flatMap((part) => {
    const node = openAlternative(part, assume);
    const why = worthOf(node);
    return why === undefined || evaluateExpression(node, assume) === 'false'
      ? []
      : [{ part: written(guard, node), why }];
  });
}
