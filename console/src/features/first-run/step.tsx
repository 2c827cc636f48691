import { Stack, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './first-run.module.css';

/** One step of the guide. */
export function Step({ number, title, children }: { number: number; title: string; children: ReactNode }) {
  return (
    <li className={classes.step}>
      <span className={classes.number} aria-hidden>
        {number}
      </span>
      <Stack gap="sm" miw={0} className={classes.content ?? ''}>
        <Title order={2}>{title}</Title>
        {children}
      </Stack>
    </li>
  );
}
