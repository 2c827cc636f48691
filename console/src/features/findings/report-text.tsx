import { Text } from '@mantine/core';
import { InlineCode } from './inline-code.tsx';

const PARAGRAPHS_MAX = 60;

/** What a tool wrote, as text: its paragraphs, and nothing else of its markup. */
export function ReportText({ text }: { text: string }) {
  const paragraphs = text.split(/\n{2,}/).filter((each) => each.trim() !== '');
  return paragraphs.slice(0, PARAGRAPHS_MAX).map((paragraph, index) => (
    // oxlint-disable-next-line react/no-array-index-key -- paragraphs have no other identity
    <Text key={index} className="breakable" style={{ whiteSpace: 'pre-line' }}>
      <InlineCode text={paragraph} />
    </Text>
  ));
}
