import { visible } from '../plain-text.ts';

const BREAK = '\u200b';
// Mentions notify people, and references leave traces in other issues: `@team`, `#1`, GitLab's `!1`, `%"v1"`, `&1`.
const SIGIL = /[@#!%^~&$](?=[\p{L}\p{N}_"'{-])/gu;
// What is made a link without any markup.
const AUTOLINK = /:(?=\/\/)|www(?=\.)|GH(?=-\d)/gi;
// An underscore inside of a word is no emphasis, and names are full of them.
const MARKUP = /[\\`*[\]<>&|~$]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g;

/**
 * Words of somebody else's between words of ours. Entities never act as markup (CommonMark 0.31 §2.5), which a
 * backslash in front of a character does not promise on every platform. Not for the beginning of a line.
 */
function escapeWords(text: string): string {
  return visible(text)
    .toWellFormed()
    .replace(SIGIL, (sigil) => `${sigil}${BREAK}`)
    .replace(AUTOLINK, (start) => `${start}${BREAK}`)
    .replace(MARKUP, (char) => `&#${char.charCodeAt(0)};`)
    .replaceAll(BREAK, '&#8203;');
}

/** Text as code, with a fence that is longer than every run of backticks in it. */
export function codeSpan(text: string): string {
  const shown = visible(text).toWellFormed();
  if (shown.trim() === '') return '';
  const longest = Math.max(0, ...[...shown.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  // A space at both ends is taken off again (§6.1), so a backtick at an end does not lengthen the fence.
  const room = /^[`\s]|[`\s]$/.test(shown) ? ' ' : '';
  return `${fence}${room}${shown}${room}${fence}`;
}

/** A sentence in which names stand between backticks, as messages of rules have them. */
export function escapeSentence(text: string): string {
  const parts = visible(text).split(/`([^`]+)`/);
  return parts.map((part, index) => (index % 2 === 1 ? codeSpan(part) : escapeWords(part))).join('');
}
