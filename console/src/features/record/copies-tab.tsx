import type { Sink } from '#api/sink.ts';
import { Button, Group, Stack } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { RotateCw, Send } from 'lucide-react';
import { useState } from 'react';
import { call } from '../../api/client.ts';
import { StateBadge } from '../../components/badges.tsx';
import { CodeBlock } from '../../components/code-block.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { KeyValues } from '../../components/key-values.tsx';
import { Panel } from '../../components/panel.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { TimeAgo } from '../../components/time-ago.tsx';
import { useMay } from '../../session/me.ts';
import { formatCount, formatLag, sinksQuery } from './log-query.ts';
import { ParkedEvents } from './parked-events.tsx';

const HEIGHT = 320;

const STATES: Readonly<
  Record<Sink['state'], { state: 'good' | 'attention' | 'act' | 'unknown'; label: string; text: string }>
> = {
  idle: { state: 'good', label: 'Up to date', text: 'It has everything that is in the log.' },
  sending: { state: 'good', label: 'Sending', text: 'Events are on their way.' },
  starting: { state: 'unknown', label: 'Starting', text: 'It was not tried yet.' },
  retrying: { state: 'attention', label: 'Trying again', text: 'The last try failed; nothing is lost.' },
  down: {
    state: 'act',
    label: 'Down',
    text: 'It is tried with one event now and then; all others wait here.',
  },
  stopped: {
    state: 'act',
    label: 'Stopped',
    text: 'It refuses us. It is not tried until somebody asks for it.',
  },
  removed: { state: 'unknown', label: 'Not configured', text: 'It is not in the configuration any more.' },
};

/** Where the record stands beside here: how far behind, how well, and what was not taken. */
export function CopiesTab(props: {
  chosen: string | undefined;
  onChoose: (name: string | undefined) => void;
}) {
  const { chosen, onChoose } = props;
  const query = useQuery(sinksQuery);
  return (
    <QueryView query={query} height={HEIGHT}>
      {({ sinks }) =>
        sinks.length === 0 ? (
          <EmptyState title="The record stands only here" icon={Send}>
            <Stack>
              <span>
                Send it to a SIEM or to object storage, so that whoever breaks in here cannot take it away. A
                copy that is down never blocks a job and loses nothing.
              </span>
              <CodeBlock
                title="In vouchgate.yaml"
                code={'sinks:\n  archive:\n    type: s3\n    bucket: acme-audit\n    region: eu-central-1'}
              />
            </Stack>
          </EmptyState>
        ) : (
          <Stack gap="lg">
            {sinks.map((sink) => (
              <SinkPanel
                key={sink.name}
                sink={sink}
                opened={sink.name === chosen}
                onToggle={() => onChoose(sink.name === chosen ? undefined : sink.name)}
              />
            ))}
            <ReconciliationPanel sinks={sinks} />
          </Stack>
        )
      }
    </QueryView>
  );
}

function SinkPanel({ sink, opened, onToggle }: { sink: Sink; opened: boolean; onToggle: () => void }) {
  const { state, label, text } = STATES[sink.state];
  return (
    <Panel
      title={sink.name}
      note={text}
      actions={
        <Group gap="xs">
          <StateBadge state={state} label={label} />
          {sink.state === 'removed' ? null : <RetryButton sink={sink} />}
        </Group>
      }
    >
      <KeyValues
        items={[
          ['Kind', sink.type ?? undefined],
          ['Behind', `${formatCount(sink.behind)} ${sink.behind === 1 ? 'event' : 'events'}`],
          ['Oldest that waits', sink.behind === 0 ? undefined : formatLag(sink.oldestUnsentAgeSeconds)],
          ['Sent, up to entry', formatCount(sink.nextIndex)],
          ['Last success', sink.lastSuccessAt === null ? 'never' : <TimeAgo moment={sink.lastSuccessAt} />],
          ['Failures in a row', sink.failures === 0 ? undefined : sink.failures],
          ['Next try', sink.nextAttemptAt === null ? undefined : <TimeAgo moment={sink.nextAttemptAt} />],
          [
            'Last error',
            sink.lastError === null ? undefined : (
              <>
                {sink.lastError.message} (<TimeAgo moment={sink.lastError.at} />)
              </>
            ),
          ],
          ['Parked', sink.parked === 0 ? 'none' : `${formatCount(sink.parked)}: it will not take them`],
        ]}
      />
      {sink.parked === 0 ? null : (
        <Group>
          <Button size="compact-sm" variant="default" onClick={onToggle} aria-expanded={opened}>
            {opened ? 'Hide what is parked' : 'Show what is parked'}
          </Button>
        </Group>
      )}
      {opened && sink.parked > 0 ? <ParkedEvents sink={sink.name} /> : null}
    </Panel>
  );
}

/** Asked for: recorded as a change, tried within a second. */
function RetryButton({ sink: { name, parked } }: { sink: Sink }) {
  const mayRetry = useMay('configure');
  const queries = useQueryClient();
  const [state, setState] = useState<{ busy: boolean; error?: unknown }>({ busy: false });
  if (!mayRetry) return null;
  const retry = async () => {
    setState({ busy: true });
    try {
      await call('retrySink', { params: { name } });
      await queries.invalidateQueries({ queryKey: ['listSinks'] });
      await queries.invalidateQueries({ queryKey: ['listParkedEvents'] });
      setState({ busy: false });
    } catch (error) {
      setState({ busy: false, error });
    }
  };
  return (
    <>
      <Button
        size="compact-sm"
        variant="default"
        loading={state.busy}
        leftSection={<RotateCw size={14} aria-hidden />}
        onClick={() => void retry()}
      >
        {parked === 0 ? 'Try now' : 'Try again, parked ones too'}
      </Button>
      {state.error === undefined ? null : <ErrorState error={state.error} />}
    </>
  );
}

/** The comparison is made elsewhere, with somebody's own access to the copy: a server that lies cannot help it. */
function ReconciliationPanel({ sinks }: { sinks: readonly Sink[] }) {
  const names = sinks.flatMap(({ name, state }) => (state === 'removed' ? [] : [name]));
  const [first] = names;
  if (first === undefined) return null;
  const commands = names.map((name) => `npx vouchgate audit reconcile ${name} --config ./vouchgate`);
  return (
    <Panel
      title="Does a copy say what the log says?"
      note="The command asks the copy itself, with your own access to it, and compares every event with the log: missing, altered and added ones are named. This server takes no part, so it does not know the result."
    >
      <CodeBlock title="Reconcile a copy as it is now" code={commands.join('\n')} />
      <CodeBlock
        title="Reconcile what was exported from it"
        code={`npx vouchgate audit reconcile ${first} --file export.ndjson`}
      />
    </Panel>
  );
}
