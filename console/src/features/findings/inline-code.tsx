import { Code } from '@mantine/core';
import { Fragment } from 'react';

const CODE = /`([^`\n]{1,200})`/;

/** Text in which what stands between back-ticks is code, and nothing else is markup. */
export function InlineCode({ text }: { text: string }) {
  return text.split(CODE).map((part, index) =>
    // Every second part is what the parentheses caught.
    // oxlint-disable-next-line react/no-array-index-key -- parts have no other identity
    index % 2 === 1 ? <Code key={index}>{part}</Code> : <Fragment key={index}>{part}</Fragment>,
  );
}
