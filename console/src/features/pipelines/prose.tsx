import { Code } from '@mantine/core';
import { sentence } from './words.ts';

/** A sentence of a finding: what stands between backticks is code. */
export function Prose({ text }: { text: string }) {
  const parts = sentence(text).split('`');
  // An odd backtick belongs to the text.
  if (parts.length % 2 === 0) return text;
  return parts.map((part, index) =>
    // oxlint-disable-next-line react/no-array-index-key -- parts have no other identity
    index % 2 === 0 ? part : <Code key={index}>{part}</Code>,
  );
}
