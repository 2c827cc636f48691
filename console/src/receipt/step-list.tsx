import { Collapse, Stack, Text, UnstyledButton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { ChevronDown, CircleCheck, CircleDashed, CircleX } from 'lucide-react';
import classes from './step-list.module.css';
import type { Step, StepState } from './verify-receipt.ts';

const MARKS = {
  passed: { icon: CircleCheck, color: 'var(--mantine-color-vouch-filled)', word: 'Passed' },
  failed: { icon: CircleX, color: 'var(--mantine-color-red-filled)', word: 'Failed' },
  unchecked: { icon: CircleDashed, color: 'var(--mantine-color-dimmed)', word: 'Not proved' },
} as const satisfies Record<StepState, object>;

function StepItem({ step }: { step: Step }) {
  const [opened, { toggle }] = useDisclosure(step.state === 'failed');
  const { icon: Icon, color, word } = MARKS[step.state];
  return (
    <li className={classes.step}>
      <Icon size={18} color={color} aria-hidden className={classes.icon ?? ''} />
      <div className={classes.text}>
        <Text fw={560}>
          <span className="visually-hidden">{word}: </span>
          {step.title}
        </Text>
        <Text fz="sm" c="dimmed" className="breakable">
          {step.text}
        </Text>
        {step.values.length === 0 ? null : (
          <>
            <UnstyledButton onClick={toggle} aria-expanded={opened} className={classes.toggle ?? ''}>
              <ChevronDown size={14} aria-hidden data-open={opened || undefined} />
              Values
            </UnstyledButton>
            <Collapse expanded={opened}>
              <dl className={classes.values}>
                {step.values.map(([name, value]) => (
                  <div key={name}>
                    <dt>{name}</dt>
                    <dd className="mono breakable">{value}</dd>
                  </div>
                ))}
              </dl>
            </Collapse>
          </>
        )}
      </div>
    </li>
  );
}

/** What was checked, one thing after another, with the values. */
export function StepList({ steps }: { steps: readonly Step[] }) {
  return (
    <Stack component="ol" gap="sm" className={classes.list ?? ''}>
      {steps.map((step) => (
        <StepItem key={step.id} step={step} />
      ))}
    </Stack>
  );
}
