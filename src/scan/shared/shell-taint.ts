import type { Step } from '#pipeline/model.ts';
import type { Taint } from '#pipeline/taint.ts';
import type { RuleContext } from '../rule.ts';
import { isOpen } from './outsider-taint.ts';

/** What outsiders can put into the variables of one script, as far as no condition stops them. */
export class ShellTaint {
  readonly #step: Step;
  readonly #context: RuleContext;
  readonly #known = new Map<string, readonly Taint[]>();

  constructor(step: Step, context: RuleContext) {
    this.#step = step;
    this.#context = context;
  }

  /** Empty for what no outsider writes. */
  ofVariable(name: string): readonly Taint[] {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const origin = { kind: 'variable', name } as const;
    const taints = this.#context
      .taintsOfFlow({ origin, effect: 'passes', start: 0, leads: true }, this.#step)
      .filter((taint) => isOpen(taint, this.#step, this.#context));
    this.#known.set(name, taints);
    return taints;
  }
}

/** The worst of them: with secrets before without. */
export function worstOf(taints: readonly Taint[]): Taint | undefined {
  return taints.find(({ authority }) => authority === 'full') ?? taints[0];
}
