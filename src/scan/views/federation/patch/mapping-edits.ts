import type { TextEdit } from '../../../fix/apply-edits.ts';
import type { SourceText } from '#pipeline/source.ts';
import { asMapping, keyText } from '#pipeline/yaml/access.ts';
import type { MappingEntry, MappingNode } from '#pipeline/yaml/node.ts';

/** What becomes of a mapping under a key: entries that go, and lines that come. */
export interface MappingChange {
  readonly remove: (name: string) => boolean;
  /** Names and values as YAML text; a value may be several lines, the later ones indented against the name. */
  readonly add: readonly (readonly [name: string, value: string])[];
}

const endOfLine = ({ text }: SourceText, at: number): number => {
  const end = text.indexOf('\n', at);
  return end === -1 ? text.length : end + 1;
};

const startOfLine = ({ text }: SourceText, at: number): number => text.lastIndexOf('\n', at - 1) + 1;

export const columnOf = (source: SourceText, at: number): number => source.position(at).column - 1;

/** The line break that the file has. */
export const newlineOf = ({ text }: SourceText): string => (text.includes('\r\n') ? '\r\n' : '\n');

export function renderEntries(entries: MappingChange['add'], indent: number, newline: string): string {
  const pad = ' '.repeat(indent);
  return entries
    .map(([name, value]) => `${pad}${name}: ${value.split('\n').join(`${newline}${pad}`)}${newline}`)
    .join('');
}

/** The lines of an entry; from its key on when something stands in front of it, as the dash of a list does. */
function spanOfEntry(source: SourceText, mapping: MappingNode, entry: MappingEntry) {
  const lineStart = startOfLine(source, entry.key.start);
  const behind = Math.max(entry.key.end, entry.value.end);
  const end =
    source.text.charAt(behind - 1) === '\n' && behind > entry.key.end ? behind : endOfLine(source, behind);
  if (/^\s*$/.test(source.text.slice(lineStart, entry.key.start)))
    return { start: lineStart, end, inline: false };
  const next = mapping.entries[mapping.entries.indexOf(entry) + 1];
  return { start: entry.key.start, end: next?.key.start ?? end, inline: true };
}

function changeFlow(source: SourceText, mapping: MappingNode, { remove, add }: MappingChange): TextEdit {
  const kept = mapping.entries
    .filter((entry) => !remove(keyText(entry) ?? ''))
    .map(({ key, value }) => source.text.slice(key.start, Math.max(key.end, value.end)).trim());
  const added = add.map(
    ([name, value]) => `${name}: ${/[{},[\]]/.test(value) ? JSON.stringify(value) : value}`,
  );
  return { start: mapping.start, end: mapping.end, replacement: `{ ${[...kept, ...added].join(', ')} }` };
}

function changeBlock(source: SourceText, mapping: MappingNode, { remove, add }: MappingChange): TextEdit[] {
  const newline = newlineOf(source);
  const [first] = mapping.entries;
  if (first === undefined) return [];
  const indent = columnOf(source, first.key.start);
  const text = renderEntries(add, indent, newline);
  const gone = mapping.entries.filter((entry) => remove(keyText(entry) ?? ''));
  if (gone.length === 0) {
    const at = first.key.start;
    return text === ''
      ? []
      : [{ start: at, end: at, replacement: `${text.trimStart()}${' '.repeat(indent)}` }];
  }
  return gone.map((entry, index) => {
    const { start, end, inline } = spanOfEntry(source, mapping, entry);
    if (index > 0 || text === '') return { start, end, replacement: '' };
    return { start, end, replacement: inline ? `${text.trimStart()}${' '.repeat(indent)}` : text };
  });
}

/** Changes what stands under `key` of `parent`; the key itself goes when nothing is left under it. */
export function changeUnder(
  source: SourceText,
  parent: MappingNode,
  key: string,
  change: MappingChange,
): TextEdit[] | undefined {
  const entry = parent.entries.find((each) => keyText(each) === key);
  if (entry === undefined) return change.add.length === 0 ? [] : addUnder(source, parent, key, change.add);
  // An alias or an anchor is somebody else's value, too.
  if (entry.value.kind !== 'mapping' || entry.value.anchor !== undefined) return undefined;
  const mapping = asMapping(entry.value);
  if (mapping === undefined) return undefined;
  const left = mapping.entries.filter((each) => !change.remove(keyText(each) ?? ''));
  if (left.length === 0 && change.add.length === 0) return removeEntry(source, parent, entry);
  return mapping.flow ? [changeFlow(source, mapping, change)] : changeBlock(source, mapping, change);
}

/** Takes an entry out of its mapping; undefined where it is all there is. */
export function removeEntry(
  source: SourceText,
  parent: MappingNode,
  entry: MappingEntry,
): TextEdit[] | undefined {
  if (parent.entries.length < 2) return undefined;
  if (parent.flow) {
    const name = keyText(entry) ?? '';
    return [changeFlow(source, parent, { remove: (each) => each === name, add: [] })];
  }
  const { start, end } = spanOfEntry(source, parent, entry);
  return [{ start, end, replacement: '' }];
}

/** Puts `key:` with entries in front of `steps:`, else behind the other keys, or inside of a flow mapping. */
function addUnder(
  source: SourceText,
  parent: MappingNode,
  key: string,
  add: MappingChange['add'],
): TextEdit[] | undefined {
  const first = parent.entries[0];
  if (first === undefined) return undefined;
  if (parent.flow) {
    const value = `{ ${add.map(([name, text]) => `${name}: ${JSON.stringify(text)}`).join(', ')} }`;
    const at = parent.entries.at(-1)?.value.end ?? parent.end - 1;
    return [{ start: at, end: at, replacement: `, ${key}: ${value}` }];
  }
  const indent = columnOf(source, first.key.start);
  const newline = newlineOf(source);
  const body = `${' '.repeat(indent)}${key}:${newline}${renderEntries(add, indent + 2, newline)}`;
  const steps = parent.entries.find((each) => keyText(each) === 'steps');
  if (steps !== undefined && steps !== first) {
    const { start } = spanOfEntry(source, parent, steps);
    return [{ start, end: start, replacement: body }];
  }
  const { end } = spanOfEntry(source, parent, parent.entries.at(-1) ?? first);
  const missing = source.text.charAt(end - 1) === '\n' ? '' : newline;
  return [{ start: end, end, replacement: `${missing}${body}` }];
}
