import type { Overview } from '#api/overview.ts';
import { Button, Group, Paper, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { ArrowRight } from 'lucide-react';
import { StateBadge } from '../../components/badges.tsx';
import classes from './answer.module.css';
import { linkPropsOf } from './console-link.tsx';

/** The whole in one sentence, and the one thing to do first. */
export function Answer({ overview }: { overview: Overview }) {
  const { standing, answer, next } = overview;
  return (
    <Paper className={classes.answer ?? ''} data-standing={standing} role="status">
      <Group justify="space-between" gap="md">
        <div className={classes.words}>
          <StateBadge state={standing} />
          <Text fz={{ base: 'lg', sm: 'xl' }} fw={600} lh={1.35} mt={6} className="breakable">
            {answer}
          </Text>
        </div>
        {next === null ? null : (
          <Button
            renderRoot={(root) => <Link {...root} {...linkPropsOf(next.link)} />}
            rightSection={<ArrowRight size={16} aria-hidden />}
            classNames={{ label: classes.label ?? '' }}
            h="auto"
            py={8}
            maw="26rem"
          >
            {next.text}
          </Button>
        )}
      </Group>
    </Paper>
  );
}
