import { Anchor, Text } from '@mantine/core';
import { ExternalLink } from 'lucide-react';

/** The address of a report, when it may be one for a browser: what a tool writes is anybody's text. */
export function webAddress(text: string): string | undefined {
  const parsed = URL.parse(text);
  return parsed !== null && (parsed.protocol === 'https:' || parsed.protocol === 'http:')
    ? parsed.href
    : undefined;
}

/** A link out of a report; as text where it is none. The other side does not learn where it was followed. */
export function ReportLink({ address }: { address: string }) {
  const href = webAddress(address);
  if (href === undefined) {
    return (
      <Text fz="sm" className="breakable">
        {address}
      </Text>
    );
  }
  return (
    <Anchor href={href} target="_blank" rel="noreferrer noopener" fz="sm" className="breakable">
      {address} <ExternalLink size={12} aria-label="(another site)" />
    </Anchor>
  );
}
