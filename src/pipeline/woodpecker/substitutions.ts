import type { ExpressionReader } from '../text.ts';

/** `${NAME}` and its forms with operations: `${NAME:0:8}`, `${NAME##v}`, `${NAME/a/b}`. */
const SUBSTITUTION = /\$\{([A-Za-z_]\w{0,99})((?:[#%:/^,=][^{}\n]{0,200})?)\}/g;
const CHARACTERS_MAX = 1_000_000;
const SUBSTITUTIONS_MAX = 1_000;

/** Operations after which nothing is left that a shell could take for code. */
function isHarmless(operation: string): boolean {
  // Eight characters of a hash, or of anything else: too short for a command that hurts.
  return /^:\d+:[1-8]$/.test(operation);
}

/**
 * The server fills `${…}` in before it reads the YAML; `$${…}` is text, and `$NAME` without braces is the
 * shell's own variable, which is not touched.
 */
export const readSubstitutions: ExpressionReader = (value) => {
  const found: ReturnType<ExpressionReader>[number][] = [];
  for (const match of value.slice(0, CHARACTERS_MAX).matchAll(SUBSTITUTION)) {
    const [whole, name = '', operation = ''] = match;
    if (value[match.index - 1] === '$' || isHarmless(operation)) continue;
    const start = match.index + 2;
    const inner = { start, end: start + name.length };
    found.push({
      outer: { start: match.index, end: match.index + whole.length },
      inner,
      parsed: { ok: true, root: { kind: 'context', name, start: 0, end: name.length } },
    });
    if (found.length >= SUBSTITUTIONS_MAX) break;
  }
  return found;
};
