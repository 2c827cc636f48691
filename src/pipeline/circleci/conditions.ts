import type { Situation } from './situations.ts';
import { asBoolean, asScalar, itemsOf } from '../yaml/access.ts';
import { membersOf } from '../yaml/merge-keys.ts';
import type { YamlNode } from '../yaml/node.ts';
import { matchesPattern } from './patterns.ts';
import { every, not, some, type Verdict } from './verdict.ts';
import { evaluateWritten } from './written-conditions.ts';

const DEPTH_MAX = 30;
/** Parts of one condition; each job asks it of a dozen situations. */
const PARTS_MAX = 200;

/** Insertions of a value replaced by what they are in the situation; undefined when one of them is not known. */
function fillIn(value: string, situation: Situation): string | undefined {
  let known = true;
  const filled = value.slice(0, 1_000).replaceAll(/<<\s{0,9}([\w.-]{1,200})\s{0,9}>>/g, (_, path: string) => {
    const text = situation.valueOf(path);
    if (text === undefined) known = false;
    return text ?? '';
  });
  return known ? filled : undefined;
}

function evaluateScalar(node: YamlNode, situation: Situation): Verdict {
  const boolean = asBoolean(node);
  if (boolean !== undefined) return boolean ? 'true' : 'false';
  const value = asScalar(node)?.value ?? '';
  if (!value.includes('<<')) return evaluateWritten(value, situation);
  const filled = fillIn(value, situation);
  if (filled === undefined) return 'unknown';
  return /^(?:|false|0|0\.0|null)$/.test(filled.trim()) ? 'false' : 'true';
}

function evaluateEqual(node: YamlNode, situation: Situation): Verdict {
  const values = itemsOf(node)
    .slice(0, PARTS_MAX)
    .map((item) => fillIn(asScalar(item)?.value ?? '', situation));
  if (values.includes(undefined)) return 'unknown';
  return new Set(values).size <= 1 ? 'true' : 'false';
}

function evaluateMatches(node: YamlNode, situation: Situation): Verdict {
  const members = membersOf(node);
  const value = fillIn(asScalar(members.get('value')?.value)?.value ?? '', situation);
  const pattern = asScalar(members.get('pattern')?.value)?.value;
  if (value === undefined || pattern === undefined) return 'unknown';
  return matchesPattern(`/${pattern}/`, value);
}

/** A condition of `when:` and its kin in one situation. Logic statements of CircleCI 2.1: `and`, `or`, `not`, `equal`, `matches`. */
export function evaluateCondition(
  node: YamlNode,
  situation: Situation,
  depth = 0,
  budget = { parts: PARTS_MAX },
): Verdict {
  budget.parts -= 1;
  if (depth > DEPTH_MAX || budget.parts < 0) return 'unknown';
  const below = (each: YamlNode): Verdict => evaluateCondition(each, situation, depth + 1, budget);
  const [first] = membersOf(node);
  if (first === undefined) return evaluateScalar(node, situation);
  const [word, { value }] = first;
  switch (word) {
    case 'and':
      return every(
        itemsOf(value)
          .slice(0, PARTS_MAX + 1)
          .map(below),
      );
    case 'or':
      return some(
        itemsOf(value)
          .slice(0, PARTS_MAX + 1)
          .map(below),
      );
    case 'not':
      return not(below(value));
    case 'equal':
      return evaluateEqual(value, situation);
    case 'matches':
      return evaluateMatches(value, situation);
    case 'condition':
      return below(value);
    default:
      return 'unknown';
  }
}
