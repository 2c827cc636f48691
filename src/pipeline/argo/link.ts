import { entriesOf } from '../kubernetes/containers.ts';
import { deploymentOf } from '../kubernetes/deployments.ts';
import {
  callerStart,
  type Context,
  emptyContext,
  type Flow,
  mergeContexts,
  mergeFlows,
  passOn,
  worstFlowIn,
} from '../kubernetes/flow.ts';
import { type Manifest, valueAt, wordAt, wordNode } from '../kubernetes/manifest.ts';
import type { SourceText } from '../source.ts';
import type { JobSurface, Place, Start } from '../surface.ts';
import { asMapping, asScalar, findValue } from '../yaml/access.ts';
import type { MappingNode, YamlNode } from '../yaml/node.ts';
import { readEventBinding, readTriggered, type Source, sourcesOf } from './events.ts';
import { toText } from './expressions.ts';
import { callsOf, isLeaf, templatesOf, triggeredBy, workflowSpecOf } from './manifests.ts';
import { type Flows, outputsOf, resolverOf } from './outputs.ts';
import { waitsBefore } from './waits.ts';

const DEPTH_MAX = 25;
const VISITS_MAX = 20_000;

interface Placed {
  readonly spec: MappingNode;
  readonly source: SourceText;
}

interface Visit extends Placed {
  readonly template: MappingNode;
  readonly context: Context;
}

export interface Links {
  /** By the node of the template. */
  readonly contexts: ReadonlyMap<YamlNode, Context>;
  readonly deployments: ReadonlyMap<YamlNode, JobSurface['deploysTo']>;
}

function startOf(kind: string): Start {
  const shared = { code: 'base', authority: 'full', production: false, setting: undefined } as const;
  return kind === 'CronWorkflow'
    ? { ...shared, what: 'its schedule', actor: 'schedule' }
    : { ...shared, what: 'somebody who may submit workflows', actor: 'member' };
}

class Linker implements Links {
  readonly contexts = new Map<YamlNode, Context>();
  readonly deployments = new Map<YamlNode, JobSurface['deploysTo']>();
  readonly #byName = new Map<string, Manifest>();
  readonly #sources = new Map<string, Source>();
  readonly #known = new Map<string, Flows>();
  readonly #numbers = new Map<YamlNode, number>();
  #visits = 0;

  constructor(manifests: readonly Manifest[]) {
    for (const manifest of manifests) {
      this.#byName.set(`${manifest.kind}/${manifest.name}`, manifest);
      if (manifest.kind !== 'EventSource') continue;
      for (const each of sourcesOf(manifest)) this.#sources.set(`${manifest.name}/${each.name}`, each);
    }
  }

  findSource = (eventSource: string, name: string): Source | undefined =>
    this.#sources.get(`${eventSource}/${name}`);

  #findWorkflowTemplate(name: string | undefined): Placed | undefined {
    if (name === undefined) return undefined;
    const found =
      this.#byName.get(`WorkflowTemplate/${name}`) ?? this.#byName.get(`ClusterWorkflowTemplate/${name}`);
    const spec = asMapping(found?.spec);
    return found === undefined || spec === undefined ? undefined : { spec, source: found.source };
  }

  #resolve(call: YamlNode, { spec, source }: Placed): (Placed & { template: MappingNode }) | undefined {
    const inline = asMapping(findValue(call, 'inline'));
    if (inline !== undefined) return { spec, source, template: inline };
    const reference = findValue(call, 'templateRef');
    const name = wordAt(reference, 'template') ?? wordAt(call, 'template');
    const owner =
      reference === undefined ? { spec, source } : this.#findWorkflowTemplate(wordAt(reference, 'name'));
    const template = templatesOf(owner?.spec).find((each) => wordAt(each, 'name') === name);
    return owner === undefined || template === undefined ? undefined : { ...owner, template };
  }

  /** A workflow, from the template that it begins with. */
  submit({ spec, source }: Placed, context: Context, depth = 0): void {
    const reference = wordAt(spec, 'workflowTemplateRef', 'name');
    const target = reference === undefined ? undefined : this.#findWorkflowTemplate(reference);
    if (target !== undefined && depth < DEPTH_MAX) this.submit(target, context, depth + 1);
    const begins = [wordAt(spec, 'entrypoint'), wordAt(spec, 'onExit')];
    for (const template of templatesOf(spec)) {
      const name = wordAt(template, 'name');
      if (name === undefined || !begins.includes(name)) continue;
      const given = new Map(context.flows);
      for (const [path, flow] of context.flows) {
        given.set(path.replace(/^workflow\./, 'inputs.'), flow);
      }
      this.visit({ spec, source, template, context: { ...context, flows: given } }, 0);
    }
  }

  #keyOf({ template, context }: Visit): string {
    const number = this.#numbers.get(template) ?? this.#numbers.size;
    this.#numbers.set(template, number);
    const { starts, flows, approvals } = context;
    const written = [...flows].map(([path, { writtenBy }]) => `${path}:${writtenBy}`).sort();
    return `${number} ${approvals.length} ${starts.map(({ what }) => what).join()} ${written.join()}`;
  }

  /** Answers what of the outputs is foreign, as `parameters.name` or `result`. */
  visit(visit: Visit, depth: number): Flows {
    const key = this.#keyOf(visit);
    const known = this.#known.get(key);
    this.#visits += 1;
    if (known !== undefined || depth > DEPTH_MAX || this.#visits > VISITS_MAX) return known ?? new Map();
    // A template that calls itself answers nothing while it is being looked at.
    this.#known.set(key, new Map());
    const { template, source, context } = visit;
    this.contexts.set(template, mergeContexts(this.contexts.get(template), context));
    const inside = isLeaf(template) ? new Map<string, Flow>() : this.#followCalls(visit, depth);
    const flows = outputsOf(template, source, { ...context, flows: mergeFlows(context.flows, inside) });
    this.#known.set(key, flows);
    return flows;
  }

  #followCalls(visit: Visit, depth: number): Flows {
    const { template, source, context } = visit;
    const inside = new Map<string, Flow>();
    for (const call of callsOf(template)) {
      const target = this.#resolve(call, visit);
      if (target === undefined) continue;
      const known = { ...context, flows: mergeFlows(context.flows, inside) };
      const given = this.#argumentsOf(call, target.template, source, known);
      const waits = waitsBefore(call, template, (each) => this.#resolve(each, visit)?.template, source);
      const approvals: readonly Place[] = [...context.approvals, ...waits];
      const shared = [...context.flows].filter(([path]) => path.startsWith('workflow.'));
      const flows = new Map([...shared, ...given]);
      const name = (wordAt(call, 'name') ?? '').toLowerCase();
      this.#noteDeployment(call, target.template, source);
      for (const [path, flow] of this.visit(
        { ...target, context: { ...context, flows, approvals } },
        depth + 1,
      )) {
        inside.set(`steps.${name}.outputs.${path}`, flow).set(`tasks.${name}.outputs.${path}`, flow);
      }
    }
    return inside;
  }

  #noteDeployment(call: MappingNode, template: MappingNode, source: SourceText): void {
    const words = `${wordAt(call, 'name') ?? ''} ${wordAt(template, 'name') ?? ''}`;
    const found = deploymentOf(words, valueAt(call, 'arguments', 'parameters'), source);
    if (found !== undefined) this.deployments.set(template, found);
  }

  #argumentsOf(call: YamlNode, template: YamlNode, source: SourceText, context: Context): Flows {
    const list = asScalar(findValue(call, 'withParam'));
    const item = list === undefined ? undefined : worstFlowIn(toText(list, source), resolverOf(context));
    const resolve = resolverOf(
      item === undefined ? context : { flows: new Map([...context.flows, ['item', item]]) },
    );
    const flows = new Map<string, Flow>();
    const defaults = entriesOf(valueAt(template, 'inputs', 'parameters'));
    for (const param of [...defaults, ...entriesOf(valueAt(call, 'arguments', 'parameters'))]) {
      const [name, value] = [wordNode(param, 'name'), wordNode(param, 'value')];
      if (name === undefined || value === undefined) continue;
      const path = `inputs.parameters.${name.value.toLowerCase()}`;
      const flow = worstFlowIn(toText(value, source), resolve);
      const hop = { source, span: value, label: `becomes the parameter ${name.value.slice(0, 60)}` };
      if (flow === undefined) flows.delete(path);
      else flows.set(path, passOn(flow, hop));
    }
    return flows;
  }

  takeTriggered(sensor: Manifest): void {
    for (const each of triggeredBy(sensor)) {
      const handed = readTriggered(sensor, each, this.findSource);
      const spec = workflowSpecOf(each.workflow);
      if (spec !== undefined) this.submit({ spec, source: sensor.source }, { ...emptyContext, ...handed });
    }
  }

  takeBinding(binding: Manifest): void {
    const target = this.#findWorkflowTemplate(wordAt(binding.spec, 'submit', 'workflowTemplateRef', 'name'));
    if (target !== undefined) this.submit(target, { ...emptyContext, ...readEventBinding(binding) });
  }
}

function parametersOf(spec: YamlNode, path: string, given: Pick<Flow, 'what' | 'writtenBy'>): Flows {
  const list = entriesOf(valueAt(spec, path === 'workflow' ? 'arguments' : 'inputs', 'parameters'));
  return new Map(
    list.flatMap((param): [string, Flow][] => {
      const name = wordAt(param, 'name');
      if (name === undefined || findValue(param, 'enum') !== undefined) return [];
      return [
        [
          `${path}.parameters.${name.toLowerCase()}`,
          { ...given, name: `${path}.parameters.${name}`, hops: [] },
        ],
      ];
    }),
  );
}

/** Who leads to what among the documents of a repository. */
export function linkManifests(manifests: readonly Manifest[]): Links {
  const linker = new Linker(manifests);
  for (const manifest of manifests) {
    const { kind, source } = manifest;
    if (kind === 'Sensor') linker.takeTriggered(manifest);
    if (kind === 'WorkflowEventBinding') linker.takeBinding(manifest);
    const spec = kind === 'Workflow' || kind === 'CronWorkflow' ? workflowSpecOf(manifest) : undefined;
    if (spec === undefined) continue;
    const start = startOf(kind);
    // Whoever submits a workflow may give its arguments other values; a schedule takes them as they are.
    const given = { what: 'the value of the parameter', writtenBy: 'member' } as const;
    const flows = kind === 'Workflow' ? parametersOf(spec, 'workflow', given) : new Map<string, Flow>();
    linker.submit({ spec, source }, { ...emptyContext, starts: [start], flows });
  }
  takeUncalled(linker, manifests);
  return linker;
}

/** Templates that nobody here leads to are for others. */
function takeUncalled(linker: Linker, manifests: readonly Manifest[]): void {
  const given = { what: 'the value of the parameter', writtenBy: 'caller' } as const;
  for (const manifest of manifests) {
    const spec = workflowSpecOf(manifest);
    if (spec === undefined) continue;
    const { source } = manifest;
    const flows = parametersOf(spec, 'workflow', given);
    const context = { ...emptyContext, starts: [callerStart], flows };
    const uncalled = (): MappingNode[] => templatesOf(spec).filter((each) => !linker.contexts.has(each));
    if (uncalled().length === templatesOf(spec).length) linker.submit({ spec, source }, context);
    for (const template of uncalled()) {
      if (linker.contexts.has(template)) continue;
      const inputs = parametersOf(template, 'inputs', given);
      linker.visit({ spec, source, template, context: { ...context, flows: mergeFlows(flows, inputs) } }, 0);
    }
  }
}
