import { type JsonObject, textAt, textsAt } from '../json-fields.ts';

const ARGUMENTS_MAX = 50;
/** §3.11.6: `[text](3)` points to a related location. Bounded, so that a text of brackets takes no longer. */
const LINK = /\[([^[\]]{0,500})\]\(\d{1,6}\)/g;

/** §3.11.5: `{0}` is the first argument, `{{` a brace. */
function fillIn(text: string, values: readonly string[]): string {
  if (!text.includes('{')) return text;
  return text.replaceAll(/\{\{|\}\}|\{(\d{1,3})\}/g, (whole, index: string | undefined) =>
    index === undefined ? whole.slice(1) : (values[Number(index)] ?? whole),
  );
}

/** §3.11: the text itself, or that of its id in the rule or the tool, with its arguments. */
export function resolveMessage(
  message: unknown,
  rule: JsonObject | undefined,
  driver: JsonObject | undefined,
): string | undefined {
  const id = textAt(message, 'id');
  const text =
    textAt(message, 'text') ??
    (id === undefined
      ? undefined
      : (textAt(rule, 'messageStrings', id, 'text') ?? textAt(driver, 'globalMessageStrings', id, 'text'))) ??
    textAt(message, 'markdown');
  if (text === undefined) return undefined;
  const values = textsAt(message, 'arguments').slice(0, ARGUMENTS_MAX);
  const filled = values.length === 0 ? text : fillIn(text, values);
  return filled.includes('](') ? filled.replaceAll(LINK, '$1') : filled;
}
