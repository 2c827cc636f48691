import type { Fact } from '#api/fact.ts';
import { Table, Text } from '@mantine/core';

/** What was expected, and what came: why something was refused. */
export function FactTable({ facts }: { facts: readonly Fact[] }) {
  return (
    <Table.ScrollContainer minWidth={420}>
      <Table layout="fixed">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Fact</Table.Th>
            <Table.Th>Expected</Table.Th>
            <Table.Th>Received</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {facts.map(({ name, expected, received }) => (
            <Table.Tr key={`${name} ${expected}`}>
              <Table.Th scope="row" fw={500} className="mono breakable">
                {name}
              </Table.Th>
              <Table.Td className="mono breakable">{expected}</Table.Td>
              <Table.Td className="mono breakable">
                {received ?? (
                  <Text span c="dimmed" fz="sm">
                    nothing
                  </Text>
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
