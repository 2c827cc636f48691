import { type ExpressionNode, pathOf, walkExpression } from '#pipeline/expression.ts';
import { type Assumption, evaluateExpression } from '#pipeline/guard.ts';
import type { Guard } from '#pipeline/model.ts';
import { writtenNode } from '../../shared/condition-places.ts';

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
  [/\.comment\.body$/, 'anybody writes comments'],
  [/\.(?:title|body)$/, 'its author chooses the text'],
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
  return text.replaceAll(/\s+/g, ' ').slice(0, PART_CHARS_MAX);
}

function worthOf(node: ExpressionNode): string | undefined {
  const paths = walkExpression(node).map((each) => pathOf(each) ?? '');
  return WORTH.find(([pattern]) => paths.some((path) => pattern.test(path)))?.[1];
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
        part: guard.text.value.slice(0, PART_CHARS_MAX),
        why: 'text around an expression makes it true, whatever it says',
      },
    ];
  return partsOf(guard).flatMap((node) => {
    const why = worthOf(node);
    return why === undefined || evaluateExpression(node, assume) === 'false'
      ? []
      : [{ part: written(guard, node), why }];
  });
}
