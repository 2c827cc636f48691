import { Checkbox, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import type { FreezeTarget } from '#api/freeze.ts';
import { Snowflake } from 'lucide-react';
import { useState } from 'react';
import { call } from '../../api/client.ts';
import { ConfirmButton } from '../../components/confirm-button.tsx';
import { useMayEverywhere } from './access-rights.ts';

/** The emergency stop for one thing; hidden from those who may not. */
export function FreezeButton(props: { target: FreezeTarget; what: string; label?: string }) {
  const { target, what, label = 'Freeze' } = props;
  const mayFreeze = useMayEverywhere('manageLeases');
  const client = useQueryClient();
  const [endLeases, setEndLeases] = useState(false);
  if (!mayFreeze) return null;
  return (
    <ConfirmButton
      label={label}
      variant="default"
      size="compact-sm"
      leftSection={<Snowflake size={14} aria-hidden />}
      title={`Freeze ${what}?`}
      confirm="Freeze"
      reason="Why? Whoever is refused reads this."
      onConfirm={async (reason) => {
        await call('createFreeze', { body: { target, reason, endLeases } });
        await client.invalidateQueries();
      }}
    >
      <Stack gap="sm">
        <Text fz="sm">
          Nobody under it gets or renews a credential, on any server, until somebody lifts it. Credentials
          that are out there live on until they expire, unless you end them too.
        </Text>
        <Checkbox
          label="Also end the leases that are live under it"
          checked={endLeases}
          onChange={(event) => setEndLeases(event.currentTarget.checked)}
        />
      </Stack>
    </ConfirmButton>
  );
}
