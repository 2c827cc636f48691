import type { ActionUse, Step } from '#pipeline/model.ts';
import { asMapping } from '#pipeline/yaml/access.ts';
import type { EditDraft } from '../rule.ts';

/** Adds `name: value` to a step's `with:`, in the style that is there; undefined where that cannot be done. */
export function insertInput(use: ActionUse, step: Step, name: string, value: string): EditDraft | undefined {
  const { source } = use.text;
  const inputs = asMapping(use.inputsNode);
  if (use.inputsNode?.kind === 'alias') return undefined;
  if (inputs !== undefined) {
    const first = inputs.entries[0];
    if (inputs.flow) {
      const at = inputs.start + 1;
      const text = first === undefined ? ` ${name}: ${value} ` : ` ${name}: ${value},`;
      return { start: at, end: at, replacement: text };
    }
    if (first === undefined) return undefined;
    const indent = ' '.repeat(source.position(first.key.start).column - 1);
    return { start: first.key.start, end: first.key.start, replacement: `${name}: ${value}\n${indent}` };
  }
  if (use.inputsNode !== undefined) return undefined;
  if (step.node.flow) {
    const at = use.text.node.end;
    return { start: at, end: at, replacement: `, with: { ${name}: ${value} }` };
  }
  const indent = ' '.repeat(source.position(use.key.start).column - 1);
  const lineEnd = source.text.indexOf('\n', use.text.node.end);
  const at =
    lineEnd === -1 ? source.text.length : lineEnd - (source.text.charAt(lineEnd - 1) === '\r' ? 1 : 0);
  return { start: at, end: at, replacement: `\n${indent}with:\n${indent}  ${name}: ${value}` };
}
