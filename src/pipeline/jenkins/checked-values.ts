import type { Scope } from './scope.ts';
import { type Call, callsOf, type Expression, pathOfExpression } from './tree.ts';
import { visitTree } from './walk-tree.ts';

/** `name ==~ /…/`, `name.matches('…')`: the whole value has to look so. */
function comparedIn(expression: Expression): string[] {
  if (expression.kind === 'sequence') {
    return expression.items.flatMap((item, index) => {
      const before = expression.items[index - 1];
      if (item.kind !== 'operator' || item.text !== '==~') return [];
      return before === undefined || before.kind === 'operator' ? [] : (pathOfExpression(before) ?? []);
    });
  }
  if (expression.kind !== 'chain') return [];
  return callsOf(expression).flatMap(({ path }) => (path.endsWith('.matches') ? path.slice(0, -8) : []));
}

const NAMES_MAX = 100;

/** Behind `if (!(name ==~ /[a-z]+/)) error '…'` the name holds nothing else. */
export function withChecked(scope: Scope, condition: Call): Scope {
  if (scope.checked.size >= NAMES_MAX) return scope;
  const checked = new Set(scope.checked);
  const asked = condition.entries.map(({ value }) => value).filter(({ kind }) => kind !== 'closure');
  let isRefused = false;
  visitTree(asked, (expression) => {
    // Without a `!` the pattern names what is bad, and nobody thinks of everything that is.
    if (expression.kind === 'sequence') {
      isRefused ||= expression.items.some((item) => item.kind === 'operator' && item.text === '!');
    }
    for (const path of comparedIn(expression)) checked.add(path.replace(/^(?:env|params)\./, ''));
  });
  return !isRefused || checked.size === scope.checked.size ? scope : { ...scope, checked };
}
