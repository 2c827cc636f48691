import { entriesOf } from '../kubernetes/containers.ts';
import {
  callerStart,
  type Context,
  distinctCredentials,
  emptyContext,
  type Flow,
  mergeContexts,
  mergeFlows,
} from '../kubernetes/flow.ts';
import { type Manifest, readManifest, wordAt, wordNode } from '../kubernetes/manifest.ts';
import type { SourceText } from '../source.ts';
import type { CredentialUse, Start } from '../surface.ts';
import { asMapping, findValue } from '../yaml/access.ts';
import type { MappingNode, YamlNode } from '../yaml/node.ts';
import { isPipelinesAsCode, startsByAnnotations } from './pipelines-as-code.ts';
import { foreignResults } from './results.ts';
import { flowsOfDeclared, flowsOfDefaults, flowsOfParams, resolverOf } from './scope.ts';
import { findWaits, tasksOf } from './tasks.ts';
import { type Handed, readTrigger } from './triggers.ts';
import { type Bindings, bindWorkspaces, readBindings } from './workspaces.ts';

/** Parts of a file, and what leads to each, by the node of their specification. */
export type Contexts = ReadonlyMap<YamlNode, Context>;

const VISITS_MAX = 20_000;
const TRIGGERS_MAX = 300;

const memberStart: Start = {
  what: 'somebody who may create runs in the cluster',
  actor: 'member',
  code: 'base',
  authority: 'full',
  production: false,
  setting: undefined,
};

/** Where a specification stands. */
interface Placed {
  readonly spec: MappingNode;
  readonly source: SourceText;
}

class Linker {
  readonly contexts = new Map<YamlNode, Context>();
  readonly #byName = new Map<string, Manifest>();
  #visits = 0;

  constructor(manifests: readonly Manifest[]) {
    for (const manifest of manifests) this.#byName.set(`${manifest.kind}/${manifest.name}`, manifest);
  }

  #find(kinds: readonly string[], name: string | undefined): Manifest | undefined {
    if (name === undefined || name === '') return undefined;
    return kinds.map((kind) => this.#byName.get(`${kind}/${name}`)).find((each) => each !== undefined);
  }

  #resolve(
    owner: YamlNode | undefined,
    kind: 'pipeline' | 'task',
    source: SourceText,
  ): (Placed & { readonly isEmbedded: boolean }) | undefined {
    const embedded = asMapping(findValue(owner, `${kind}Spec`));
    if (embedded !== undefined) return { spec: embedded, source, isEmbedded: true };
    const kinds = kind === 'pipeline' ? ['Pipeline'] : ['Task', 'ClusterTask'];
    const found = this.#find(kinds, wordAt(owner, `${kind}Ref`, 'name'));
    const spec = asMapping(found?.spec);
    return found === undefined || spec === undefined
      ? undefined
      : { spec, source: found.source, isEmbedded: false };
  }

  #merge(node: YamlNode, context: Context): void {
    this.contexts.set(node, mergeContexts(this.contexts.get(node), context));
  }

  /** A PipelineRun or a TaskRun, wherever it stands. */
  takeRun(run: Manifest, given: Pick<Context, 'starts' | 'flows'>): void {
    const { spec, source } = run;
    const resolve = resolverOf(given);
    const context: Context = {
      ...emptyContext,
      starts: given.starts,
      flows: mergeFlows(given.flows, flowsOfParams(findValue(spec, 'params'), source, resolve)),
      credentials: readAccounts(spec, source),
    };
    const bindings = readBindings(spec, source);
    if (run.kind === 'PipelineRun') {
      const pipeline = this.#resolve(spec, 'pipeline', source);
      if (pipeline !== undefined) this.takePipeline(pipeline, context, bindings);
      return;
    }
    const bound = { ...context, ...bindWorkspaces(undefined, bindings, context) };
    const task = this.#resolve(spec, 'task', source);
    if (spec !== undefined) this.#merge(spec, bound);
    if (task !== undefined) this.takeTask(task, bound);
  }

  takePipeline({ spec, source }: Placed, outer: Context, bindings: Bindings): void {
    this.#visits += 1;
    if (this.#visits > VISITS_MAX) return;
    const defaults = flowsOfDefaults(spec, source, resolverOf(outer));
    const context: Context = { ...outer, flows: mergeFlows(outer.flows, defaults) };
    this.#merge(spec, context);
    const results = new Map<string, Flow>();
    const waits = findWaits(spec, source);
    // The second time with what the tasks answered the first time; their order in the file says nothing.
    for (const isLast of [false, true]) {
      const known = { ...context, flows: mergeFlows(context.flows, results) };
      for (const task of tasksOf(spec)) {
        const approvals = waits.get(task) ?? [];
        const inner = { ...this.#contextOfTask(task, source, known, bindings), approvals };
        const target = this.#resolve(task, 'task', source);
        if (isLast) this.#merge(task, inner);
        if (isLast && target !== undefined) this.takeTask(target, inner);
        if (isLast || target === undefined) continue;
        for (const [name, flow] of foreignResults(target.spec, target.source, inner)) {
          results.set(
            `tasks.${(wordAt(task, 'name') ?? '').toLowerCase()}.results.${name.toLowerCase()}`,
            flow,
          );
        }
      }
    }
  }

  #contextOfTask(task: YamlNode, source: SourceText, context: Context, bindings: Bindings): Context {
    const resolve = resolverOf(context);
    const matrix = findValue(task, 'matrix');
    const lists = [findValue(task, 'params'), findValue(matrix, 'params')];
    lists.push(...entriesOf(findValue(matrix, 'include')).map((each) => findValue(each, 'params')));
    let flows = new Map<string, Flow>();
    // What a run was given reaches the tasks that stand in it without being handed on.
    if (findValue(task, 'taskSpec') !== undefined) flows = new Map(context.flows);
    for (const list of lists) flows = mergeFlows(flows, flowsOfParams(list, source, resolve));
    return {
      starts: context.starts,
      flows,
      ...bindWorkspaces(task, bindings, context),
    };
  }

  takeTask({ spec, source }: Placed, outer: Context): void {
    this.#visits += 1;
    if (this.#visits > VISITS_MAX) return;
    const resolve = resolverOf(outer);
    const context = { ...outer, flows: mergeFlows(flowsOfDefaults(spec, source, resolve), outer.flows) };
    this.#merge(spec, context);
    for (const step of entriesOf(findValue(spec, 'steps'))) {
      const action = this.#find(['StepAction'], wordAt(step, 'ref', 'name'));
      const target = asMapping(action?.spec);
      if (action === undefined || target === undefined) continue;
      const flows = flowsOfParams(findValue(step, 'params'), source, resolverOf(context));
      this.#merge(target, { ...context, flows });
    }
  }

  /** Everything that a template of Triggers makes. */
  takeTemplate(
    spec: YamlNode | undefined,
    source: SourceText,
    given: Pick<Context, 'starts' | 'flows'>,
  ): void {
    if (spec === undefined) return;
    this.#merge(spec, { ...emptyContext, ...given });
    for (const resource of entriesOf(findValue(spec, 'resourcetemplates'))) {
      const manifest = readManifest(source, asMapping(resource));
      if (manifest !== undefined) this.takeRun(manifest, given);
    }
  }

  takeHanded({ template, templateSpec, source, starts, flows }: Handed): void {
    const found = this.#find(['TriggerTemplate'], template);
    if (templateSpec !== undefined) this.takeTemplate(templateSpec, source, { starts, flows });
    else if (found !== undefined) this.takeTemplate(found.spec, found.source, { starts, flows });
  }

  takeListener({ kind, spec, source }: Manifest): void {
    const findBinding = (name: string): Manifest | undefined =>
      this.#find(['TriggerBinding', 'ClusterTriggerBinding'], name);
    if (kind === 'Trigger' && spec !== undefined) this.takeHanded(readTrigger(spec, source, findBinding));
    for (const trigger of entriesOf(findValue(spec, 'triggers')).slice(0, TRIGGERS_MAX)) {
      if (findValue(trigger, 'template') === undefined) continue;
      this.takeHanded(readTrigger(trigger, source, findBinding));
    }
  }
}

/** The service accounts that a run gives its pods. */
function readAccounts(spec: YamlNode | undefined, source: SourceText): CredentialUse[] {
  const nodes = [
    wordNode(spec, 'serviceAccountName'),
    wordNode(spec, 'taskRunTemplate', 'serviceAccountName'),
    ...entriesOf(findValue(spec, 'taskRunSpecs')).flatMap((each) => [
      wordNode(each, 'serviceAccountName'),
      wordNode(each, 'taskServiceAccountName'),
    ]),
  ];
  return distinctCredentials(
    nodes.flatMap((span) =>
      span === undefined || span.value === 'default'
        ? []
        : [{ kind: 'service-account', name: span.value, scope: 'pipeline', source, span }],
    ),
  );
}

function startsOfRun(run: Manifest): readonly Start[] {
  const starts = isPipelinesAsCode(run) ? startsByAnnotations(run) : [];
  return starts.length > 0 ? starts : [memberStart];
}

/** Who leads to what among the documents of a repository. */
export function linkManifests(manifests: readonly Manifest[]): Contexts {
  const linker = new Linker(manifests);
  for (const manifest of manifests) {
    if (['EventListener', 'Trigger'].includes(manifest.kind)) linker.takeListener(manifest);
    if (['PipelineRun', 'TaskRun'].includes(manifest.kind)) {
      linker.takeRun(manifest, { starts: startsOfRun(manifest), flows: new Map() });
    }
  }
  takeUncalled(linker, manifests);
  return linker.contexts;
}

/** What nobody here leads to is for others to use; templates before pipelines, pipelines before tasks. */
function takeUncalled(linker: Linker, manifests: readonly Manifest[]): void {
  const uncalled = (...kinds: string[]): Manifest[] =>
    manifests.filter(
      ({ kind, spec }) => kinds.includes(kind) && spec !== undefined && !linker.contexts.has(spec),
    );
  for (const { spec, source } of uncalled('TriggerTemplate')) {
    const declared = [...flowsOfDeclared(spec)].map(([path, flow]) => [`tt.${path}`, flow] as const);
    linker.takeTemplate(spec, source, { starts: [callerStart], flows: new Map(declared) });
  }
  for (const { spec, source, kind } of [
    ...uncalled('Pipeline'),
    ...uncalled('Task', 'ClusterTask'),
    ...uncalled('StepAction'),
  ]) {
    const mapping = asMapping(spec);
    if (mapping === undefined || linker.contexts.has(mapping)) continue;
    const context = { ...emptyContext, starts: [callerStart], flows: flowsOfDeclared(spec) };
    if (kind === 'Pipeline') linker.takePipeline({ spec: mapping, source }, context, new Map());
    else linker.takeTask({ spec: mapping, source }, context);
  }
}
