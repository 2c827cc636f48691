import { asScalar, keyText, resolveAlias } from '#pipeline/yaml/access.ts';
import type { ContentNode, YamlNode } from '#pipeline/yaml/node.ts';
import { entryOf, itemsIn, type PolicyValue, textsOf } from './policy-value.ts';

const DEPTH_MAX = 40;

const intrinsicOf = (tag: string | undefined): string | undefined =>
  tag === undefined ? undefined : /^!(Sub|Join|Ref|If|GetAtt|ImportValue|Select|FindInMap)$/.exec(tag)?.[1];

/** `Fn::Sub: …`, the long form of `!Sub …`. */
function longForm(node: ContentNode): { name: string; argument: YamlNode } | undefined {
  if (node.kind !== 'mapping' || node.entries.length !== 1) return undefined;
  const [entry] = node.entries;
  const [, name] = /^(?:Fn::(\w{1,20})|Ref)$/.exec(entry === undefined ? '' : (keyText(entry) ?? '')) ?? [];
  if (entry === undefined) return undefined;
  if (keyText(entry) === 'Ref') return { name: 'Ref', argument: entry.value };
  return name === undefined ? undefined : { name, argument: entry.value };
}

/** What a function of CloudFormation gives, with `${…}` for what only the stack knows. */
function call(name: string, value: PolicyValue): PolicyValue {
  const { start, end } = value;
  const text = (words: string): PolicyValue => ({
    kind: 'text',
    value: words,
    start,
    end,
    bodyAt: undefined,
  });
  const [first, second] = itemsIn(value);
  if (name === 'Sub') return text(textsOf(first)[0]?.value ?? '');
  if (name === 'If') return { kind: 'list', items: itemsIn(value).slice(1), start, end };
  if (name === 'Join') {
    const separator = textsOf(first)[0]?.value ?? '';
    return text(
      itemsIn(second)
        .flatMap((item) => textsOf(item)[0]?.value ?? [])
        .join(separator),
    );
  }
  return { kind: 'other', text: name, texts: [], start, end };
}

/** A node of YAML or JSON as a value; `offset` is where its text begins in the file. */
export function toPolicyValue(node: YamlNode | undefined, offset = 0, depth = 0): PolicyValue {
  const content = resolveAlias(node);
  if (node === undefined || content === undefined || depth > DEPTH_MAX)
    return { kind: 'other', text: '', texts: [], start: offset, end: offset };
  const [start, end] = [node.start + offset, node.end + offset];
  const inner = (each: YamlNode): PolicyValue => toPolicyValue(each, offset, depth + 1);
  const long = longForm(content);
  if (long !== undefined) return call(long.name, inner(long.argument));
  const plain = ((): PolicyValue => {
    if (content.kind === 'scalar')
      return { kind: 'text', value: content.value, start, end, bodyAt: undefined };
    if (content.kind === 'sequence') return { kind: 'list', items: content.items.map(inner), start, end };
    const entries = content.entries.map(
      (entry) => [asScalar(entry.key)?.value ?? '', inner(entry.value)] as const,
    );
    return { kind: 'object', entries, start, end };
  })();
  const short = intrinsicOf(content.tag);
  return short === undefined ? plain : call(short, plain);
}

/** `entryOf` along several keys. */
export function valueAt(value: PolicyValue | undefined, ...keys: readonly string[]): PolicyValue | undefined {
  return keys.reduce<PolicyValue | undefined>((found, key) => entryOf(found, key), value);
}
