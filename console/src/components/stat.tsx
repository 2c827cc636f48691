import { Text } from '@mantine/core';
import type { ReactNode } from 'react';

/** One figure with its name. */
export function Stat({ label, value, note }: { label: string; value: ReactNode; note?: ReactNode }) {
  return (
    <div>
      <Text fz="sm" c="dimmed">
        {label}
      </Text>
      <Text component="div" fz={26} fw={640} lh={1.2} className="numeric">
        {value}
      </Text>
      {note === undefined ? null : (
        <Text component="div" fz="sm" c="dimmed">
          {note}
        </Text>
      )}
    </div>
  );
}
