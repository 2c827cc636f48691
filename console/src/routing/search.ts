/** Readers of what stands in an address: anybody may have written it, so what does not fit is not there. */
const CHARS_MAX = 2_000;

export function readText(value: unknown): string | undefined {
  const text = typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
  return typeof text === 'string' && text !== '' && text.length <= CHARS_MAX ? text : undefined;
}

export function readChoice<const Choice extends string>(
  value: unknown,
  choices: readonly Choice[],
): Choice | undefined {
  return choices.find((choice) => choice === value);
}

/** A list as an array, or as text with commas. */
export function readChoices<const Choice extends string>(
  value: unknown,
  choices: readonly Choice[],
): Choice[] | undefined {
  const words: unknown[] = Array.isArray(value) ? value : typeof value === 'string' ? value.split(',') : [];
  const found = choices.filter((choice) => words.includes(choice));
  return found.length === 0 ? undefined : found;
}

export function readFlag(value: unknown): true | undefined {
  return value === true || value === 'true' ? true : undefined;
}

export function readInteger(value: unknown): number | undefined {
  const number = typeof value === 'string' ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : undefined;
}
