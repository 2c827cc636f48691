import { Button, Group, Paper, Text } from '@mantine/core';
import { useState } from 'react';
import { useNow } from '../../components/use-now.ts';
import classes from './bulk-bar.module.css';
import { type TriageAction, TriageDialog } from './triage-dialog.tsx';
import { SELECTED_MAX } from './use-selection.ts';

const ACTIONS = [
  ['assign', 'Assign'],
  ['accept', 'Accept'],
  ['false-positive', 'False positive'],
  ['restore', 'Reopen'],
] as const satisfies readonly (readonly [TriageAction, string])[];

/** What can be done with the chosen findings; it stays in sight. */
export function BulkBar({ ids, onClear }: { ids: ReadonlySet<string>; onClear: () => void }) {
  const [action, setAction] = useState<TriageAction | undefined>(undefined);
  const nowMs = useNow();
  if (ids.size === 0) return null;
  return (
    <Paper className={classes.bar ?? ''} shadow="md" role="region" aria-label="Chosen findings">
      <Group justify="space-between" gap="xs">
        <Text fw={560} aria-live="polite" className="numeric">
          {ids.size} chosen{ids.size >= SELECTED_MAX ? ', which is the most at once' : ''}
        </Text>
        <Group gap="xs">
          {ACTIONS.map(([name, label]) => (
            <Button key={name} size="compact-sm" variant="default" onClick={() => setAction(name)}>
              {label}
            </Button>
          ))}
          <Button size="compact-sm" variant="subtle" onClick={onClear}>
            Clear
          </Button>
        </Group>
      </Group>
      {action === undefined ? null : (
        <TriageDialog
          action={action}
          ids={[...ids]}
          nowMs={nowMs}
          onClose={() => setAction(undefined)}
          onDone={() => {
            setAction(undefined);
            onClear();
          }}
        />
      )}
    </Paper>
  );
}
