import { entriesOf } from '../kubernetes/containers.ts';
import { type Context, type Flow, flowsIn, passOn } from '../kubernetes/flow.ts';
import { wordAt, wordNode } from '../kubernetes/manifest.ts';
import type { SourceText } from '../source.ts';
import { findValue } from '../yaml/access.ts';
import type { YamlNode } from '../yaml/node.ts';
import { textOf } from './expressions.ts';
import { resolverOf } from './scope.ts';

const LINES_MAX = 20_000;
const LINE_MAX = 5000;

/** Variables of a step that hold foreign text. */
function variablesOf(step: YamlNode, source: SourceText, context: Context): Map<string, Flow> {
  const resolve = resolverOf(context);
  const variables = new Map<string, Flow>();
  for (const entry of entriesOf(findValue(step, 'env'))) {
    const [name, text] = [wordAt(entry, 'name'), textOf(findValue(entry, 'value'), source)];
    const [found] = text === undefined ? [] : flowsIn(text, resolve);
    if (name !== undefined && found !== undefined) variables.set(name, found.flow);
  }
  return variables;
}

/** Results of a task into which one of its lines writes foreign text: `echo "$(params.title)" > $(results.name.path)`. */
export function foreignResults(
  spec: YamlNode | undefined,
  source: SourceText,
  context: Context,
): Map<string, Flow> {
  const results = new Map<string, Flow>();
  const names = entriesOf(findValue(spec, 'results')).flatMap((result) => wordAt(result, 'name') ?? []);
  if (names.length === 0) return results;
  const resolve = resolverOf(context);
  for (const step of entriesOf(findValue(spec, 'steps'))) {
    const script = textOf(wordNode(step, 'script'), source);
    if (script === undefined) continue;
    const variables = variablesOf(step, source, context);
    const pasted = flowsIn(script, resolve);
    let start = 0;
    for (const line of script.value.split('\n', LINES_MAX)) {
      const end = start + line.length;
      const written =
        line.length > LINE_MAX ? undefined : names.find((name) => line.includes(`results.${name}.path`));
      if (written !== undefined) {
        const inside = pasted.find(
          ({ expression }) => expression.outer.start >= start && expression.outer.end <= end,
        );
        const variable = [...variables].find(
          ([name]) => line.includes(`$${name}`) || line.includes(`\${${name}`),
        );
        const flow = inside?.flow ?? variable?.[1];
        const hop = { source, span: script.span(start, end), label: `is written to the result ${written}` };
        if (flow !== undefined) results.set(written, passOn(flow, hop));
      }
      start = end + 1;
    }
  }
  return results;
}
