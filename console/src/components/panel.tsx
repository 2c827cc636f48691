import { Group, Paper, type PaperProps, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './panel.module.css';

/** A titled surface. `level` keeps headings in order: 2 under the page's title, 3 inside another panel. */
export function Panel(
  props: {
    title?: ReactNode;
    note?: ReactNode;
    actions?: ReactNode;
    level?: 2 | 3;
    children: ReactNode;
  } & PaperProps,
) {
  const { title, note, actions, level = 2, children, ...paper } = props;
  return (
    <Paper className={classes.panel ?? ''} {...paper}>
      <Stack gap="sm">
        {title === undefined ? null : (
          <Group justify="space-between" align="flex-start" gap="xs">
            <div>
              <Title order={level}>{title}</Title>
              {note === undefined ? null : (
                <Text c="dimmed" fz="sm">
                  {note}
                </Text>
              )}
            </div>
            {actions}
          </Group>
        )}
        {children}
      </Stack>
    </Paper>
  );
}
