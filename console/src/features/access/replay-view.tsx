import { Accordion, Alert, Group, Stack, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { Replay, ReplayedUse } from '#api/replay.ts';
import { Info } from 'lucide-react';
import { StateBadge } from '../../components/badges.tsx';
import { FactTable } from '../../components/fact-table.tsx';
import { Stat } from '../../components/stat.tsx';
import { TimeAgo } from '../../components/time-ago.tsx';
import classes from './access.module.css';
import { plural, summariseReplay } from './summarise-replay.ts';

/** What a change would have done to what was recorded: who loses, who gains, and why. */
export function ReplayView({ replay }: { replay: Replay }) {
  const { lose, gain, unclear, unchanged, notReplayed, notes, erased } = replay;
  const left = [
    ...notes,
    ...(erased === 0
      ? []
      : [
          `${plural(erased, 'job is', 'jobs are')} replayed without the person who started them: it is erased.`,
        ]),
    ...(notReplayed.unverified === 0
      ? []
      : [
          `${plural(notReplayed.unverified, 'run', 'runs')} with a token that was refused: nobody to decide about.`,
        ]),
    ...(notReplayed.unreadable === 0
      ? []
      : [`${plural(notReplayed.unreadable, 'run', 'runs')} recorded by another version cannot be read.`]),
    ...(replay.omitted === 0
      ? []
      : [`${plural(replay.omitted, 'more job is', 'more jobs are')} not listed.`]),
  ];
  return (
    <Stack gap="md">
      <Text fw={560}>{summariseReplay(replay)}</Text>
      <Group gap="xl">
        <Stat label="Would lose access" value={lose.length} />
        <Stat label="Would gain access" value={gain.length} />
        <Stat label="Stay allowed" value={unchanged.allowed} />
        <Stat label="Stay denied" value={unchanged.denied} />
      </Group>
      <Uses title="Would lose access" state="act" label="Loses" uses={lose} />
      <Uses title="Would gain access" state="attention" label="Gains" uses={gain} />
      <Uses title="Nobody can say" state="unknown" label="Unclear" uses={unclear} />
      {left.length === 0 ? null : (
        <Alert color="gray" icon={<Info aria-hidden />} title="What this replay does not tell">
          {left.map((line) => (
            <Text key={line} fz="sm" className="breakable">
              {line}
            </Text>
          ))}
        </Alert>
      )}
    </Stack>
  );
}

function Uses(props: {
  title: string;
  state: 'act' | 'attention' | 'unknown';
  label: string;
  uses: readonly ReplayedUse[];
}) {
  const { title, state, label, uses } = props;
  if (uses.length === 0) return null;
  return (
    <Accordion variant="separated" aria-label={title} order={3} chevronPosition="left">
      {uses.map((use) => (
        <Accordion.Item
          key={`${use.principal} ${use.resource} ${use.lastDecision}`}
          value={`${use.principal} ${use.resource} ${use.lastDecision}`}
        >
          <Accordion.Control>
            <Group gap="xs">
              <StateBadge state={state} label={label} />
              <Text span fw={560} className="breakable">
                {use.workload}
              </Text>
              <Text span c="dimmed" fz="sm" className="breakable">
                {use.resource} · {plural(use.runs, 'run', 'runs')}
              </Text>
            </Group>
          </Accordion.Control>
          <Accordion.Panel>
            <UseDetail use={use} />
          </Accordion.Panel>
        </Accordion.Item>
      ))}
    </Accordion>
  );
}

function UseDetail({ use }: { use: ReplayedUse }) {
  const { before, after, facts, lastSeen, lastDecision } = use;
  return (
    <Stack gap="xs">
      <Text fz="sm" className="breakable">
        Now: {before.length === 0 ? 'no policy lets it' : before.join(', ')} · then:{' '}
        {after.length === 0 ? 'no policy lets it' : after.join(', ')} · last seen{' '}
        <TimeAgo moment={lastSeen} /> ·{' '}
        <Link
          to="/access/simulate"
          search={{ decision: lastDecision, resource: use.resource }}
          className={classes.rowLink ?? ''}
        >
          look at the newest run
        </Link>
      </Text>
      {facts.length === 0 ? null : <FactTable facts={facts} />}
    </Stack>
  );
}
