import { HighlightStyle, StreamLanguage, type StreamParser, syntaxHighlighting } from '@codemirror/language';
import { tags } from '@lezer/highlight';

const KEYWORDS = /^(?:permit|forbid|when|unless|in|has|like|is|if|then|else)\b/;
const CONSTANTS = /^(?:true|false)\b/;
const VARIABLES = /^(?:principal|action|resource|context)\b/;

/** One token after the other, without a memory beyond the line: comments and strings end with it. */
const parser: StreamParser<null> = {
  name: 'cedar',
  startState: () => null,
  token(stream) {
    if (stream.eatSpace()) return null;
    if (stream.match('//')) {
      stream.skipToEnd();
      return 'lineComment';
    }
    if (stream.match(/^"(?:[^"\\]|\\.)*"?/)) return 'string';
    if (stream.match(/^@\w+/)) return 'meta';
    if (stream.match(/^-?\d+/)) return 'number';
    // What names a type stands before `::`.
    if (stream.match(/^[A-Za-z_]\w*(?=\s*::)/)) return 'typeName';
    if (stream.match(KEYWORDS)) return 'keyword';
    if (stream.match(CONSTANTS)) return 'bool';
    if (stream.match(VARIABLES)) return 'variableName';
    if (stream.match(/^[A-Za-z_]\w*/)) return 'propertyName';
    if (stream.match(/^(?:&&|\|\||==|!=|<=|>=|[<>!+*-])/)) return 'operator';
    stream.next();
    return null;
  },
  languageData: {
    commentTokens: { line: '//' },
    closeBrackets: { brackets: ['(', '[', '{', '"'] },
  },
};

/** Both themes at once: the browser chooses. */
const colors = HighlightStyle.define([
  { tag: tags.lineComment, color: 'var(--mantine-color-dimmed)', fontStyle: 'italic' },
  { tag: tags.keyword, color: 'light-dark(#8a2da5, #d59bea)', fontWeight: '600' },
  { tag: tags.string, color: 'light-dark(#0b6243, #74cea6)' },
  { tag: tags.meta, color: 'light-dark(#8a5300, #e6b566)' },
  { tag: tags.number, color: 'light-dark(#a0430a, #f0a878)' },
  { tag: tags.bool, color: 'light-dark(#a0430a, #f0a878)' },
  { tag: tags.typeName, color: 'light-dark(#1a5fb4, #8ab8f0)' },
  { tag: tags.variableName, color: 'light-dark(#1a5fb4, #8ab8f0)', fontWeight: '600' },
  { tag: tags.propertyName, color: 'inherit' },
  { tag: tags.operator, color: 'var(--mantine-color-dimmed)' },
]);

export const cedar = StreamLanguage.define(parser);
export const highlighting = syntaxHighlighting(colors);
