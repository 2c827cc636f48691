import { visible } from '#findings/reporters/plain-text.ts';
import { maskSecrets } from '#scan/mask-secrets.ts';

const LINE_CHARS_MAX = 2_000;
const CUT = '…';

/**
 * A line as people are shown it: secrets masked, characters that reorder or hide text made visible, and not longer
 * than a screen can hold.
 */
export function showLine(line: string): string {
  const plain = line.endsWith('\r') ? line.slice(0, -1) : line;
  const cut = plain.length > LINE_CHARS_MAX ? `${plain.slice(0, LINE_CHARS_MAX - 1)}${CUT}` : plain;
  return maskSecrets(cut.toWellFormed().split('\t').map(visible).join('\t'));
}

/** The whole text by {@link showLine}; lines keep their numbers. */
export function showText(text: string): string {
  return text.split('\n').map(showLine).join('\n');
}

function isShownWhole(line: string): boolean {
  const plain = line.endsWith('\r') ? line.slice(0, -1) : line;
  return showLine(plain) === plain;
}

/**
 * A patch is applied as it stands, so that nothing of it can be masked, escaped or cut: where something would have to
 * be, there is none. Each line is looked at with its sign and without.
 */
export function showPatch(patch: string): string | undefined {
  const whole = patch.split('\n').every((line) => isShownWhole(line) && isShownWhole(line.slice(1)));
  return whole ? patch : undefined;
}

/** Names and sentences out of files: on one line, bounded, without characters that act. */
export function shorten(text: string, charactersMax = 300): string {
  const shown = visible(text.slice(0, charactersMax + 1).toWellFormed());
  return shown.length <= charactersMax ? shown : `${shown.slice(0, charactersMax - 1).toWellFormed()}${CUT}`;
}
