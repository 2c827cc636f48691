import { Badge, Group, Text } from '@mantine/core';
import type { Use } from '#api/access-use.ts';
import type { Freeze } from '#api/freeze.ts';
import { KeyRound, ShieldAlert, Snowflake } from 'lucide-react';
import { TimeAgo } from '../../components/time-ago.tsx';

/** How often, of which how often in vain. */
export function UseCell({ use }: { use: Use }) {
  if (use.allowed + use.denied === 0) {
    return (
      <Text span fz="sm" c="dimmed">
        no use
      </Text>
    );
  }
  return (
    <Text span fz="sm" className="numeric">
      {use.allowed.toLocaleString('en')} allowed
      {use.denied === 0 ? null : (
        <Text span c="dimmed" fz="sm">
          {' '}
          · {use.denied.toLocaleString('en')} denied
        </Text>
      )}
    </Text>
  );
}

export function LastUsed({ use }: { use: Use }) {
  return use.lastUsed === null ? (
    <Text span fz="sm" c="dimmed">
      not in 30 days
    </Text>
  ) : (
    <Text span fz="sm">
      <TimeAgo moment={use.lastUsed} />
    </Text>
  );
}

export function ResourceMarks(props: { privileged: boolean; storedSecret: boolean; frozen: Freeze | null }) {
  return (
    <Group gap={6} component="span">
      {props.frozen === null ? null : <FrozenBadge />}
      {props.privileged ? (
        <Badge color="yellow" leftSection={<ShieldAlert size={12} aria-hidden />}>
          Privileged
        </Badge>
      ) : null}
      {props.storedSecret ? (
        <Badge color="orange" leftSection={<KeyRound size={12} aria-hidden />}>
          Stored secret
        </Badge>
      ) : null}
    </Group>
  );
}

export function FrozenBadge() {
  return (
    <Badge color="red" leftSection={<Snowflake size={12} aria-hidden />}>
      Frozen
    </Badge>
  );
}
