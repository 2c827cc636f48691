import type { LogStatus } from '#api/log.ts';
import { Anchor, Grid, List, Stack, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { call } from '../../api/client.ts';
import { StateBadge } from '../../components/badges.tsx';
import { CodeBlock } from '../../components/code-block.tsx';
import { Identifier } from '../../components/identifier.tsx';
import { KeyValues } from '../../components/key-values.tsx';
import { Panel } from '../../components/panel.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { TimeAgo } from '../../components/time-ago.tsx';
import { ReceiptPanel } from '../../receipt/receipt-panel.tsx';
import { formatCount, logStatusQuery } from './log-query.ts';

const HEIGHT = 560;
/** Where C2SP tlog-tiles has it; it is text, so it is no operation of the client. */
const CHECKPOINT_PATH = '/log/checkpoint';

/** The checkpoint, who signed it, and a proof that can be followed here. */
export function LogTab() {
  const status = useQuery(logStatusQuery);
  return (
    <QueryView query={status} height={HEIGHT}>
      {(log) => (
        <Grid gap="lg">
          <Grid.Col span={{ base: 12, md: 6 }}>
            <Stack gap="lg">
              <CheckpointPanel log={log} />
              <WitnessPanel log={log} />
              <WholePanel log={log} />
            </Stack>
          </Grid.Col>
          <Grid.Col span={{ base: 12, md: 6 }}>{log.sealed_through === 0 ? null : <NewestEntry />}</Grid.Col>
        </Grid>
      )}
    </QueryView>
  );
}

function CheckpointPanel({ log }: { log: LogStatus }) {
  return (
    <Panel
      title="Checkpoint"
      note="One signed line says how many entries there are, and what all of them are."
      actions={
        <Anchor href={CHECKPOINT_PATH} fz="sm" download="checkpoint">
          Download
        </Anchor>
      }
    >
      <KeyValues
        items={[
          ['Log', log.origin],
          ['Entries', formatCount(log.size)],
          ['Root', log.root === null ? 'none yet' : <Identifier value={log.root} />],
          ['Signed', log.signed_at === null ? 'not yet' : <TimeAgo moment={log.signed_at} />],
          ['Last event in the log', log.sealed_through],
          ['Last event recorded', log.recorded_through],
          ['Key', <Identifier key="key" value={log.verifier_key} />],
          [
            'Post-quantum key',
            log.post_quantum_key === null ? undefined : <Identifier value={log.post_quantum_key} />,
          ],
        ]}
      />
    </Panel>
  );
}

function WitnessPanel({ log }: { log: LogStatus }) {
  const { witnesses, quorum, size } = log;
  return (
    <Panel
      title="Witnesses"
      note="A witness signs a checkpoint only when it goes on from the last one that it signed: so nobody is shown another log."
    >
      {witnesses.length === 0 ? (
        <CodeBlock
          title="Name one in vouchgate.yaml"
          code={
            'log:\n  witnesses:\n    - key: witness.example+5c1d7a90+BASE64\n      url: https://witness.example/\n  quorum: 1'
          }
        />
      ) : (
        <Table.ScrollContainer minWidth={420}>
          <Table>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Witness</Table.Th>
                <Table.Th>Signed</Table.Th>
                <Table.Th ta="end">Entries since</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {witnesses.map(({ name, key, cosigned_at: at, cosigned_size: cosigned }) => (
                <Table.Tr key={key}>
                  <Table.Th scope="row" fw={500} className="breakable">
                    {name}
                  </Table.Th>
                  <Table.Td>
                    {at === null ? (
                      <StateBadge state="attention" label="Not yet" />
                    ) : (
                      <>
                        <StateBadge state="good" label="Signed" /> <TimeAgo moment={at} />
                      </>
                    )}
                  </Table.Td>
                  <Table.Td ta="end" className="numeric">
                    {cosigned === null ? '—' : formatCount(Math.max(0, size - cosigned))}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
          <Text fz="sm" c="dimmed">
            {quorum} {quorum === 1 ? 'signature makes' : 'signatures make'} a checkpoint a witnessed one.
          </Text>
        </Table.ScrollContainer>
      )}
    </Panel>
  );
}

function WholePanel({ log }: { log: LogStatus }) {
  return (
    <Panel title="Is all of it whole?" note="From any machine, without trusting this server.">
      <CodeBlock
        title="Check every entry"
        code={`npx vouchgate audit verify --key ${log.verifier_key}`}
        wrap
      />
      <List fz="sm" spacing={4}>
        <List.Item>follows every entry to the signed root</List.Item>
        <List.Item>compares with what that machine saw the last time</List.Item>
        <List.Item>ends with 1 when something was changed, dropped, added or put in another order</List.Item>
      </List>
    </Panel>
  );
}

/** Anew when the page is opened, not with every event: whoever reads the steps should have time to. */
function NewestEntry() {
  const status = useQuery({ ...logStatusQuery, refetchInterval: false });
  const sequence = status.data?.sealed_through ?? 0;
  const newest = useQuery({
    queryKey: ['newest receipt'],
    queryFn: async ({ signal }) => {
      const input = { params: { sequence: String(sequence) } };
      return { receipts: [await call('getEventReceipt', input, signal)] };
    },
    enabled: sequence > 0,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
  return (
    <ReceiptPanel query={newest} events={[]} subject={String(sequence)} title="The newest entry, proved" />
  );
}
