import { nearestWord } from '#core/nearest.ts';
import type { Adapter } from '#scan/adapters/adapter.ts';
import { adapters } from '#scan/adapters.generated.ts';
import { CommandError } from '../../command-error.ts';

export interface ChosenTool {
  readonly adapter: Adapter;
  /** What stood behind `=`. */
  readonly argument: string | undefined;
}

function findAdapter(name: string): Adapter {
  const found = adapters.find(({ id }) => id === name);
  if (found !== undefined) return found;
  const known = adapters.map(({ id }) => id);
  const near = nearestWord(name, known);
  throw new CommandError('usage_invalid', `no tool called "${name}" can be run with a scan`, {
    remedy:
      near === undefined
        ? `Write one of: ${known.join(', ')}. The report of any other tool: \`vouchgate import FILE\`.`
        : `Did you mean "${near}"?`,
  });
}

/** Reads `--with checkov,semgrep=p/ci`, given once or several times; each tool runs once. */
export function chooseTools(values: readonly string[]): readonly ChosenTool[] {
  const chosen = new Map<string, ChosenTool>();
  for (const value of values.flatMap((each) => each.split(',')).filter((each) => each.trim() !== '')) {
    const at = value.indexOf('=');
    const adapter = findAdapter((at < 0 ? value : value.slice(0, at)).trim());
    const argument = at < 0 ? undefined : value.slice(at + 1).trim();
    if (argument?.startsWith('-') === true || argument === '') {
      throw new CommandError('usage_invalid', `--with "${value}" names no rules`, {
        remedy: `Write ${adapter.id}, or ${adapter.id}=FILE.`,
      });
    }
    chosen.set(adapter.id, { adapter, argument });
  }
  return [...chosen.values()];
}
