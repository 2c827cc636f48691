import { type ExpressionNode, pathOf } from '../../expression.ts';
import type { Pipeline, Step, Variable } from '../../model.ts';
import type { Repository } from '../../repository.ts';
import { type Expression, locateExpression, type Text } from '../../text.ts';
import type { Hop, Taint } from '../../taint.ts';
import { findUntrustedContext } from '../untrusted-contexts.ts';
import { taintsOfInput, taintsOfUnknownCaller } from './caller-taint.ts';
import { exportersOf } from './exporters.ts';
import { findAddedPaths, javaScriptOf } from './github-script.ts';
import { findSourceInput, taintsOfJavaScript, taintsOfKnownOutput, taintsOfOrigins } from './output-taint.ts';
import type { Scope } from './scope.ts';
import { type Follower, taintsOfFlow, taintsOfWrites } from './script-taint.ts';
import type { Flow } from './shell-flow.ts';
import { originTaint, triggersOf } from './trigger-reach.ts';

const DEPTH_MAX = 12;
const TAINTS_MAX = 16;
/** Steps that write one variable; what the first of many wrote is overwritten. */
const EXPORTERS_MAX = 5;
/** Expressions that one question may lead through: variables can be woven so that ways multiply. */
const STEPS_MAX = 1_000;
const CALLERS_MAX = 4;
/** Scripts that write variables out of variables that scripts write. */
const EXPORTS_MAX = 3;
const EXPORTED_MAX = 60;
/** Functions whose result carries what went in. */
const CARRIERS = new Set(['format', 'join', 'tojson', 'fromjson', 'case']);

/** Members of the platform’s answers that no outsider gives free characters. */
const PLAIN_MEMBERS = new Set(
  'number id node_id sha state login created_at updated_at mergeable merged draft base url html_url length'.split(
    ' ',
  ),
);

/** Variables are what most flows begin with, and their names need no more than themselves. */
function keyOf({ origin, effect }: Flow): string {
  return origin.kind === 'variable' ? `${effect} ${origin.name}` : JSON.stringify([origin, effect]);
}

/** Follows what attackers write through variables, outputs, inputs and matrices of one repository. */
export class TaintAnalysis implements Follower {
  readonly repository: Repository;
  readonly #cache = new Map<Expression, readonly Taint[]>();
  readonly #flows = new WeakMap<Step, Map<string, readonly Taint[]>>();
  readonly #active = new Set<Expression>();
  #steps = 0;
  /** Uses of actions, and scripts that write variables, that one question has led into. */
  #callers = 0;
  #exports = 0;
  #exported = 0;
  #inFlow = false;
  #cuts = 0;

  constructor(repository: Repository) {
    this.repository = repository;
  }

  /** What an attacker can put into this expression's value; empty when nothing. */
  taintsOf(expression: Expression, scope: Scope): readonly Taint[] {
    const known = this.#cache.get(expression);
    if (known !== undefined) return known;
    if (!expression.parsed.ok) return [];
    this.#begin();
    // A variable that is made of itself adds nothing new.
    if (this.#active.has(expression) || this.#active.size >= DEPTH_MAX || this.#steps >= STEPS_MAX) {
      this.#cuts += 1;
      return [];
    }
    this.#steps += 1;
    const cutsBefore = this.#cuts;
    this.#active.add(expression);
    const taints = this.#ofNode(expression.parsed.root, scope).slice(0, TAINTS_MAX);
    this.#active.delete(expression);
    // What was cut short on the way here is whole when asked for by itself.
    if (this.#active.size === 0 || this.#cuts === cutsBefore) this.#cache.set(expression, taints);
    return taints;
  }

  /** Each question from outside may take as many steps as the one before. */
  #begin(): void {
    if (this.#active.size === 0 && this.#exports === 0 && !this.#inFlow) {
      this.#steps = 0;
      this.#exported = 0;
    }
  }

  #ofNode(node: ExpressionNode, scope: Scope): readonly Taint[] {
    switch (node.kind) {
      case 'literal':
      case 'not':
        return [];
      case 'binary':
        // `a && b` is b or something false; `a || b` is either; a comparison is true or false.
        if (node.operator === '&&') return this.#ofNode(node.right, scope);
        if (node.operator !== '||') return [];
        return [...this.#ofNode(node.left, scope), ...this.#ofNode(node.right, scope)];
      case 'call':
        if (!CARRIERS.has(node.name.toLowerCase())) return [];
        return node.args.flatMap((arg) => this.#ofNode(arg, scope));
      case 'context':
      case 'property':
      case 'wildcard':
      case 'index':
        break;
    }
    return this.#ofPath(node, scope);
  }

  #ofPath(node: ExpressionNode, scope: Scope): readonly Taint[] {
    const path = pathOf(node);
    if (path === undefined) {
      // A member of something that was computed: `fromJSON(…).title`.
      if (node.kind !== 'property' || PLAIN_MEMBERS.has(node.name.toLowerCase())) return [];
      return this.#ofNode(node.object, scope);
    }
    const [context = '', ...names] = path.split('.');
    const name = names[0] ?? '';
    switch (context) {
      case 'github':
        return this.#ofGithub(path, scope);
      case 'env':
        return this.ofVariable(name, scope);
      case 'inputs':
        return this.#ofInput(name, scope);
      case 'steps':
        return names[1] === 'outputs' ? this.#ofStepOutput(name, names[2] ?? '', scope) : [];
      case 'needs':
        return names[1] === 'outputs' ? this.#ofJobOutput(name, names[2] ?? '', scope) : [];
      case 'matrix':
        return this.#ofMatrix(names.join('.'), scope);
      default:
        return [];
    }
  }

  #ofGithub(path: string, scope: Scope): readonly Taint[] {
    if (path.startsWith('github.event.inputs.')) {
      return this.#ofInput(path.slice('github.event.inputs.'.length), scope);
    }
    const context = findUntrustedContext(path);
    if (context === undefined) return [];
    const triggers = triggersOf(this.repository, scope.pipeline).filter((each) =>
      context.events.includes(each.event),
    );
    if (triggers.length > 0) return [originTaint({ ...context, what: path }, triggers)];
    return taintsOfUnknownCaller({ ...context, what: path }, context.events, scope.pipeline, this.repository);
  }

  #ofText(text: Text | undefined, scope: Scope, label: string): Taint[] {
    return (text?.expressions ?? []).flatMap((expression) =>
      this.#through(this.taintsOf(expression, scope), label, expression),
    );
  }

  #through(taints: readonly Taint[], label: string, expression: Expression): Taint[] {
    const hop: Hop = { label, source: expression.text.source, span: locateExpression(expression) };
    return taints.map((taint) => ({ ...taint, hops: [...taint.hops, hop] }));
  }

  /** What an attacker can put into a variable of the environment; its name in lower case. */
  ofVariable(name: string, scope: Scope): readonly Taint[] {
    const { pipeline, job, step } = scope;
    const find = (variables: readonly Variable[]) =>
      variables.findLast((variable) => variable.name.toLowerCase() === name);
    const label = `environment variable ${name.toUpperCase()}`;
    const own = step === undefined ? undefined : find(step.env);
    if (own !== undefined) return this.#ofText(own.value, scope, label);
    const written = this.#exportersBefore(name, scope).flatMap((other) => this.#ofExport(other, name));
    if (written.length > 0) return written;
    const ofJob = job === undefined ? undefined : find(job.env);
    if (ofJob !== undefined) return this.#ofText(ofJob.value, { pipeline, job }, label);
    const ofPipeline = find(pipeline.env);
    if (ofPipeline !== undefined) return this.#ofText(ofPipeline.value, { pipeline }, label);
    if (name === 'github_head_ref') return this.#ofGithub('github.head_ref', scope);
    return this.#ofCallersVariable(name, pipeline);
  }

  /** The last steps before this one that write the variable. */
  #exportersBefore(name: string, { job, step }: Scope): readonly Step[] {
    const exporters = job === undefined ? [] : (exportersOf(job).get(name) ?? []);
    const before = exporters.filter(({ index }) => step === undefined || index < step.index);
    return before.slice(-EXPORTERS_MAX);
  }

  /** Steps of an action see the environment of the step that uses it. */
  #ofCallersVariable(name: string, pipeline: Pipeline): Taint[] {
    if (pipeline.kind !== 'action' || this.#callers >= CALLERS_MAX) return [];
    this.#callers += 1;
    const found = this.repository
      .callersOf(pipeline)
      .slice(0, CALLERS_MAX)
      .flatMap(({ job, step }) => this.ofVariable(name, { pipeline: job.pipeline, job, step }));
    this.#callers -= 1;
    return found.slice(0, TAINTS_MAX);
  }

  #ofExport(step: Step, name: string): Taint[] {
    if (this.#exports >= EXPORTS_MAX || this.#exported >= EXPORTED_MAX) {
      this.#cuts += 1;
      return [];
    }
    this.#exports += 1;
    this.#exported += 1;
    const found =
      step.work.kind === 'script'
        ? taintsOfWrites(step, 'GITHUB_ENV', name, this)
        : taintsOfJavaScript(step, 'exportVariable', name, this);
    this.#exports -= 1;
    return found;
  }

  /** What an attacker can put into something that a step’s script reads. */
  taintsOfFlow(flow: Flow, step: Step): readonly Taint[] {
    const key = keyOf(flow);
    const known = this.#flows.get(step)?.get(key);
    if (known !== undefined) return known;
    this.#begin();
    this.#inFlow = true;
    const taints = taintsOfFlow(flow, step, this);
    this.#inFlow = false;
    const ofStep = this.#flows.get(step) ?? new Map<string, readonly Taint[]>();
    this.#flows.set(step, ofStep.set(key, taints));
    return taints;
  }

  /** What a step that runs JavaScript puts in front of the folders in which programs are looked for. */
  taintsOfAddedPaths(step: Step): readonly Taint[] {
    const script = javaScriptOf(step);
    return script === undefined ? [] : taintsOfOrigins(findAddedPaths(script), step, this);
  }

  #ofStepOutput(id: string, output: string, scope: Scope): readonly Taint[] {
    const step = scope.job?.steps.find((candidate) => candidate.id?.toLowerCase() === id);
    if (step === undefined) return [];
    if (step.work.kind !== 'action') return taintsOfWrites(step, 'GITHUB_OUTPUT', output, this);
    const { reference } = step.work;
    const known = taintsOfKnownOutput(step.work, step, output, this);
    if (known !== undefined) return known;
    const source = findSourceInput(step.work, output);
    if (source !== undefined) {
      return this.#ofText(source, { ...scope, step }, `passed on by ${reference.repository}`);
    }
    const action = this.repository.resolveStep(step);
    if (action === undefined) return taintsOfJavaScript(step, 'setOutput', output, this);
    const value = action.outputs.find(({ name }) => name.toLowerCase() === output)?.value;
    const [job] = action.jobs;
    return this.#ofText(value, { pipeline: action, job }, `output ${output} of ${action.file}`);
  }

  #ofJobOutput(id: string, output: string, scope: Scope): Taint[] {
    const job = scope.pipeline.jobs.find((candidate) => candidate.id.toLowerCase() === id);
    if (job === undefined) return [];
    const find = (variables: readonly Variable[]) =>
      variables.find(({ name }) => name.toLowerCase() === output)?.value;
    const label = `output ${output} of the job ${job.id}`;
    const called = this.repository.resolveCall(job);
    if (called !== undefined) return this.#ofText(find(called.outputs), { pipeline: called }, label);
    return this.#ofText(find(job.outputs), { pipeline: scope.pipeline, job }, label);
  }

  #ofMatrix(name: string, scope: Scope): Taint[] {
    const { job } = scope;
    if (job === undefined) return [];
    return job.matrix
      .filter(
        (value) =>
          value.name === '*' ||
          value.name.toLowerCase() === name ||
          value.name.toLowerCase().startsWith(`${name}.`),
      )
      .flatMap((value) =>
        this.#ofText(value.value, { pipeline: scope.pipeline, job }, `matrix value ${name}`),
      );
  }

  #ofInput(name: string, scope: Scope): Taint[] {
    const { pipeline } = scope;
    const inputs = pipeline.inputs.filter((input) => input.name.toLowerCase() === name);
    if (!inputs.some((input) => input.type === 'string')) return [];
    const label = `input ${name} of ${pipeline.file}`;
    const callers = this.repository.callersOf(pipeline);
    let isLeftOut = callers.length === 0;
    const passed = callers.flatMap(({ job, step }): Taint[] => {
      const given = step?.work.kind === 'action' ? step.work.inputs : job.call?.inputs;
      const value = given?.findLast((each) => each.name.toLowerCase() === name);
      isLeftOut ||= value === undefined;
      return this.#ofText(value?.value, { pipeline: job.pipeline, job, step }, label);
    });
    const byDefault = isLeftOut
      ? inputs.flatMap((input) => this.#ofText(input.default, { pipeline }, label))
      : [];
    return [
      ...byDefault,
      ...passed,
      ...inputs.flatMap((input) => taintsOfInput(input, pipeline, this.repository)),
    ];
  }
}
