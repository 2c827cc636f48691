import { entriesOf, findInlineScript, readEnv } from '../kubernetes/containers.ts';
import { type Context, type Flow, flowsIn, passOn, type Resolve, worstFlowIn } from '../kubernetes/flow.ts';
import { valueAt, wordAt, wordNode } from '../kubernetes/manifest.ts';
import type { SourceText } from '../source.ts';
import { findValue } from '../yaml/access.ts';
import type { YamlNode } from '../yaml/node.ts';
import { readArgoExpressions, textOf, toText } from './expressions.ts';

/** Foreign text by the path under which an expression reads it. */
export type Flows = ReadonlyMap<string, Flow>;

const LINES_MAX = 20_000;
const LINE_MAX = 5000;

/** What an expression reads where `context` holds; `item.name` is a part of `item`. */
export function resolverOf({ flows }: Pick<Context, 'flows'>): Resolve {
  return (path) => flows.get(path) ?? (path.startsWith('item.') ? flows.get('item') : undefined);
}

const PRINTS = /\b(?:echo|printf|print|cat|console\.log|puts)\b/;

/** Outputs into which one of the lines of a script writes foreign text. */
function outputsOfScript(template: YamlNode, source: SourceText, resolve: Resolve): Flows {
  const container = findValue(template, 'script') ?? findValue(template, 'container');
  const node = wordNode(container, 'source') ?? findInlineScript(container)?.script;
  const outputs = new Map<string, Flow>();
  if (node === undefined) return outputs;
  const script = toText(node, source);
  const pasted = flowsIn(script, resolve);
  const variables = readEnv(container, source, readArgoExpressions).flatMap(({ name, value }) => {
    const flow = worstFlowIn(value, resolve);
    return flow === undefined ? [] : [{ name, flow }];
  });
  if (pasted.length === 0 && variables.length === 0) return outputs;
  const files = entriesOf(valueAt(template, 'outputs', 'parameters')).flatMap((each) => {
    const [name, path] = [wordAt(each, 'name'), wordAt(each, 'valueFrom', 'path')];
    return name === undefined || path === undefined ? [] : [{ name: name.toLowerCase(), path }];
  });
  let start = 0;
  for (const line of script.value.split('\n', LINES_MAX)) {
    const end = start + line.length;
    const inside = pasted.find(
      ({ expression }) => expression.outer.start >= start && expression.outer.end <= end,
    );
    const variable = variables.find(({ name }) => line.includes(`$${name}`) || line.includes(`\${${name}`));
    const flow = line.length > LINE_MAX ? undefined : (inside?.flow ?? variable?.flow);
    const hop = { source, span: script.span(start, end), label: 'becomes an output' };
    if (flow !== undefined) {
      for (const { name, path } of files) {
        if (line.includes(path)) outputs.set(`parameters.${name}`, passOn(flow, hop));
      }
      if (PRINTS.test(line)) outputs.set('result', passOn(flow, hop));
    }
    start = end + 1;
  }
  return outputs;
}

/** What of the outputs of a template is foreign, as `parameters.name` or `result`. */
export function outputsOf(template: YamlNode, source: SourceText, context: Context): Flows {
  const resolve = resolverOf(context);
  const outputs = new Map(outputsOfScript(template, source, resolve));
  for (const output of entriesOf(valueAt(template, 'outputs', 'parameters'))) {
    const name = wordAt(output, 'name');
    const text = textOf(valueAt(output, 'valueFrom', 'parameter') ?? findValue(output, 'value'), source);
    const flow = worstFlowIn(text, resolve);
    if (name !== undefined && flow !== undefined) outputs.set(`parameters.${name.toLowerCase()}`, flow);
  }
  return outputs;
}
