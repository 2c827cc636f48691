import { memoize } from '#pipeline/memoize.ts';
import type { Job, Pipeline } from '#pipeline/model.ts';
import type { Repository } from '#pipeline/repository.ts';
import { actionName, needsOfAction } from './action-needs.ts';
import { type Bindings, OWN_TOKEN, ownerOf } from './job-token.ts';
import { type InferredPermissions, type Need, type ScopeAccess, scopesOf } from './need.ts';
import { NeedCollector } from './step-needs.ts';

const NO_BINDINGS: Bindings = new Map();
const CALLS_DEEP_MAX = 4;
const CALLERS_MAX = 50;

/** Which of the two a conversation is follows from what starts the workflow. */
function conversationScopes(events: readonly string[]): readonly string[] {
  const known = events.filter((event) => event !== 'workflow_call' && event !== 'workflow_dispatch');
  if (known.length > 0 && known.every((event) => event.startsWith('pull_request'))) return ['pull-requests'];
  if (known.length > 0 && known.every((event) => event === 'issues')) return ['issues'];
  return ['issues', 'pull-requests'];
}

/** Who logs in to a registry and is seen only to pull needs to read. */
function registryScope(needs: readonly Need[]): ScopeAccess {
  const packages = needs.filter(({ scope }) => scope === 'packages');
  const pullsOnly = packages.length > 0 && packages.every(({ access }) => access === 'read');
  return { scope: 'packages', access: pullsOnly ? 'read' : 'write' };
}

function settle(needs: readonly Need[], events: readonly string[]): Need[] {
  return needs.flatMap((need) => {
    if (need.scope === 'conversation') return conversationScopes(events).map((scope) => ({ ...need, scope }));
    return need.scope === 'registry' ? [{ ...need, ...registryScope(needs) }] : [need];
  });
}

class Inference {
  readonly #repository: Repository;
  readonly #known = new Map<Job, InferredPermissions>();

  constructor(repository: Repository) {
    this.#repository = repository;
  }

  infer(job: Job, depth = 0): InferredPermissions {
    const known = this.#known.get(job);
    if (known !== undefined) return known;
    const collector = new NeedCollector();
    const events = job.pipeline.triggers.map(({ event }) => event);
    const environment = [...job.env, ...job.pipeline.env];
    if (job.call === undefined) {
      const around = {
        job,
        repository: this.#repository,
        bindings: this.#secretsFor(job.pipeline),
        environment,
        events,
        depth: 0,
      };
      for (const step of job.steps) collector.visit(step, around);
      collector.finish(job);
    } else this.#call(job, collector, depth, events);
    const needs = settle(collector.needs, events);
    const { unknown, program } = collector;
    const result = { needs, unknown, program, scopes: scopesOf(needs) };
    this.#known.set(job, result);
    return result;
  }

  /** Secrets and inputs of a called workflow that are the token of a caller in this repository. */
  #secretsFor(pipeline: Pipeline): Bindings {
    const found = new Map<string, string>();
    for (const { job } of this.#repository.callersOf(pipeline).slice(0, CALLERS_MAX)) {
      const given = [
        ...(job.call?.secrets ?? []).map((each) => ({ ...each, name: `secrets.${each.name}` })),
        ...(job.call?.inputs ?? []),
      ];
      for (const { name, value } of given)
        if (ownerOf(value?.value ?? '', NO_BINDINGS) === 'own') found.set(name.toLowerCase(), OWN_TOKEN);
    }
    return found;
  }

  /** A called workflow can have at most what its caller has. */
  #call(job: Job, collector: NeedCollector, depth: number, events: readonly string[]): void {
    const { call } = job;
    if (call === undefined) return;
    const called = this.#repository.resolveCall(job);
    if (called !== undefined && depth < CALLS_DEEP_MAX) return this.#called(called, collector, depth);
    const { source } = call.text;
    const situation = { inputs: call.inputs, environment: [], bindings: NO_BINDINGS, events };
    const needs =
      call.reference.kind === 'repository' ? needsOfAction(actionName(call.reference), situation) : undefined;
    const name = call.text.value.slice(0, 80);
    if (needs === undefined)
      collector.addUnknown(`the workflow \`${name}\` is not read`, call.text.node, source);
    else collector.add(needs, name, call.text.node, source);
  }

  #called(called: Pipeline, collector: NeedCollector, depth: number): void {
    for (const job of called.jobs) {
      const declared = job.permissions ?? called.permissions;
      const { source } = called;
      const scopes = (declared?.scopes ?? []).flatMap(({ name, access }) =>
        access === 'none' ? [] : [{ scope: name, access }],
      );
      if (declared === undefined) {
        const inner = this.infer(job, depth + 1);
        collector.needs.push(...inner.needs);
        collector.unknown.push(...inner.unknown);
        collector.program ??= inner.program;
      } else if (declared.all === 'read' || declared.all === 'write')
        collector.addUnknown(
          `the job \`${job.id}\` of ${called.file} asks for everything`,
          declared.node,
          source,
        );
      else collector.add(scopes, `the job ${job.id} of ${called.file}`, declared.node, source);
    }
  }
}

const inferenceOf = memoize((repository: Repository) => new Inference(repository));

/** The least that the token of a job of GitHub has to be allowed, with what it is used for. */
export function inferPermissions(job: Job, repository: Repository): InferredPermissions {
  return inferenceOf(repository).infer(job);
}
