import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Freeze } from '#api/freeze.ts';
import { Snowflake } from 'lucide-react';
import { call } from '../../api/client.ts';
import { operationQuery } from '../../api/queries.ts';
import { ErrorState } from '../../components/error-state.tsx';
import { TimeAgo } from '../../components/time-ago.tsx';
import { useMayEverywhere } from './access-rights.ts';

const REFRESH_MS = 10_000;

export function describeTarget({ target }: Pick<Freeze, 'target'>): string {
  if (target.kind === 'everything') return 'All access';
  const kind = { identityProvider: 'Identity provider', resource: 'Resource', repository: 'Repository' };
  return `${kind[target.kind]} ${target.name}`;
}

/** What is stopped stands above everything else, for whoever wonders why jobs fail. */
export function FreezeBanner() {
  const query = useQuery({ ...operationQuery('listFreezes', {}), refetchInterval: REFRESH_MS });
  const freezes = query.data?.freezes ?? [];
  if (freezes.length === 0) return null;
  return (
    <Alert color="red" icon={<Snowflake aria-hidden />} title="Access is frozen" role="status">
      <Stack gap="xs">
        {freezes.map((freeze) => (
          <FreezeLine key={freeze.id} freeze={freeze} />
        ))}
      </Stack>
    </Alert>
  );
}

function FreezeLine({ freeze }: { freeze: Freeze }) {
  const mayLift = useMayEverywhere('manageLeases');
  const client = useQueryClient();
  const lift = useMutation({
    mutationFn: () => call('liftFreeze', { params: { id: freeze.id } }),
    onSuccess: () => client.invalidateQueries(),
  });
  return (
    <Stack gap={4}>
      <Group justify="space-between" gap="xs" align="flex-start">
        <div>
          <Text fz="sm" fw={600} className="breakable">
            {describeTarget(freeze)}
          </Text>
          <Text fz="sm" className="breakable">
            {freeze.reason} · by {freeze.frozenBy}, <TimeAgo moment={freeze.frozenAt} />
            {freeze.until === null ? null : (
              <>
                {' '}
                · ends <TimeAgo moment={freeze.until} />
              </>
            )}
          </Text>
        </div>
        {mayLift ? (
          <Button size="compact-sm" variant="default" loading={lift.isPending} onClick={() => lift.mutate()}>
            Lift
          </Button>
        ) : null}
      </Group>
      {lift.error === null ? null : <ErrorState error={lift.error} />}
    </Stack>
  );
}
