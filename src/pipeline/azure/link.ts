import type { ReadFile } from '../read-file.ts';
import type { Start } from '../surface.ts';
import { evaluateConditions } from './conditions.ts';
import { credentialsOf, type HeldCredential } from './credentials.ts';
import { type Origin, ownParameters, passOn, type Scope, Scope as NameScope, scopeOf } from './foreign.ts';
import { importsOf } from './imports.ts';
import {
  type AzureJob,
  type AzurePipeline,
  isAzurePipeline,
  type Stage,
  type TemplateCall,
  type Variables,
} from './model.ts';
import { readStarts, situationOf } from './starts.ts';
import { approvalsBefore, approvalsIn, startsOfJob } from './reach.ts';
import { type Linked, surfaceOf } from './surface.ts';
import { type Around, HELD_MAX, mergeAround, NOTHING } from './around.ts';

interface Caller {
  readonly from: AzurePipeline;
  readonly call: TemplateCall;
}

/** Templates in templates; the platform allows fifty files deep. */
const DEPTH_MAX = 50;
/** One is enough for templates that do not lead to each other by several ways. */
const ROUNDS_MAX = 4;
const CALLERS_MAX = 200;

/** The pipelines of one repository, and how their templates lead to one another. */
class Linker {
  readonly #byFile: ReadonlyMap<string, AzurePipeline>;
  readonly #callers = new Map<AzurePipeline, Caller[]>();
  readonly #around = new Map<AzurePipeline, Around>();
  readonly #held = new Map<AzurePipeline, readonly HeldCredential[]>();
  readonly #shared = new Map<AzurePipeline, readonly Variables[]>();
  readonly #isOnGithub: boolean;
  #depth = 0;

  constructor(pipelines: readonly AzurePipeline[], isOnGithub: boolean) {
    this.#isOnGithub = isOnGithub;
    this.#byFile = new Map(pipelines.map((each) => [each.file, each]));
    for (const from of pipelines) {
      for (const call of from.calls) {
        const target = this.target(call);
        if (target === undefined || target === from) continue;
        const known = this.#callers.get(target);
        if (known === undefined) this.#callers.set(target, [{ from, call }]);
        else known.push({ from, call });
      }
    }
  }

  target({ file }: TemplateCall): AzurePipeline | undefined {
    return file === undefined ? undefined : this.#byFile.get(file);
  }

  callersOf(pipeline: AzurePipeline): readonly Caller[] {
    return this.#callers.get(pipeline) ?? [];
  }

  /** Remembers an answer; what asks for itself on the way gets `begin`. */
  #recall<Fact>(
    known: Map<AzurePipeline, Fact>,
    subject: AzurePipeline,
    begin: Fact,
    workOut: () => Fact,
  ): Fact {
    const before = known.get(subject);
    if (before !== undefined) return before;
    known.set(subject, begin);
    if (this.#depth >= DEPTH_MAX) return begin;
    this.#depth += 1;
    const fact = workOut();
    this.#depth -= 1;
    known.set(subject, fact);
    return fact;
  }

  #startsOf(pipeline: AzurePipeline): readonly Start[] {
    if (pipeline.kind !== 'workflow') return [];
    return this.#isOnGithub ? readStarts(pipeline.node, true) : pipeline.starts;
  }

  #ownAround(pipeline: AzurePipeline): Around {
    return { ...NOTHING, starts: this.#startsOf(pipeline), parameters: ownParameters(pipeline) };
  }

  aroundOf(pipeline: AzurePipeline): Around {
    return this.#around.get(pipeline) ?? NOTHING;
  }

  /** From the files that runs start from to their templates; more rounds for those that were reached too early. */
  spread(pipelines: readonly AzurePipeline[]): void {
    for (const each of pipelines) {
      const hasOwn = each.kind === 'workflow' || this.callersOf(each).length === 0;
      this.#around.set(each, hasOwn ? this.#ownAround(each) : NOTHING);
    }
    const reached = new Set(
      pipelines.filter((each) => this.callersOf(each).length === 0 || each.kind === 'workflow'),
    );
    for (const from of reached) {
      for (const call of from.calls) {
        const target = this.target(call);
        if (target !== undefined) reached.add(target);
      }
    }
    for (let round = 0; round < ROUNDS_MAX; round += 1) {
      const before = this.#countStarts();
      for (const each of reached) this.#handDownTo(each);
      if (this.#countStarts() === before && round > 0) return;
    }
  }

  #countStarts(): number {
    return [...this.#around.values()].reduce(
      (sum, { starts, parameters }) => sum + starts.length + parameters.size,
      0,
    );
  }

  #handDownTo(pipeline: AzurePipeline): void {
    const callers = this.callersOf(pipeline);
    if (callers.length === 0) return;
    const handed = callers.slice(0, CALLERS_MAX).map((caller) => this.#handDown(caller));
    this.#around.set(
      pipeline,
      mergeAround(pipeline.kind === 'workflow' ? [this.#ownAround(pipeline), ...handed] : handed),
    );
  }

  #scopeAt({ from, call }: Caller, around: Around): Scope {
    const shared = call.job === undefined ? this.sharedBy(from) : this.#sharedFor(call.job);
    if (call.job !== undefined) return scopeOf(call.job, around.parameters, around.variables, shared);
    const scope = new NameScope(around.parameters, around.variables);
    scope.addVariables([...shared, ...call.variables]);
    return scope;
  }

  /** What one use of a template means for it. */
  #handDown(caller: Caller): Around {
    const { from, call } = caller;
    const around = this.aroundOf(from);
    const scope = this.#scopeAt(caller, around);
    const started = call.job === undefined ? around.starts : startsOfJob(call.job, around.starts);
    const parameters = call.passed.flatMap(({ name, value }): [string, Origin][] => {
      const found = scope.originOfText(value);
      const label = `is given to the template as ${name.slice(0, 60)}`;
      return found === undefined ? [] : [[name.toLowerCase(), passOn(found, label)]];
    });
    return {
      starts: started.filter((each) => evaluateConditions(call.conditions, situationOf(each)) !== 'false'),
      parameters: new Map(parameters),
      variables: scope.variables,
      credentials: [...around.credentials, ...this.#heldAt(caller)].slice(0, HELD_MAX),
      approvals: [
        ...around.approvals,
        ...(call.job === undefined ? this.#approvalsAbove(call, from) : approvalsBefore(call.job, () => [])),
      ],
    };
  }

  /** The stages before the one that a template is used in. */
  #approvalsAbove({ stage }: TemplateCall, from: AzurePipeline) {
    const needed = new Set(stage?.dependsOn ?? []);
    return approvalsIn(from.jobs.filter((job) => job.stage !== undefined && needed.has(job.stage.name)));
  }

  #heldAt({ call: { job, conditions } }: Caller): HeldCredential[] {
    if (job === undefined) return [];
    return credentialsOf(job, this.#sharedFor(job)).map(({ use, conditions: own }) => ({
      use: { ...use, scope: use.scope === 'pipeline' ? 'job' : use.scope },
      conditions: [...own, ...conditions],
    }));
  }

  /** Variables that templates for variables bring into a file. */
  sharedBy(pipeline: AzurePipeline): readonly Variables[] {
    return this.#recall(this.#shared, pipeline, [], () =>
      this.#sharedOf(pipeline.calls.filter(({ stage, job }) => stage === undefined && job === undefined)),
    );
  }

  /** Those of the file, of the stage and of the job itself. */
  #sharedFor(job: AzureJob): readonly Variables[] {
    const own = job.pipeline.calls.filter(
      (call) =>
        call.kind === 'variables' &&
        (call.job === job || (call.job === undefined && call.stage === job.stage)),
    );
    return job.stage === undefined
      ? [...this.sharedBy(job.pipeline), ...this.#sharedOf(own.filter((call) => call.job === job))]
      : [...this.sharedBy(job.pipeline), ...this.#sharedOf(own)];
  }

  #sharedOf(calls: readonly TemplateCall[]): Variables[] {
    return calls
      .filter(({ kind }) => kind === 'variables')
      .flatMap((call) => {
        const target = this.target(call);
        return target === undefined ? [] : [target.variables, ...this.sharedBy(target)];
      })
      .slice(0, HELD_MAX);
  }

  /** What the steps of a template hold, with those of the templates in it. */
  #heldIn(pipeline: AzurePipeline): readonly HeldCredential[] {
    return this.#recall(this.#held, pipeline, [], () =>
      pipeline.jobs
        .flatMap((job) => [...credentialsOf(job, this.#sharedFor(job)), ...this.#heldBelow(job)])
        .slice(0, HELD_MAX),
    );
  }

  #heldBelow(job: AzureJob): HeldCredential[] {
    const calls = job.pipeline.calls.filter((call) => call.job === job);
    return calls.flatMap((call) => {
      const target = this.target(call);
      if (target === undefined || target === job.pipeline) return [];
      return this.#heldIn(target).map(({ use, conditions }) => ({
        use,
        conditions: [...conditions, ...call.conditions],
      }));
    });
  }

  linkedOf(job: AzureJob): Linked {
    const { pipeline } = job;
    return {
      credentials: this.#heldBelow(job).slice(0, HELD_MAX),
      shared: this.#sharedFor(job),
      approvals: (stages: ReadonlySet<Stage>) =>
        pipeline.calls
          .filter(({ stage }) => stage !== undefined && stages.has(stage))
          .flatMap((call) => approvalsIn(this.target(call)?.jobs ?? [])),
    };
  }

  /** Everything that a file is made of lies in this repository, and was read. */
  isComplete({ calls }: AzurePipeline): boolean {
    return calls.every((call) => this.target(call) !== undefined);
  }
}

function isGithubOnly({ source: { file } }: ReadFile): boolean {
  return file.startsWith('.github/workflows/');
}

function findPipelines(files: readonly ReadFile[]): AzurePipeline[] {
  return files.flatMap(({ definitions }) =>
    definitions.flatMap((each) =>
      each.kind === 'pipeline' && isAzurePipeline(each.pipeline) ? [each.pipeline] : [],
    ),
  );
}

/** Works out what every job exposes, now that all templates of the repository are at hand. */
export function linkAzureTemplates(files: readonly ReadFile[]): void {
  const pipelines = findPipelines(files);
  if (pipelines.length === 0) return;
  const linker = new Linker(pipelines, files.some(isGithubOnly));
  linker.spread(pipelines);
  const aliases = pipelines
    .flatMap(({ kind, calls }) => (kind === 'template' ? calls : []))
    .flatMap(({ alias }) => alias ?? []);
  for (const pipeline of pipelines) {
    const around = linker.aroundOf(pipeline);
    pipeline.surface = { imports: importsOf(pipeline, aliases), complete: linker.isComplete(pipeline) };
    for (const job of pipeline.jobs) {
      const callers = linker.callersOf(pipeline).filter(({ call }) => call.kind !== 'steps');
      job.runner ??= callers[0]?.call.runner;
      job.surface = surfaceOf(job, around, linker.linkedOf(job));
    }
  }
}

/** A file by itself, as far as it can be told. */
export function linkAlone(pipeline: AzurePipeline): void {
  const linker = new Linker([pipeline], false);
  pipeline.surface = { imports: importsOf(pipeline, []), complete: linker.isComplete(pipeline) };
  linker.spread([pipeline]);
  const around = linker.aroundOf(pipeline);
  for (const job of pipeline.jobs) job.surface = surfaceOf(job, around, linker.linkedOf(job));
}

/** Files of the repository that templates are in, for whoever looks for them. */
export function templateFilesOf(files: readonly ReadFile[]): string[] {
  return findPipelines(files).flatMap(({ calls }) => calls.flatMap(({ file }) => file ?? []));
}
