import type { Context, Flow, Hop, Resolve } from '../kubernetes/flow.ts';
import { passOn, worstFlowIn } from '../kubernetes/flow.ts';
import { entriesOf } from '../kubernetes/containers.ts';
import { wordNode } from '../kubernetes/manifest.ts';
import type { SourceText } from '../source.ts';
import { asMapping, asSequence, findValue } from '../yaml/access.ts';
import type { YamlNode } from '../yaml/node.ts';
import { isTemplate, toText } from './expressions.ts';
import { templateValue } from './pipelines-as-code.ts';

/** `params.name` and `inputs.params.name`, of a list `params.name.*`, too. */
function lookUp(flows: ReadonlyMap<string, Flow>, path: string): Flow | undefined {
  const plain = path.startsWith('inputs.') ? path.slice('inputs.'.length) : path;
  const found = flows.get(plain);
  if (found !== undefined) return found;
  const parts = plain.split('.');
  const depth = parts[0] === 'tasks' ? 4 : 2;
  return parts.length > depth ? flows.get(parts.slice(0, depth).join('.')) : undefined;
}

/** What an expression reads where `context` holds. */
export function resolverOf(context: Pick<Context, 'flows' | 'starts'>): Resolve {
  return (path, expression) =>
    isTemplate(expression) ? templateValue(path, context.starts) : lookUp(context.flows, path);
}

function scalarsBelow(node: YamlNode | undefined) {
  const list = asSequence(node)?.items ?? asMapping(node)?.entries.map(({ value }) => value) ?? [node];
  return list.slice(0, 1000).flatMap((each) => (each?.kind === 'scalar' ? [each] : []));
}

/** Foreign text in `params: [{ name, value }]`, by the path under which the callee reads it. */
export function flowsOfParams(
  params: YamlNode | undefined,
  source: SourceText,
  resolve: Resolve,
  prefix = 'params',
): Map<string, Flow> {
  const flows = new Map<string, Flow>();
  for (const param of entriesOf(params)) {
    const name = wordNode(param, 'name');
    if (name === undefined) continue;
    for (const scalar of scalarsBelow(findValue(param, 'value'))) {
      const flow = worstFlowIn(toText(scalar, source), resolve);
      if (flow === undefined) continue;
      const hop: Hop = { source, span: scalar, label: `becomes the parameter ${name.value.slice(0, 60)}` };
      flows.set(`${prefix}.${name.value.toLowerCase()}`, passOn(flow, hop));
    }
  }
  return flows;
}

/** Parameters that a definition declares and nobody here gives: whoever refers to it does. */
export function flowsOfDeclared(spec: YamlNode | undefined): Map<string, Flow> {
  const flows = new Map<string, Flow>();
  for (const param of entriesOf(findValue(spec, 'params'))) {
    const name = wordNode(param, 'name');
    if (name === undefined || findValue(param, 'enum') !== undefined) continue;
    const path = `params.${name.value.toLowerCase()}`;
    flows.set(path, {
      name: `params.${name.value}`,
      what: 'the value of the parameter',
      writtenBy: 'caller',
      hops: [],
    });
  }
  return flows;
}

/** Foreign text in the defaults of parameters, where Pipelines as Code puts it. */
export function flowsOfDefaults(
  spec: YamlNode | undefined,
  source: SourceText,
  resolve: Resolve,
): Map<string, Flow> {
  const flows = new Map<string, Flow>();
  for (const param of entriesOf(findValue(spec, 'params'))) {
    const [name, value] = [wordNode(param, 'name'), wordNode(param, 'default')];
    if (name === undefined || value === undefined) continue;
    const flow = worstFlowIn(toText(value, source), resolve);
    if (flow !== undefined) flows.set(`params.${name.value.toLowerCase()}`, flow);
  }
  return flows;
}
