import type { Step, Variable } from '#pipeline/model.ts';
import type { Taint } from '#pipeline/taint.ts';
import type { RuleContext } from '../rule.ts';
import { isOpen } from './outsider-taint.ts';
import { isCleaned, type ShellLine, variablesIn } from './shell-script.ts';

const DEPTH_MAX = 4;
const PATTERN_TEST = /=~|\|\s*e?grep\s+-\w*q/;
const ASSIGNMENT = /^\s*(?:export\s+|local\s+|readonly\s+|declare\s+)?([A-Za-z_]\w*)=(.*)$/;

function taintsOfVariable(
  variable: Variable,
  place: Parameters<RuleContext['taintsOf']>[1],
  context: RuleContext,
): readonly Taint[] {
  return (variable.value?.expressions ?? []).flatMap((each) => context.taintsOf(each, place));
}

/** The platform sets it in every run of a pull request, whether a file says so or not. */
function taintsOfHeadRef(step: Step): readonly Taint[] {
  const triggers = step.job.pipeline.triggers.filter(({ event }) => event.startsWith('pull_request'));
  const privileged = triggers.filter(({ authority }) => authority === 'full');
  const [trigger] = [...privileged, ...triggers];
  if (trigger === undefined) return [];
  return [
    {
      origin: 'github.head_ref',
      shape: 'ref',
      events: (privileged.length > 0 ? privileged : triggers).map(({ event }) => event),
      writtenBy: trigger.firedBy,
      authority: trigger.authority,
      hops: [],
      certainty: 'certain',
    },
  ];
}

/** What an environment variable of the step holds, from the inside out. */
function taintsOfEnvironment(name: string, step: Step, context: RuleContext): readonly Taint[] {
  const find = (variables: readonly Variable[]) => variables.findLast((each) => each.name === name);
  const own = find(step.env);
  if (own !== undefined) return taintsOfVariable(own, { step }, context);
  const ofJob = find(step.job.env);
  if (ofJob !== undefined) return taintsOfVariable(ofJob, { job: step.job }, context);
  const ofPipeline = find(step.job.pipeline.env);
  if (ofPipeline !== undefined) return taintsOfVariable(ofPipeline, {}, context);
  return name === 'GITHUB_HEAD_REF' ? taintsOfHeadRef(step) : [];
}

/** What outsiders can put into the variables of one script, as far as no condition stops them. */
export class ShellTaint {
  readonly #step: Step;
  readonly #context: RuleContext;
  readonly #values = new Map<string, string[]>();
  readonly #checked = new Set<string>();
  readonly #known = new Map<string, readonly Taint[]>();

  constructor(step: Step, lines: readonly ShellLine[], context: RuleContext) {
    this.#step = step;
    this.#context = context;
    for (const { text } of lines) {
      const [, name, value] = ASSIGNMENT.exec(text) ?? [];
      if (name !== undefined && value !== undefined) this.#assign(name, value);
      if (!PATTERN_TEST.test(text) || /^\s*#/.test(text)) continue;
      for (const match of text.matchAll(/\$\{?([A-Za-z_]\w*)/g)) this.#checked.add(match[1] ?? '');
    }
  }

  #assign(name: string, value: string): void {
    const values = this.#values.get(name);
    if (values === undefined) this.#values.set(name, [value]);
    else values.push(value);
  }

  /** Empty for what no outsider writes. */
  ofVariable(name: string, depth = 0): readonly Taint[] {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    if (depth > DEPTH_MAX) return [];
    // A variable that is made of itself adds nothing new.
    this.#known.set(name, []);
    const taints = this.#find(name, depth);
    this.#known.set(name, taints);
    return taints;
  }

  /** What the script itself gives the variable, in the order of its lines. */
  valuesOf(name: string): readonly string[] {
    return this.#values.get(name) ?? [];
  }

  /** True when the script compares the variable with a pattern: what does not fit will stop it. */
  isChecked(name: string): boolean {
    return this.#checked.has(name);
  }

  #find(name: string, depth: number): readonly Taint[] {
    if (this.isChecked(name)) return [];
    const values = this.valuesOf(name);
    if (values.length === 0) {
      const taints = taintsOfEnvironment(name, this.#step, this.#context);
      return taints.filter((taint) => isOpen(taint, this.#step, this.#context));
    }
    return values
      .filter((value) => !isCleaned(value) && !/\$\((?!\s*(?:echo|printf)\b)/.test(value))
      .flatMap((value) => variablesIn(value).flatMap((use) => this.ofVariable(use.name, depth + 1)));
  }
}

/** The worst of them: with secrets before without. */
export function worstOf(taints: readonly Taint[]): Taint | undefined {
  return taints.find(({ authority }) => authority === 'full') ?? taints[0];
}
