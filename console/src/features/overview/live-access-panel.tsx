import type { LiveAccess } from '#api/overview.ts';
import { Badge, Group, Table, Text } from '@mantine/core';
import { ShieldAlert } from 'lucide-react';
import { Panel } from '../../components/panel.tsx';
import { Stat } from '../../components/stat.tsx';
import { TimeAgo } from '../../components/time-ago.tsx';
import { ConsoleLink } from './console-link.tsx';

const SHOWN = 6;

/** Who can reach what at this moment. */
export function LiveAccessPanel({ access }: { access: LiveAccess }) {
  const { leases, privileged, truncated, resources } = access;
  return (
    <Panel title="Live access" note="Credentials that work at this moment. Each ends by itself.">
      <Group gap="xl">
        <Stat label="Leases" value={truncated ? `${leases}+` : leases} />
        <Stat label="Privileged" value={privileged} />
      </Group>
      {resources.length === 0 ? (
        <Text c="dimmed" fz="sm">
          Nobody holds a credential now.
        </Text>
      ) : (
        <Table.ScrollContainer minWidth={300}>
          <Table>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Resource</Table.Th>
                <Table.Th ta="end">Leases</Table.Th>
                <Table.Th>The last ends</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {resources.slice(0, SHOWN).map((each) => (
                <Table.Tr key={each.resource}>
                  <Table.Td className="breakable">
                    <ConsoleLink link={{ page: 'decisions', query: { resource: each.resource } }}>
                      {each.resource}
                    </ConsoleLink>{' '}
                    {each.privileged ? (
                      <Badge color="orange" leftSection={<ShieldAlert size={12} aria-hidden />}>
                        Privileged
                      </Badge>
                    ) : null}
                  </Table.Td>
                  <Table.Td ta="end" className="numeric">
                    {each.leases}
                  </Table.Td>
                  <Table.Td>
                    <TimeAgo moment={each.endsAt} />
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      {resources.length <= SHOWN ? null : (
        <Text fz="sm" c="dimmed">
          And {resources.length - SHOWN} more resources.
        </Text>
      )}
    </Panel>
  );
}
