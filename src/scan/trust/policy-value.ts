import type { Span } from '#pipeline/source.ts';

export interface TextValue extends Span {
  readonly kind: 'text';
  readonly value: string;
  /** Where the value stands in the file letter by letter; undefined where escapes may be in it. */
  readonly bodyAt: number | undefined;
}

/** A value of Terraform, of JSON or of YAML, where it stands. */
export type PolicyValue =
  | TextValue
  | (Span & { readonly kind: 'list'; readonly items: readonly PolicyValue[] })
  | (Span & {
      readonly kind: 'object';
      readonly entries: readonly (readonly [key: string, value: PolicyValue])[];
    })
  | (Span & { readonly kind: 'call'; readonly name: string; readonly args: readonly PolicyValue[] })
  /** A reference, a number, an operation: its words as they stand, and the texts among them. */
  | (Span & { readonly kind: 'other'; readonly text: string; readonly texts: readonly TextValue[] });

/** A text of a value; what is computed stands in it as `${…}`. */
export interface LocatedText extends Span {
  readonly value: string;
}

const VALUES_MAX = 500;
/** Functions of Terraform that hand on what they are given. */
const PASSING =
  /^(?:concat|distinct|flatten|toset|tolist|compact|sort|coalescelist|setunion|sensitive|trimspace)$/;

function collect(value: PolicyValue, into: LocatedText[]): void {
  if (into.length >= VALUES_MAX) return;
  const { start, end } = value;
  if (value.kind === 'text') into.push({ value: value.value, start, end });
  else if (value.kind === 'list') for (const item of value.items) collect(item, into);
  else if (value.kind === 'other') {
    into.push(...value.texts.map((text) => ({ value: text.value, start: text.start, end: text.end })));
    if (value.texts.length === 0) into.push({ value: `\${${value.text}}`, start, end });
  } else if (value.kind === 'call') {
    const [first] = value.args;
    if (value.name === 'format' && first?.kind === 'text')
      into.push({ value: first.value.replaceAll(/%[svdq]/g, '${…}'), start, end });
    else if (PASSING.test(value.name)) for (const argument of value.args) collect(argument, into);
    else into.push({ value: `\${${value.name}}`, start, end });
  }
}

/** Texts of a value, one or many. */
export function textsOf(value: PolicyValue | undefined): readonly LocatedText[] {
  const texts: LocatedText[] = [];
  if (value !== undefined) collect(value, texts);
  return texts;
}

export function entryOf(value: PolicyValue | undefined, key: string): PolicyValue | undefined {
  return value?.kind === 'object' ? value.entries.find(([name]) => name === key)?.[1] : undefined;
}

/** Items of a list, or the one value that stands in its place. */
export function itemsIn(value: PolicyValue | undefined): readonly PolicyValue[] {
  if (value === undefined) return [];
  return value.kind === 'list' ? value.items : [value];
}
