import type { SourceText } from '../source.ts';
import type { Place } from '../surface.ts';
import { readAgent, readNode, withAgent } from './agents.ts';
import { judgeCondition, judgeWhenBlock, type Situation } from './conditions.ts';
import { bindingsOfBlock, withBindings } from './credentials.ts';
import { assignVariable, withEnv, withEnvironment } from './environment.ts';
import { type Budget, type Condition, JobDraft, type Scope } from './scope.ts';
import { addLoadedCode, addScript, isScript } from './script-step.ts';
import { addApproval, addDocker, addStep, withPod } from './side-effects.ts';
import { withChecked } from './checked-values.ts';
import { situations } from './situations.ts';
import { functionOf, type GroovyFunction } from './symbols.ts';
import {
  type Call,
  callsOf,
  type Closure,
  closuresOf,
  constantOf,
  type Expression,
  firstArgument,
} from './tree.ts';

const CALL_DEPTH_MAX = 5;
const VISITS_MAX = 200_000;
const DRAFTS_MAX = 2000;
const SCRIPT_CHARACTERS_MAX = 4_000_000;
const NAME_MAX = 80;
/** Whoever has more of them is left with fewer: that stops nobody. */
const CONDITIONS_MAX = 30;

function isPossible(conditions: readonly Condition[], situation: Situation): boolean {
  return conditions.every((condition) => condition(situation) !== false);
}

function negate(condition: Condition): Condition {
  return (situation) => {
    const truth = condition(situation);
    return truth === undefined ? undefined : !truth;
  };
}

function narrow(scope: Scope, ...conditions: readonly (Condition | undefined)[]): Scope {
  // What is unknown for every build tells none of them from the others.
  const added = conditions.flatMap((each) =>
    each !== undefined && situations.some((situation) => each(situation) !== undefined) ? [each] : [],
  );
  return added.length === 0 || scope.conditions.length >= CONDITIONS_MAX
    ? scope
    : { ...scope, conditions: [...scope.conditions, ...added] };
}

/** Nothing behind it is reached. */
function leaves({ statements }: Closure): boolean {
  const last = statements.at(-1);
  const first = last?.kind === 'sequence' ? last.items[0] : last;
  const name =
    first?.kind === 'name'
      ? first.name
      : first?.kind === 'chain' && first.head.kind === 'name'
        ? first.head.name
        : '';
  return /^(?:return|error|throw)$/.test(name);
}

function isDeclarative(call: Call): boolean {
  const [only] = call.entries;
  return (
    /^(?:steps|stages|parallel|matrix)$/.test(call.path) &&
    call.entries.length === 1 &&
    only?.value.kind === 'closure'
  );
}

/** Goes through a pipeline as it runs, and takes down what each part of it does. */
export class Walker {
  readonly drafts: JobDraft[] = [];
  readonly visited = new Set<GroovyFunction>();
  readonly #library: ReadonlyMap<string, GroovyFunction>;
  /** Approvals that everything from here on waits for. */
  readonly #passed: Place[] = [];
  readonly #budget: Budget = { scriptCharacters: SCRIPT_CHARACTERS_MAX };
  #visits = 0;

  constructor(library: ReadonlyMap<string, GroovyFunction>) {
    this.#library = library;
  }

  open(id: string, call: Pick<Call, 'start' | 'end'>, key: Place['span'], scope: Scope): JobDraft {
    const draft = new JobDraft(
      id,
      { source: scope.reading.unit.source, span: key },
      call,
      scope,
      this.#budget,
    );
    draft.approvals.push(...this.#passed.slice(0, 20));
    if (this.drafts.length < DRAFTS_MAX) this.drafts.push(draft);
    return draft;
  }

  statements(statements: readonly Expression[], scope: Scope, draft: JobDraft): void {
    let inner = scope;
    let previous: Condition | undefined;
    for (const statement of statements) {
      if (functionOf(statement) !== undefined) continue;
      if (statement.kind === 'sequence') assignVariable(statement, inner, draft);
      let pending: Condition | undefined;
      for (const item of statement.kind === 'sequence' ? statement.items : [statement]) {
        if (item.kind === 'operator') continue;
        const call = item.kind === 'chain' ? callsOf(item)[0] : undefined;
        if (call?.path === 'if') {
          previous = this.#if(call, narrow(inner, pending), draft);
          const [body] = closuresOf(call);
          if (body !== undefined && leaves(body)) inner = withChecked(narrow(inner, negate(previous)), call);
          pending = body === undefined ? previous : undefined;
        } else if (call?.path === 'else' || (item.kind === 'name' && item.name === 'else')) {
          pending = previous === undefined ? undefined : negate(previous);
          for (const body of call === undefined ? [] : closuresOf(call))
            this.#block(body, narrow(inner, pending), draft);
        } else this.visit(item, narrow(inner, pending), draft);
      }
    }
  }

  #if(call: Call, scope: Scope, draft: JobDraft): Condition {
    const conditions = call.entries.filter(({ value }) => value.kind !== 'closure').map(({ value }) => value);
    for (const each of conditions) this.visit(each, scope, draft);
    const [only] = conditions;
    const condition: Condition = (situation) =>
      only === undefined ? undefined : judgeCondition(only, situation);
    for (const body of closuresOf(call)) this.#block(body, narrow(scope, condition), draft);
    return condition;
  }

  /** What only some of the job's builds reach is a job of its own: it has credentials that the others do not have. */
  #block(body: Closure, scope: Scope, draft: JobDraft): void {
    const isNarrower = situations.some(
      (each) => isPossible(draft.conditions, each) && !isPossible(scope.conditions, each),
    );
    const target = isNarrower ? this.open(draft.id, draft.span, draft.key.span, scope) : draft;
    if (isNarrower) target.runner ??= draft.runner;
    this.statements(body.statements, scope, target);
  }

  visit(expression: Expression, scope: Scope, draft: JobDraft): void {
    this.#visits += 1;
    if (this.#visits > VISITS_MAX) return;
    switch (expression.kind) {
      case 'chain':
        if (expression.head.kind !== 'name') this.visit(expression.head, scope, draft);
        for (const call of callsOf(expression)) this.#call(call, scope, draft);
        break;
      case 'sequence':
      case 'closure':
        this.statements(expression.kind === 'closure' ? expression.statements : [expression], scope, draft);
        break;
      case 'string':
        for (const part of expression.parts) this.visit(part, scope, draft);
        break;
      case 'list':
      case 'group':
        for (const { value } of expression.entries) this.visit(value, scope, draft);
        break;
      case 'name':
      case 'number':
      case 'annotation':
        break;
    }
  }

  #entries(call: Call, scope: Scope, draft: JobDraft): void {
    for (const { value } of call.entries) this.visit(value, scope, draft);
  }

  #call(call: Call, scope: Scope, draft: JobDraft): void {
    const name = call.path.replace(/^(?:steps|script|this|ctx|jenkins|dsl)\./, '');
    const { unit } = scope.reading;
    if (name === 'pipeline') return this.#pipeline(call, scope);
    if (name === 'stage') return this.#stage(call, scope);
    if (name === 'environment' || name === 'when' || name === 'parameters') return;
    if (isScript(name)) addScript(name, call, scope, draft);
    else if (name === 'input') this.#passed.push(addApproval(call, scope, draft));
    else if (/^(?:evaluate|load|Eval\.me)$/.test(name)) addLoadedCode(call, name, scope, draft);
    else if (name.startsWith('docker.') || call.receiver !== undefined) addDocker(call, scope, draft);
    else addStep(name, call, scope, draft);
    const called = unit.functions.get(name) ?? this.#library.get(name);
    if (called !== undefined && call.receiver === undefined) this.enter(called, call, scope, draft);
    const bindings = bindingsOfBlock(call, unit);
    if (bindings !== undefined) {
      // The list of what is bound holds no steps, whatever its entries look like.
      const inner = withBindings(scope, bindings);
      for (const { statements } of closuresOf(call)) this.statements(statements, inner, draft);
      return;
    }
    if (name === 'node') return this.#entries(call, withAgent(scope, readNode(call, unit)), draft);
    if (name === 'withEnv') return this.#entries(call, withEnv(call, scope), draft);
    if (/^(?:podTemplate|containerTemplate|hostPathVolume)$/.test(name))
      return this.#entries(call, withPod(call, scope), draft);
    return this.#entries(call, scope, draft);
  }

  /** Into a function of the file, or of the library beside it. */
  enter(called: GroovyFunction, call: Call, scope: Scope, draft: JobDraft): void {
    this.visited.add(called);
    if (scope.callDepth >= CALL_DEPTH_MAX) return;
    const { hasWebhook } = scope.reading;
    const within = { function: called, entries: call.entries, caller: scope.reading };
    const reading = { unit: called.unit, within, hasWebhook };
    this.statements(called.body.statements, { ...scope, reading, callDepth: scope.callDepth + 1 }, draft);
  }

  /** The parts of a pipeline, a stage or a matrix that say in which circumstances it runs. */
  #circumstances(parts: readonly Call[], scope: Scope, reach: 'pipeline' | 'job'): Scope {
    const { unit } = scope.reading;
    let inner = scope;
    for (const part of parts) {
      if (part.path === 'agent') inner = withAgent(inner, readAgent(part, unit));
      else if (part.path === 'environment') inner = withEnvironment(part, inner, reach);
      else if (part.path === 'when') {
        const conditions = closuresOf(part).flatMap(({ statements }) => statements);
        inner = narrow(inner, (situation) => judgeWhenBlock(conditions, situation));
      } else if (part.path === 'options') {
        for (const option of partsOfBlock(part)) {
          const bindings = bindingsOfBlock(option, unit);
          if (bindings !== undefined) inner = withBindings(inner, bindings);
        }
      }
    }
    return inner;
  }

  #pipeline(call: Call, scope: Scope): void {
    const parts = partsOfBlock(call);
    const inner = this.#circumstances(parts, scope, 'pipeline');
    for (const part of parts) {
      if (part.path === 'stages') this.#stages(part, inner);
      if (part.path !== 'post') continue;
      const draft = this.open('post', part, part.nameSpan, inner);
      this.#entries(part, inner, draft);
    }
  }

  #stages(call: Call, scope: Scope): void {
    for (const part of partsOfBlock(call)) if (part.path === 'stage') this.#stage(part, scope);
  }

  #stage(call: Call, scope: Scope): void {
    const title = firstArgument(call.entries);
    const { source } = scope.reading.unit;
    const written = title === undefined ? 'stage' : titleOf(title, source);
    const id = written.replaceAll(/\s+/g, ' ').slice(0, NAME_MAX);
    const parts = partsOfBlock(call);
    if (!parts.some(isDeclarative)) {
      const draft = this.open(id, call, title ?? call.nameSpan, scope);
      for (const { statements } of closuresOf(call)) this.statements(statements, scope, draft);
      return;
    }
    const inner = this.#circumstances(parts, scope, 'job');
    const draft = this.open(id, call, title ?? call.nameSpan, inner);
    for (const part of parts) {
      if (part.path === 'input') this.#passed.push(addApproval(part, inner, draft));
      if (part.path === 'steps' || part.path === 'post') this.#entries(part, inner, draft);
      else if (part.path === 'stages' || part.path === 'parallel') this.#stages(part, inner);
      else if (part.path === 'matrix') {
        const axes = partsOfBlock(part);
        const matrix = this.#circumstances(axes, inner, 'job');
        for (const each of axes) if (each.path === 'stages') this.#stages(each, matrix);
      }
    }
  }
}

function partsOfBlock(call: Call): Call[] {
  return closuresOf(call).flatMap(({ statements }) =>
    statements.flatMap((each) => (each.kind === 'chain' ? callsOf(each).slice(0, 1) : [])),
  );
}

function titleOf(title: Expression, source: SourceText): string {
  return title.kind === 'string' ? title.token.value : (constantOf(title) ?? source.slice(title));
}
