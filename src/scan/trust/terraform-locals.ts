import type { Span } from '#pipeline/source.ts';
import type { HclBlock } from './hcl.ts';
import type { PolicyValue } from './policy-value.ts';

/** Values of `locals`, by name. */
export type TerraformLocals = ReadonlyMap<string, PolicyValue>;

const DEPTH_MAX = 12;

export function localsOf(blocks: readonly HclBlock[]): TerraformLocals {
  return new Map(blocks.filter(({ type }) => type === 'locals').flatMap(({ attributes }) => [...attributes]));
}

/** A value as if it stood where it is named: its own place is in another file. */
function moveTo(value: PolicyValue, { start, end }: Span): PolicyValue {
  if (value.kind === 'list')
    return { ...value, start, end, items: value.items.map((item) => moveTo(item, { start, end })) };
  if (value.kind === 'object')
    return {
      ...value,
      start,
      end,
      entries: value.entries.map(([key, each]) => [key, moveTo(each, { start, end })] as const),
    };
  if (value.kind === 'call')
    return { ...value, start, end, args: value.args.map((argument) => moveTo(argument, { start, end })) };
  if (value.kind === 'text') return { ...value, start, end, bodyAt: undefined };
  return { ...value, start, end, texts: value.texts.map((text) => ({ ...text, start, end })) };
}

class Resolver {
  readonly #own: TerraformLocals;
  readonly #others: TerraformLocals;

  constructor(own: TerraformLocals, others: TerraformLocals) {
    this.#own = own;
    this.#others = others;
  }

  resolve(value: PolicyValue, depth: number): PolicyValue {
    if (depth > DEPTH_MAX) return value;
    const inner = (each: PolicyValue): PolicyValue => this.resolve(each, depth + 1);
    if (value.kind === 'list') return { ...value, items: value.items.map(inner) };
    if (value.kind === 'call') return { ...value, args: value.args.map(inner) };
    if (value.kind === 'object')
      return { ...value, entries: value.entries.map(([key, each]) => [key, inner(each)] as const) };
    if (value.kind !== 'other') return value;
    const [, name] = /^local\.([\w-]{1,100})$/.exec(value.text) ?? [];
    if (name === undefined) return value;
    const own = this.#own.get(name);
    if (own !== undefined) return inner(own);
    const other = this.#others.get(name);
    return other === undefined ? value : inner(moveTo(other, value));
  }

  block(block: HclBlock): HclBlock {
    const attributes = new Map([...block.attributes].map(([name, value]) => [name, this.resolve(value, 0)]));
    return { ...block, attributes, blocks: block.blocks.map((each) => this.block(each)) };
  }
}

/** Blocks in which `local.name` is what it stands for, as far as this file and its folder say. */
export function resolveLocals(blocks: readonly HclBlock[], others: TerraformLocals): readonly HclBlock[] {
  const own = localsOf(blocks);
  if (own.size === 0 && others.size === 0) return blocks;
  const resolver = new Resolver(own, others);
  return blocks.map((block) => (block.type === 'locals' ? block : resolver.block(block)));
}
