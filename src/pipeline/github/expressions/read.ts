import type { Expression } from '../../text.ts';
import { findPlaceholders } from './find.ts';
import { parseExpression } from './parse.ts';

type FoundExpression = Omit<Expression, 'text'>;
const NONE: readonly FoundExpression[] = [];

/** The `${{ }}` of a value, parsed. */
export function readExpressions(value: string): readonly FoundExpression[] {
  if (!value.includes('${{')) return NONE;
  return findPlaceholders(value).map((placeholder): FoundExpression => {
    const inner = { start: placeholder.innerStart, end: placeholder.innerEnd };
    return {
      outer: { start: placeholder.start, end: placeholder.end },
      inner,
      parsed: placeholder.closed
        ? parseExpression(value.slice(inner.start, inner.end))
        : { ok: false, error: { message: 'the closing "}}" is missing', at: 0 } },
    };
  });
}

/** `if:` is an expression also without braces; with them it is like any other value. */
export function readCondition(value: string): readonly FoundExpression[] {
  const found = readExpressions(value);
  if (found.length > 0) return found;
  const whole = { start: 0, end: value.length };
  return [{ outer: whole, inner: whole, parsed: parseExpression(value) }];
}
