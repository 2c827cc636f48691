import type { LogDescription } from '#api/log.ts';
import { Button, Group, Progress, Select, Stack, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { operationQuery } from '../../api/queries.ts';
import { CodeBlock } from '../../components/code-block.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { Panel } from '../../components/panel.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { saveFile } from '../../components/save-file.ts';
import { useNow } from '../../components/use-now.ts';
import { BUNDLE, fileNameOf, findBundle, type Piece, piecesOf, readPiece } from './export-range.ts';
import { formatCount } from './log-query.ts';

const HEIGHT = 320;
const DAY_MS = 86_400_000;
const SPANS = [
  { value: '1', label: 'Last 24 hours' },
  { value: '7', label: 'Last 7 days' },
  { value: '30', label: 'Last 30 days' },
  { value: '365', label: 'Last year' },
  { value: 'all', label: 'Everything that is kept' },
] as const;

/** A copy for an auditor, in files of bounded size; each line proves itself. */
export function ExportTab() {
  const query = useQuery(operationQuery('getLog', {}));
  return (
    <QueryView query={query} height={HEIGHT}>
      {(log) =>
        log.size === 0 ? (
          <EmptyState title="The log has no entries yet">The first comes with the first event.</EmptyState>
        ) : (
          <Stack gap="lg">
            <RangePanel log={log} />
            <WholePanel log={log} />
          </Stack>
        )
      }
    </QueryView>
  );
}

interface Prepared {
  readonly pieces: readonly Piece[];
  readonly size: number;
}

/** Ends with the page. */
function useSignal(): () => AbortSignal {
  const stop = useRef<AbortController>(undefined);
  useEffect(() => () => stop.current?.abort(), []);
  return () => {
    stop.current ??= new AbortController();
    return stop.current.signal;
  };
}

function RangePanel({ log }: { log: LogDescription }) {
  const nowMs = useNow();
  const signal = useSignal();
  const [span, setSpan] = useState<string>('7');
  const [prepared, setPrepared] = useState<Prepared | undefined>();
  const [state, setState] = useState<{ busy: boolean; error?: unknown }>({ busy: false });
  const prepare = async () => {
    setState({ busy: true });
    const bounds = [Math.floor(log.minimum_index / BUNDLE), Math.floor((log.size - 1) / BUNDLE)] as const;
    try {
      const first =
        span === 'all' ? bounds[0] : await findBundle(nowMs - Number(span) * DAY_MS, bounds, signal());
      setPrepared({ pieces: piecesOf(first, bounds[1]), size: log.size });
      setState({ busy: false });
    } catch (error) {
      setState({ busy: false, error });
    }
  };
  return (
    <Panel
      title="A range, with its proofs"
      note="NDJSON: each line has an event, its place in the log, and the proof that it stands there."
    >
      <Group align="flex-end">
        <Select
          label="Time"
          data={[...SPANS]}
          value={span}
          onChange={(value) => {
            setSpan(value ?? '7');
            setPrepared(undefined);
          }}
          allowDeselect={false}
          w={{ base: '100%', xs: 240 }}
        />
        <Button onClick={() => void prepare()} loading={state.busy}>
          Find the files
        </Button>
      </Group>
      {state.error === undefined ? null : <ErrorState error={state.error} retry={() => void prepare()} />}
      {prepared === undefined ? null : <PieceTable prepared={prepared} verifierKey={log.verifier_key} />}
    </Panel>
  );
}

function PieceTable({
  prepared: { pieces, size },
  verifierKey,
}: {
  prepared: Prepared;
  verifierKey: string;
}) {
  const [first] = pieces;
  const events = first === undefined ? 0 : size - first.firstBundle * BUNDLE;
  return (
    <Stack gap="sm">
      <Text fz="sm">
        About {formatCount(events)} events in {pieces.length} {pieces.length === 1 ? 'file' : 'files'}. The
        first may begin a little earlier: files hold whole bundles of {BUNDLE} entries.
      </Text>
      <Table.ScrollContainer minWidth={460}>
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>File</Table.Th>
              <Table.Th>
                <span className="visually-hidden">Download</span>
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {pieces.map((piece) => (
              <PieceRow key={piece.firstBundle} piece={piece} name={fileNameOf(piece, size)} />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <CodeBlock
        title="Check a file, anywhere and at any time"
        code={`npx vouchgate audit verify ${first === undefined ? 'FILE' : fileNameOf(first, size)} --key ${verifierKey}`}
        wrap
      />
    </Stack>
  );
}

function PieceRow({ piece, name }: { piece: Piece; name: string }) {
  const signal = useSignal();
  const [state, setState] = useState<{ share?: number; done?: true; error?: unknown }>({});
  const download = async () => {
    setState({ share: 0 });
    try {
      const text = await readPiece(piece, (share) => setState({ share }), signal());
      saveFile(name, text, 'application/x-ndjson');
      setState({ done: true });
    } catch (error) {
      setState({ error });
    }
  };
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={500} className="mono breakable">
        {name}
      </Table.Th>
      <Table.Td ta="end">
        {state.share === undefined ? (
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<Download size={14} aria-hidden />}
            onClick={() => void download()}
            aria-label={`Download ${name}`}
          >
            {state.done ? 'Again' : 'Download'}
          </Button>
        ) : (
          <Progress value={state.share * 100} aria-label={`Reading ${name}`} miw={120} />
        )}
        {state.error === undefined ? null : <ErrorState error={state.error} retry={() => void download()} />}
      </Table.Td>
    </Table.Tr>
  );
}

function WholePanel({ log }: { log: LogDescription }) {
  return (
    <Panel
      title="The whole log"
      note="On the command line: the log as it is published, and the event behind each entry. It can be checked without this server."
    >
      <CodeBlock
        title="Export and check"
        code={`npx vouchgate audit export audit-copy\nnpx vouchgate audit verify audit-copy --key ${log.verifier_key}`}
        wrap
      />
    </Panel>
  );
}
