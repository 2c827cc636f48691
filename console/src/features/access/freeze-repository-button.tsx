import { Checkbox, Stack, Text, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { Snowflake } from 'lucide-react';
import { useState } from 'react';
import { call } from '../../api/client.ts';
import { ConfirmButton } from '../../components/confirm-button.tsx';
import { useMayEverywhere } from './access-rights.ts';

/** The emergency stop for one repository, whatever platform it is on. */
export function FreezeRepositoryButton() {
  const mayFreeze = useMayEverywhere('manageLeases');
  const client = useQueryClient();
  const [name, setName] = useState('');
  const [endLeases, setEndLeases] = useState(true);
  if (!mayFreeze) return null;
  return (
    <ConfirmButton
      label="Freeze a repository"
      variant="default"
      size="compact-sm"
      leftSection={<Snowflake size={14} aria-hidden />}
      title="Freeze a repository"
      confirm="Freeze"
      reason="Why? Whoever is refused reads this."
      onConfirm={async (reason) => {
        const target = { kind: 'repository' as const, name: name.trim() };
        await call('createFreeze', { body: { target, reason, endLeases } });
        setName('');
        await client.invalidateQueries();
      }}
    >
      <Stack gap="sm">
        <TextInput
          label="Repository"
          description="acme/shop, acme/* for all below, or by its id as policies write it: github/456789. An id stays when its owner renames it."
          required
          maxLength={300}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Checkbox
          label="Also end the leases that are live under it"
          checked={endLeases}
          onChange={(event) => setEndLeases(event.currentTarget.checked)}
        />
        <Text fz="sm">
          None of its jobs gets or renews a credential, on any server, until somebody lifts it.
        </Text>
      </Stack>
    </ConfirmButton>
  );
}
