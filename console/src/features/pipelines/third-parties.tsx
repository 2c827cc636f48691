import type { ThirdParty } from '#api/inventory.ts';
import { Badge, Group, Text } from '@mantine/core';
import { Boxes } from 'lucide-react';
import { StateBadge } from '../../components/badges.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { Panel } from '../../components/panel.tsx';
import { type Column, VirtualList } from '../../components/virtual-list.tsx';
import { plural } from './words.ts';

const FIXED: readonly string[] = ['commit', 'digest', 'local'];
const NAMES_SHOWN = 4;
const VERSIONS_SHOWN = 3;
const VERSION_CHARS = 12;

/** The first few names; all of them on hover. */
function Names({ names }: { names: readonly string[] }) {
  const more = names.length - NAMES_SHOWN;
  if (names.length === 0) return <Text c="dimmed">—</Text>;
  return (
    <Text fz="sm" className="breakable" title={names.join(', ')}>
      {names.slice(0, NAMES_SHOWN).join(', ')}
      {more > 0 ? ` and ${more} more` : ''}
    </Text>
  );
}

const COLUMNS: readonly Column<ThirdParty>[] = [
  {
    key: 'what',
    header: 'What',
    width: 'minmax(0, 1.6fr)',
    render: ({ name, kind, owner, uses }) => (
      <>
        <Text fw={560} className="breakable">
          {name}
        </Text>
        <Text fz="xs" c="dimmed">
          {kind} of {owner} · {plural(uses, 'use')}
        </Text>
      </>
    ),
  },
  {
    key: 'version',
    header: 'Version',
    width: 'minmax(0, 1.2fr)',
    render: ({ versions }) => (
      <>
        {versions.slice(0, VERSIONS_SHOWN).map(({ version, pin }) => (
          <Group key={`${version} ${pin}`} gap={6} wrap="nowrap">
            <Text span fz="sm" className="mono" truncate>
              {version === null ? 'newest' : version.slice(0, VERSION_CHARS)}
            </Text>
            <Badge style={{ flex: 'none' }} color={FIXED.includes(pin) ? 'vouch' : 'yellow'}>
              {FIXED.includes(pin) ? 'fixed' : `moves (${pin})`}
            </Badge>
          </Group>
        ))}
        {versions.length > VERSIONS_SHOWN ? (
          <Text fz="xs" c="dimmed">
            and {versions.length - VERSIONS_SHOWN} more
          </Text>
        ) : null}
      </>
    ),
  },
  {
    key: 'holds',
    header: 'Runs beside',
    width: 'minmax(0, 1.8fr)',
    render: ({ credentials, writes }) => (
      <Names names={[...credentials, ...writes.map((scope) => `${scope}: write`)]} />
    ),
  },
  {
    key: 'marks',
    header: 'Known against it',
    width: 'minmax(0, 1fr)',
    render: ({ marks }) =>
      marks.length === 0 ? (
        <Text c="dimmed">—</Text>
      ) : (
        <>
          <StateBadge state="act" label={plural(marks.length, 'warning')} />
          <Text fz="xs" className="breakable">
            {marks.join('; ')}
          </Text>
        </>
      ),
  },
];

/** Whose code runs in the pipelines, how freely they can change it, and what it runs beside. */
export function ThirdParties({ parties }: { parties: readonly ThirdParty[] }) {
  if (parties.length === 0) {
    return (
      <Panel>
        <EmptyState title="No third parties" icon={Boxes}>
          The pipelines of this repository run nothing of others.
        </EmptyState>
      </Panel>
    );
  }
  return (
    <>
      <Text fz="sm" c="dimmed" mb="xs">
        {plural(parties.length, 'third party', 'third parties')}, the riskiest first: how freely its owner can
        change it, times what the jobs that run it hold.
      </Text>
      <VirtualList
        label="Third parties"
        columns={COLUMNS}
        rows={parties}
        rowKey={({ kind, name }) => `${kind} ${name}`}
        rowHeight={64}
        height="62vh"
      />
    </>
  );
}
