import { visible } from './plain-text.ts';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

// Halves of surrogate pairs and non-characters are not allowed in XML at all, and no browser shows them.
const NOT_A_CHARACTER = /[\ufdd0-\ufdef\ufffe\uffff]/g;

/** Text of somebody else's as content or as a quoted attribute of HTML and XML, on one line. */
export function escapeMarkup(text: string): string {
  return visible(text)
    .toWellFormed()
    .replace(NOT_A_CHARACTER, '\ufffd')
    .replace(/[&<>"']/g, (char) => ENTITIES[char] ?? char);
}
