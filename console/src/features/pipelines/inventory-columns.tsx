import type { AttackPath } from '#api/attack-path.ts';
import type { PipelineSummary, RepositorySummary } from '#api/inventory.ts';
import { Anchor, Group, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Globe, Route } from 'lucide-react';
import { SeverityBadge, StateBadge } from '../../components/badges.tsx';
import { TimeAgo } from '../../components/time-ago.tsx';
import type { Column } from '../../components/virtual-list.tsx';
import { Prose } from './prose.tsx';
import { describeCounts, PLATFORM_LABELS, plural, sentence, shortFile } from './words.ts';

type Rated = Pick<PipelineSummary, 'worst' | 'findings'>;

function Worst({ worst, findings }: Rated) {
  return (
    <>
      {worst === null ? <StateBadge state="good" label="No findings" /> : <SeverityBadge severity={worst} />}
      <Text fz="xs" c="dimmed" truncate>
        {worst === null ? '' : describeCounts(findings)}
      </Text>
    </>
  );
}

function AttackCount({ count }: { count: number }) {
  if (count === 0) return <Text c="dimmed">—</Text>;
  return (
    <Group gap={6} wrap="nowrap">
      <Route size={15} aria-hidden color="var(--mantine-color-red-6)" />
      <Text span className="numeric">
        {plural(count, 'path')}
      </Text>
    </Group>
  );
}

const credentialsColumn = {
  key: 'credentials',
  header: 'Stored credentials',
  width: '8.5rem',
  hideOnPhone: true,
  render: ({ staticCredentials }: { staticCredentials: number }) => (
    <Text className="numeric" c={staticCredentials === 0 ? 'dimmed' : ''}>
      {staticCredentials === 0 ? '—' : staticCredentials}
    </Text>
  ),
} as const;

export const PIPELINE_COLUMNS: readonly Column<PipelineSummary>[] = [
  {
    key: 'name',
    header: 'Pipeline',
    width: 'minmax(0, 2.6fr)',
    render: ({ repository, file, name }) => (
      <>
        <Anchor
          renderRoot={(root) => <Link {...root} to="/pipelines/pipeline" search={{ repository, file }} />}
          fw={560}
          c="inherit"
          className="breakable"
        >
          {name === file ? shortFile(file) : name}
        </Anchor>
        <Text fz="xs" c="dimmed" truncate title={`${repository} ${file}`}>
          {repository} · {shortFile(file)}
        </Text>
      </>
    ),
  },
  {
    key: 'worst',
    header: 'Worst finding',
    width: 'minmax(0, 1.2fr)',
    render: (row) => <Worst worst={row.worst} findings={row.findings} />,
  },
  {
    key: 'attacks',
    header: 'Attack paths',
    width: '7.5rem',
    render: ({ attackPaths }) => <AttackCount count={attackPaths} />,
  },
  {
    key: 'starts',
    header: 'Started with all rights by',
    width: 'minmax(0, 1.5fr)',
    hideOnPhone: true,
    render: ({ outsiders, events }) => (
      <>
        {outsiders ? (
          <Group gap={6} wrap="nowrap">
            <Globe size={15} aria-hidden />
            <Text span>Outsiders</Text>
          </Group>
        ) : (
          <Text c="dimmed">Members</Text>
        )}
        <Text fz="xs" c="dimmed" truncate title={events.join(', ')}>
          {events.join(', ')}
        </Text>
      </>
    ),
  },
  credentialsColumn,
  {
    key: 'platform',
    header: 'Platform',
    width: '8rem',
    hideOnPhone: true,
    render: ({ platform }) => <Text fz="sm">{PLATFORM_LABELS[platform]}</Text>,
  },
];

export const REPOSITORY_COLUMNS: readonly Column<RepositorySummary>[] = [
  {
    key: 'name',
    header: 'Repository',
    width: 'minmax(0, 2.2fr)',
    render: ({ name, platforms }) => (
      <>
        <Anchor
          renderRoot={(root) => <Link {...root} to="/pipelines/repository" search={{ name }} />}
          fw={560}
          c="inherit"
          className="breakable"
        >
          {name}
        </Anchor>
        <Text fz="xs" c="dimmed" truncate>
          {platforms.map((each) => PLATFORM_LABELS[each]).join(', ') || 'No pipelines'}
        </Text>
      </>
    ),
  },
  {
    key: 'worst',
    header: 'Worst finding',
    width: 'minmax(0, 1.2fr)',
    render: (row) => <Worst worst={row.worst} findings={row.findings} />,
  },
  {
    key: 'attacks',
    header: 'Attack paths',
    width: '7.5rem',
    render: ({ attackPaths }) => <AttackCount count={attackPaths} />,
  },
  {
    key: 'pipelines',
    header: 'Pipelines',
    width: '6rem',
    hideOnPhone: true,
    render: ({ pipelines }) => <Text className="numeric">{pipelines}</Text>,
  },
  credentialsColumn,
  {
    key: 'when',
    header: 'Inspected',
    width: '8rem',
    align: 'end',
    render: ({ inspectedAt }) => (
      <Text span fz="sm" c="dimmed">
        <TimeAgo moment={inspectedAt} />
      </Text>
    ),
  },
];

export const ATTACK_COLUMNS: readonly Column<AttackPath>[] = [
  {
    key: 'severity',
    header: 'Severity',
    width: '6.5rem',
    render: ({ severity }) => <SeverityBadge severity={severity} />,
  },
  {
    key: 'what',
    header: 'Attack',
    width: 'minmax(0, 2.6fr)',
    render: ({ repository, id, title, pipeline }) => (
      <>
        <Anchor
          renderRoot={(root) => <Link {...root} to="/pipelines/attack" search={{ repository, id }} />}
          fw={560}
          c="inherit"
          className="breakable"
          lineClamp={2}
        >
          <Prose text={title} />
        </Anchor>
        <Text fz="xs" c="dimmed" truncate title={`${repository} ${pipeline}`}>
          {repository} · {shortFile(pipeline)}
        </Text>
      </>
    ),
  },
  {
    key: 'reaches',
    header: 'Reaches',
    width: 'minmax(0, 1.6fr)',
    render: ({ reaches, needs }) => (
      <>
        <Text lineClamp={1} title={reaches.join(', ')}>
          {sentence(reaches.join(', ') || 'no more than the run itself')}
        </Text>
        <Text fz="xs" c="dimmed" truncate title={needs}>
          {sentence(needs)}
        </Text>
      </>
    ),
  },
  {
    key: 'change',
    header: 'Change first',
    width: 'minmax(0, 1.6fr)',
    hideOnPhone: true,
    render: ({ changes: [first] }) => (
      <Text fz="sm" lineClamp={2} title={first?.what ?? ''}>
        {first === undefined ? '—' : <Prose text={first.what} />}
      </Text>
    ),
  },
];
