/** A comment that lets findings stand: `# vouchgate: ignore[rule-a,rule-b] reason`, behind `//` in Groovy. */
export interface InlineIgnore {
  readonly offset: number;
  /** Ids of ours; empty stands for none that we know. */
  readonly ruleIds: readonly string[];
  readonly reason: string | undefined;
}

const COMMENT = /(?:#|\/\/)[ \t]*(vouchgate|zizmor):[ \t]*ignore\[([^\]\n]{0,500})\][ \t]*([^\n\r]{0,500})/g;

/** A name of ours, or what another tool calls the same rule. */
export type AliasTable = ReadonlyMap<string, readonly string[]>;

/** Every ignore comment of a text; whether it stands in a comment is for the caller to say. */
export function findInlineIgnores(text: string, aliases: AliasTable): InlineIgnore[] {
  if (!text.includes('ignore[')) return [];
  return [...text.matchAll(COMMENT)].map((match) => {
    const [, tool = '', list = '', reason = ''] = match;
    const names = list.split(',').map((name) => name.trim());
    const ruleIds = names.flatMap(
      (name) => aliases.get(tool === 'vouchgate' ? name : `${tool}/${name}`) ?? [name],
    );
    return { offset: match.index, ruleIds, reason: reason.trim() === '' ? undefined : reason.trim() };
  });
}
