import type { LogStatus } from '#api/log.ts';
import type { Sink } from '#api/sink.ts';
import { SimpleGrid } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { StateBadge } from '../../components/badges.tsx';
import { Panel } from '../../components/panel.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { Stat } from '../../components/stat.tsx';
import { TimeAgo } from '../../components/time-ago.tsx';
import { formatCount, formatLag, logStatusQuery, sinksQuery } from './log-query.ts';

const HEIGHT = 118;
/** The sealer works every 0.2 seconds; more than this is not how it should be. */
const LAG_SECONDS_MAX = 10;

/** The four questions that an auditor asks first. */
export function RecordSummary() {
  const status = useQuery(logStatusQuery);
  const sinks = useQuery(sinksQuery);
  return (
    <QueryView query={status} height={HEIGHT}>
      {(log) => (
        <Panel>
          <SimpleGrid cols={{ base: 2, md: 4 }} spacing="lg">
            <Stat
              label="Entries in the log"
              value={formatCount(log.size)}
              note={
                log.signed_at === null ? (
                  'not signed yet'
                ) : (
                  <>
                    signed <TimeAgo moment={log.signed_at} />
                  </>
                )
              }
            />
            <SealingStat log={log} />
            <WitnessStat log={log} />
            <SinkStat sinks={sinks.data?.sinks} />
          </SimpleGrid>
        </Panel>
      )}
    </QueryView>
  );
}

function SealingStat({ log: { waiting_seconds: waiting } }: { log: LogStatus }) {
  const isLate = waiting !== null && waiting > LAG_SECONDS_MAX;
  return (
    <Stat
      label="Behind the record"
      value={waiting === null ? '0 s' : formatLag(waiting)}
      note={
        <StateBadge
          state={isLate ? 'act' : 'good'}
          label={isLate ? 'The sealer is late' : 'Sealed at once'}
        />
      }
    />
  );
}

function WitnessStat({ log: { witnesses, quorum, witnessed_size: witnessed, size } }: { log: LogStatus }) {
  if (witnesses.length === 0)
    return (
      <Stat label="Witnesses" value="None" note={<StateBadge state="attention" label="Nobody watches" />} />
    );
  const signed = witnesses.filter(({ cosigned_size: cosigned }) => cosigned !== null).length;
  const isFine = signed >= quorum && witnessed !== null;
  return (
    <Stat
      label="Witnesses that signed"
      value={`${signed} of ${witnesses.length}`}
      note={
        <StateBadge
          state={isFine ? 'good' : 'act'}
          label={isFine ? `${formatCount(size - (witnessed ?? 0))} entries newer` : `${quorum} are wanted`}
        />
      }
    />
  );
}

function SinkStat({ sinks }: { sinks: readonly Sink[] | undefined }) {
  if (sinks === undefined) return <Stat label="Copies elsewhere" value="…" />;
  const configured = sinks.filter(({ state }) => state !== 'removed');
  const ill = configured.filter(({ state, parked }) => state === 'down' || state === 'stopped' || parked > 0);
  return (
    <Stat
      label="Copies elsewhere"
      value={configured.length}
      note={
        configured.length === 0 ? (
          <StateBadge state="attention" label="Only here" />
        ) : (
          <StateBadge
            state={ill.length === 0 ? 'good' : 'act'}
            label={
              ill.length === 0
                ? 'All healthy'
                : ill.length === 1
                  ? '1 needs a look'
                  : `${ill.length} need a look`
            }
          />
        )
      }
    />
  );
}
