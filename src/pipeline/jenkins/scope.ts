import type { ImageUse, Runner, Variable } from '../model.ts';
import type { Span } from '../source.ts';
import type { CredentialUse, Insertion, Place, PrivilegeUse, StoreUse } from '../surface.ts';
import type { Text } from '../text.ts';
import type { Situation, Truth } from './conditions.ts';
import type { CredentialInsertion } from './model.ts';
import type { OutsideValue } from './outside-values.ts';
import type { Reading } from './trace-value.ts';

export type Condition = (situation: Situation) => Truth;

/** What holds at a place of the file because of the blocks around it. */
export interface Scope {
  readonly reading: Reading;
  readonly conditions: readonly Condition[];
  readonly credentials: readonly CredentialUse[];
  /** Variables that a credential is in, with its id. */
  readonly bound: ReadonlyMap<string, string>;
  readonly env: readonly Variable[];
  /** Variables of the environment with foreign text in them, besides those that Jenkins makes. */
  readonly foreign: ReadonlyMap<string, OutsideValue>;
  /** Names whose value was compared with a pattern, and everything else was refused. */
  readonly checked: ReadonlySet<string>;
  readonly runner: Runner | undefined;
  readonly container: ImageUse | undefined;
  readonly privileges: readonly PrivilegeUse[];
  /** How many calls of functions this is inside of. */
  readonly callDepth: number;
}

export interface StepDraft {
  readonly span: Span;
  readonly text: Text;
  readonly shell: Text | undefined;
  readonly env: readonly Variable[];
  readonly name: Text | undefined;
}

/** What all jobs of a file may hold together, however often a function is called. */
export interface Budget {
  scriptCharacters: number;
}

/** A job under way. */
export class JobDraft {
  readonly id: string;
  readonly key: Place;
  readonly span: Span;
  readonly conditions: readonly Condition[];
  readonly budget: Budget;
  readonly steps: StepDraft[] = [];
  readonly insertions: (Insertion & OutsideValue)[] = [];
  readonly credentialInsertions: CredentialInsertion[] = [];
  readonly credentials = new Map<string, CredentialUse>();
  readonly foreign = new Map<string, OutsideValue>();
  readonly privileges = new Map<string, PrivilegeUse>();
  readonly services: ImageUse[] = [];
  readonly artifacts: StoreUse[] = [];
  readonly caches: StoreUse[] = [];
  readonly approvals: Place[] = [];
  readonly openApprovals: Place[] = [];
  readonly loadedCode: (Place & { readonly what: string })[] = [];
  readonly env: Variable[] = [];
  runner: Runner | undefined;
  container: ImageUse | undefined;
  /** Things it does that are no script: a checkout, an upload. */
  actions = 0;

  constructor(id: string, key: Place, span: Span, scope: Scope, budget: Budget) {
    this.id = id;
    this.budget = budget;
    this.key = key;
    this.span = span;
    this.conditions = scope.conditions;
    this.runner = scope.runner;
    this.container = scope.container;
    this.env.push(...scope.env);
    this.takeFrom(scope);
  }

  /** Whatever the blocks around give to the code that runs here. */
  takeFrom(scope: Scope): void {
    for (const each of scope.credentials)
      this.credentials.set(each.name, this.credentials.get(each.name) ?? each);
    for (const each of scope.privileges) this.privileges.set(`${each.kind} ${each.span.start}`, each);
    for (const [name, value] of scope.foreign) this.foreign.set(name, value);
    this.runner ??= scope.runner;
    this.container ??= scope.container;
  }

  get isEmpty(): boolean {
    return (
      this.steps.length === 0 &&
      this.insertions.length === 0 &&
      this.actions === 0 &&
      this.loadedCode.length === 0 &&
      this.services.length === 0
    );
  }
}

export function emptyScope(reading: Reading): Scope {
  return {
    reading,
    conditions: [],
    credentials: [],
    bound: new Map(),
    env: [],
    foreign: new Map(),
    checked: new Set(),
    runner: undefined,
    container: undefined,
    privileges: [],
    callDepth: 0,
  };
}
