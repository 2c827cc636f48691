import type { Span } from '#pipeline/source.ts';

export interface HiddenCharacter extends Span {
  /** `reorders`: what is shown stands in another order; `carries`: text that is not shown at all. */
  readonly kind: 'reorders' | 'carries' | 'invisible';
  readonly code: number;
}

/**
 * Bidirectional controls (UAX #9), tags and variation selectors, spaces and joiners of no width, separators that are
 * line breaks for some readers only. U+200D and U+FE0F belong to emoji as well.
 */
const HIDDEN =
  /[\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\u{e0000}-\u{e01ef}]/gu;
const REORDERS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;
const CARRIES = /[\u{e0000}-\u{e01ef}]/u;
const JOINER = '\u200d';
/** Joined emoji, and the flags that are written with tags. */
const EMOJI_BEFORE = /(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|\ufe0f)$/u;
const FLAG = /\u{1f3f4}[\u{e0020}-\u{e007f}]{0,12}$/u;
/** Letters whose shape depends on joiners, as in Persian and in the scripts of India. */
const JOINING =
  /[\p{Script=Arabic}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Malayalam}\p{Script=Kannada}\p{Script=Sinhala}]$/u;

function isOrdinary(char: string, text: string, at: number): boolean {
  // A byte order mark.
  if (at === 0 && char === '\ufeff') return true;
  const before = text.slice(Math.max(0, at - 30), at);
  if (char === JOINER && EMOJI_BEFORE.test(before)) return true;
  if ((char === JOINER || char === '\u200c') && JOINING.test(before)) return true;
  return CARRIES.test(char) && FLAG.test(before);
}

function kindOf(char: string): HiddenCharacter['kind'] {
  if (REORDERS.test(char)) return 'reorders';
  return CARRIES.test(char) ? 'carries' : 'invisible';
}

/** Characters that are not shown, or that change the order of others, from the start of the text on. */
export function* findHiddenCharacters(text: string): Generator<HiddenCharacter> {
  for (const { 0: char, index } of text.matchAll(HIDDEN)) {
    if (isOrdinary(char, text, index)) continue;
    yield { start: index, end: index + char.length, kind: kindOf(char), code: char.codePointAt(0) ?? 0 };
  }
}

const WORDS: Readonly<Record<HiddenCharacter['kind'], string>> = {
  reorders: 'a character that reorders text',
  carries: 'a character that carries hidden text',
  invisible: 'an invisible character',
};

/** `a character that reorders text (U+202E)`. */
export function describeHidden({ kind, code }: HiddenCharacter): string {
  return `${WORDS[kind]} (U+${code.toString(16).toUpperCase().padStart(4, '0')})`;
}
