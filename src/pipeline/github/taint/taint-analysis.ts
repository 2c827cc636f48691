import { type ExpressionNode, pathOf } from '../../expression.ts';
import type { InputDefinition, Job, Pipeline, Script, Step, Variable } from '../../model.ts';
import type { Repository } from '../../repository.ts';
import { type Expression, locateExpression, type Text } from '../../text.ts';
import type { Hop, Taint } from '../../taint.ts';
import type { Authority } from '../../trigger.ts';
import { findUntrustedContext } from '../untrusted-contexts.ts';
import { findKnownOutput, findPassedOn } from './known-outputs.ts';
import { findScriptWrite } from './script-writes.ts';
import { originTaint, triggersOf } from './trigger-reach.ts';

/** Where an expression stands: names resolve from the inside out. */
export interface Scope {
  readonly pipeline: Pipeline;
  readonly job?: Job | undefined;
  readonly step?: Step | undefined;
}

const DEPTH_MAX = 12;
const TAINTS_MAX = 16;
/** Steps whose scripts are searched for what they write into the environment. */
const EARLIER_STEPS_MAX = 200;
/** Expressions that one question may lead through: variables can be woven so that ways multiply. */
const STEPS_MAX = 1_000;
/** Functions whose result carries what went in. */
const CARRIERS = new Set(['format', 'join', 'tojson', 'fromjson', 'case']);

function guessed(taint: Taint): Taint {
  return taint.certainty === 'certain' ? { ...taint, certainty: 'likely' } : taint;
}

/** Follows what attackers write through variables, outputs, inputs and matrices of one repository. */
export class TaintAnalysis {
  readonly #repository: Repository;
  readonly #cache = new Map<Expression, readonly Taint[]>();
  readonly #active = new Set<Expression>();
  #steps = 0;
  #cuts = 0;

  constructor(repository: Repository) {
    this.#repository = repository;
  }

  /** What an attacker can put into this expression's value; empty when nothing. */
  taintsOf(expression: Expression, scope: Scope): readonly Taint[] {
    const known = this.#cache.get(expression);
    if (known !== undefined) return known;
    if (!expression.parsed.ok) return [];
    if (this.#active.size === 0) this.#steps = 0;
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
    if (path === undefined) return node.kind === 'property' ? this.#ofNode(node.object, scope) : [];
    const [context = '', ...names] = path.split('.');
    const name = names[0] ?? '';
    switch (context) {
      case 'github':
        return this.#ofGithub(path, scope);
      case 'env':
        return this.#ofVariable(name, scope);
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
    const triggers = triggersOf(this.#repository, scope.pipeline).filter((each) =>
      context.events.includes(each.event),
    );
    if (triggers.length > 0) return [originTaint(path, context.shape, triggers)];
    // Nobody in this repository calls it: whoever does brings an event of their own.
    const open =
      scope.pipeline.kind === 'action' ||
      scope.pipeline.triggers.some(({ event }) => event === 'workflow_call');
    if (!open || this.#repository.callersOf(scope.pipeline).length > 0) return [];
    return [
      {
        origin: path,
        shape: context.shape,
        events: [],
        writtenBy: 'caller',
        authority: 'caller',
        hops: [],
        certainty: 'possible',
      },
    ];
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

  #ofVariable(name: string, scope: Scope): Taint[] {
    const { pipeline, job, step } = scope;
    const find = (variables: readonly Variable[]) =>
      variables.findLast((variable) => variable.name.toLowerCase() === name);
    const label = `environment variable ${name.toUpperCase()}`;
    const own = step === undefined ? undefined : find(step.env);
    if (own !== undefined) return this.#ofText(own.value, scope, label);
    const written = (job?.steps ?? [])
      .slice(Math.max(0, (step?.index ?? Number.POSITIVE_INFINITY) - EARLIER_STEPS_MAX), step?.index)
      .flatMap((other) => this.#ofScriptWrite(other, 'GITHUB_ENV', name));
    if (written.length > 0) return written;
    const ofJob = job === undefined ? undefined : find(job.env);
    if (ofJob !== undefined) return this.#ofText(ofJob.value, { pipeline, job }, label);
    return this.#ofText(find(pipeline.env)?.value, { pipeline }, label);
  }

  #ofScriptWrite(step: Step, file: 'GITHUB_OUTPUT' | 'GITHUB_ENV', name: string): Taint[] {
    if (step.work.kind !== 'script') return [];
    const script: Script = step.work;
    const write =
      findScriptWrite(script, file, name) ??
      (file === 'GITHUB_ENV' ? findScriptWrite(script, file, name.toUpperCase()) : undefined);
    if (write === undefined) return [];
    const scope = { pipeline: step.job.pipeline, job: step.job, step };
    const label =
      file === 'GITHUB_ENV' ? `written to the environment as ${name}` : `written to the output ${name}`;
    const direct = write.expressions.flatMap((expression) =>
      this.#through(this.taintsOf(expression, scope), label, expression).map(guessed),
    );
    const viaVariables = write.variables.flatMap((variable) =>
      this.#ofVariable(variable.toLowerCase(), scope),
    );
    const triggers = triggersOf(this.#repository, scope.pipeline);
    const read = write.sources.map(({ what, shape }) => originTaint(what, shape, triggers, 'likely'));
    return [...direct, ...viaVariables.map(guessed), ...(triggers.length === 0 ? [] : read)];
  }

  #ofStepOutput(id: string, output: string, scope: Scope): Taint[] {
    const step = scope.job?.steps.find((candidate) => candidate.id?.toLowerCase() === id);
    if (step === undefined) return [];
    if (step.work.kind !== 'action') return this.#ofScriptWrite(step, 'GITHUB_OUTPUT', output);
    const { reference, inputs } = step.work;
    const known = findKnownOutput(reference.repository, output);
    const triggers = triggersOf(this.#repository, scope.pipeline);
    if (known !== undefined && triggers.length > 0) {
      return [originTaint(`${known.what} (${reference.repository})`, known.shape, triggers, 'likely')];
    }
    const input = findPassedOn(reference.repository, output);
    if (input !== undefined) {
      const passed = inputs.find(({ name }) => name.toLowerCase() === input)?.value;
      return this.#ofText(passed, { ...scope, step }, `passed on by ${reference.repository}`);
    }
    const action = this.#repository.resolveStep(step);
    const value = action?.outputs.find(({ name }) => name.toLowerCase() === output)?.value;
    const [job] = action?.jobs ?? [];
    return action === undefined
      ? []
      : this.#ofText(value, { pipeline: action, job }, `output ${output} of ${action.file}`);
  }

  #ofJobOutput(id: string, output: string, scope: Scope): Taint[] {
    const job = scope.pipeline.jobs.find((candidate) => candidate.id.toLowerCase() === id);
    if (job === undefined) return [];
    const find = (variables: readonly Variable[]) =>
      variables.find(({ name }) => name.toLowerCase() === output)?.value;
    const label = `output ${output} of the job ${job.id}`;
    const called = this.#repository.resolveCall(job);
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
    const passed = this.#repository.callersOf(pipeline).flatMap(({ job, step }): Taint[] => {
      const given = step?.work.kind === 'action' ? step.work.inputs : job.call?.inputs;
      const value = given?.findLast((each) => each.name.toLowerCase() === name)?.value;
      return this.#ofText(value, { pipeline: job.pipeline, job, step }, label);
    });
    return [...passed, ...inputs.flatMap((input) => this.#ofGivenInput(input, scope))];
  }

  #ofGivenInput(input: InputDefinition, scope: Scope): Taint[] {
    if (input.type !== 'string') return [];
    const called = this.#repository.callersOf(scope.pipeline).length > 0;
    if (input.givenBy === 'caller' && called) return [];
    const writtenBy = input.givenBy === 'caller' ? 'caller' : 'member';
    const authority: Authority = writtenBy === 'caller' ? 'caller' : 'full';
    const events = [writtenBy === 'caller' ? 'workflow_call' : 'workflow_dispatch'];
    return [
      {
        origin: `inputs.${input.name}`,
        shape: 'text',
        events,
        writtenBy,
        authority,
        hops: [],
        certainty: writtenBy === 'caller' ? 'possible' : 'certain',
      },
    ];
  }
}
