import { Badge, Button, Group, Table, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { pagedQuery } from '../../api/queries.ts';
import { QueryView } from '../../components/query-view.tsx';
import { TimeAgo } from '../../components/time-ago.tsx';

const PAGE = 50;
const HEIGHT = 240;

/** Events that a sink refuses for good: what it said to each. */
export function ParkedEvents({ sink }: { sink: string }) {
  const input = { params: { name: sink }, query: { limit: PAGE } };
  const query = useInfiniteQuery(pagedQuery('listParkedEvents', input, 'after', ({ next }) => next));
  return (
    <QueryView query={query} height={HEIGHT}>
      {({ pages }) => (
        <>
          <Table.ScrollContainer minWidth={560}>
            <Table>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Entry</Table.Th>
                  <Table.Th>What it said</Table.Th>
                  <Table.Th>Parked</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {pages
                  .flatMap(({ parked }) => parked)
                  .map((event) => (
                    <Table.Tr key={event.index}>
                      <Table.Th scope="row" fw={500} className="numeric">
                        {event.index}
                      </Table.Th>
                      <Table.Td className="breakable">
                        <Text fz="sm">{event.message}</Text>
                        <Text fz="xs" c="dimmed" className="mono">
                          {event.code} · {event.event === '' ? 'not in the record any more' : event.event}
                        </Text>
                      </Table.Td>
                      <Table.Td>
                        <Group gap={6}>
                          <TimeAgo moment={event.parkedAt} />
                          {event.retryAsked ? <Badge color="gray">tried again soon</Badge> : null}
                        </Group>
                      </Table.Td>
                    </Table.Tr>
                  ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
          {query.hasNextPage ? (
            <Button
              variant="default"
              size="compact-sm"
              loading={query.isFetchingNextPage}
              onClick={() => void query.fetchNextPage()}
            >
              More
            </Button>
          ) : null}
        </>
      )}
    </QueryView>
  );
}
