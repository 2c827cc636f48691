import type { Lease, LeaseState } from '#api/lease.ts';
import { Progress, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { call } from '../../api/client.ts';
import { StateBadge } from '../../components/badges.tsx';
import { ConfirmButton } from '../../components/confirm-button.tsx';
import { Identifier } from '../../components/identifier.tsx';
import { KeyValues } from '../../components/key-values.tsx';
import { Panel } from '../../components/panel.tsx';
import { TimeAgo } from '../../components/time-ago.tsx';
import { useNow } from '../../components/use-now.ts';
import { useMay } from '../../session/me.ts';

const STATES: Readonly<
  Record<LeaseState, { state: 'good' | 'attention' | 'act' | 'unknown'; label: string }>
> = {
  pending: { state: 'attention', label: 'Being made' },
  active: { state: 'attention', label: 'In use' },
  revoking: { state: 'attention', label: 'Being revoked' },
  revoked: { state: 'good', label: 'Revoked' },
  expired: { state: 'good', label: 'Expired' },
  failed: { state: 'unknown', label: 'Never came to be' },
  irrevocable: { state: 'act', label: 'Could not be revoked' },
};

function elapsedPercent({ createdAt, expiresAt }: Lease, nowMs: number): number {
  const [from, to] = [Date.parse(createdAt), Date.parse(expiresAt)];
  return to <= from ? 100 : Math.round(Math.min(1, Math.max(0, (nowMs - from) / (to - from))) * 100);
}

/** The access that came of it, and how long it lives. */
export function LeasePanel({ lease }: { lease: Lease }) {
  const mayEnd = useMay('manageLeases');
  const queries = useQueryClient();
  const nowMs = useNow();
  const isLive = lease.state === 'active' || lease.state === 'pending' || lease.state === 'revoking';
  const { state, label } = STATES[lease.state];
  return (
    <Panel
      title="Access"
      note={isLive ? 'The credential may be in use now.' : undefined}
      actions={<StateBadge state={state} label={label} />}
    >
      {isLive ? (
        <Progress
          value={elapsedPercent(lease, nowMs)}
          size="sm"
          aria-label="Part of its life that has passed"
        />
      ) : null}
      <KeyValues
        items={[
          ['Credential provider', lease.credentialProvider],
          ['Issued', <TimeAgo key="created" moment={lease.createdAt} />],
          [isLive ? 'Expires' : 'Would have expired', <TimeAgo key="expires" moment={lease.expiresAt} />],
          ['Renewable until', isLive ? <TimeAgo key="max" moment={lease.expiresAtMax} /> : undefined],
          ['Ended', lease.endedAt === null ? undefined : <TimeAgo key="ended" moment={lease.endedAt} />],
          ...Object.entries(lease.handle).map(
            ([name, value]) =>
              [
                `Back-end: ${name}`,
                <span key={name} className="mono">
                  {String(value)}
                </span>,
              ] as const,
          ),
          ['Failed tries to end it', lease.attempts === 0 ? undefined : lease.attempts],
          ['Last error', lease.lastError ?? undefined],
          ['Lease', <Identifier key="id" value={lease.id} />],
        ]}
      />
      {isLive && mayEnd ? (
        <ConfirmButton
          label="End this access now"
          title="End this access now?"
          confirm="End it"
          color="red"
          variant="light"
          onConfirm={async () => {
            await call('revokeLease', { params: { id: lease.id } });
            await queries.invalidateQueries({ queryKey: ['getDecision'] });
          }}
        >
          <Text>
            {lease.revocable
              ? 'The back-end is told to undo the credential. A job that uses it fails from then on.'
              : 'This kind of credential cannot be undone in the back-end: it ends with its time, and is not renewed.'}
          </Text>
        </ConfirmButton>
      ) : null}
    </Panel>
  );
}
