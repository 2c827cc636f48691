import { nearestWord } from '#core/nearest.ts';
import type { Rule } from '#scan/rule.ts';
import { ScanCommandError } from './scan-command-error.ts';

/** Rules by id or by the name that another tool has for them; all when none is asked for. */
export function selectRules(rules: readonly Rule[], wanted: readonly string[]): readonly Rule[] {
  if (wanted.length === 0) return rules;
  return wanted.flatMap((name) => {
    const found = rules.filter(({ id, aliases }) => id === name || aliases.includes(name));
    if (found.length > 0) return found;
    const near = nearestWord(
      name,
      rules.map(({ id }) => id),
    );
    throw new ScanCommandError('rule_unknown', `there is no rule "${name}"`, {
      remedy:
        near === undefined
          ? `The rules are: ${rules.map(({ id }) => id).join(', ')}.`
          : `Did you mean "${near}"?`,
    });
  });
}
