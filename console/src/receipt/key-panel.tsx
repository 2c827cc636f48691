import { Alert, Button, CloseButton, Collapse, Group, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { KeyRound, TriangleAlert } from 'lucide-react';
import { StateBadge } from '../components/badges.tsx';
import { Identifier } from '../components/identifier.tsx';
import { KeyForm } from './key-form.tsx';
import type { KeyOrigin, TrustedKeys } from './trusted-keys.ts';

const STATES: Readonly<
  Record<KeyOrigin, { state: 'good' | 'attention' | 'act'; label: string; text: string }>
> = {
  pinned: {
    state: 'good',
    label: 'Pinned',
    text: 'Kept in this browser, and the server still names the same.',
  },
  server: {
    state: 'attention',
    label: 'From this server',
    text: 'Compare the fingerprint once with what the operator publishes elsewhere, then pin the key.',
  },
  changed: {
    state: 'act',
    label: 'Changed',
    text: 'The server names another key than the one that is pinned here. Ask the operator before you accept it.',
  },
};

/** In groups of four, as people compare it. */
function grouped(fingerprint: string): string {
  return fingerprint.replace(/.{4}(?=.)/g, '$& ');
}

/** Which key the log is checked with, and why it is trusted. */
export function KeyPanel({ keys }: { keys: TrustedKeys }) {
  const [opened, { toggle }] = useDisclosure(false);
  const { trust, pin, unpin, addWitness, removeWitness } = keys;
  if (trust === undefined) return null;
  const { log, from, offered, witnesses } = trust;
  const told = STATES[from];
  return (
    <Stack gap="xs">
      <Group gap="xs">
        <KeyRound size={16} aria-hidden />
        <Text fw={600}>Key of the log</Text>
        <StateBadge state={told.state} label={told.label} />
      </Group>
      <Text fz="sm" c="dimmed">
        {told.text}
      </Text>
      <Text fz="sm" className="mono breakable" aria-label="Fingerprint, SHA-256">
        {grouped(log.fingerprint)}
      </Text>
      <Identifier value={log.text} label="Copy the key" />
      {offered === undefined ? null : (
        <Alert color="red" icon={<TriangleAlert aria-hidden />} title="What the server names now">
          <Text fz="sm" className="mono breakable">
            {grouped(offered.fingerprint)}
          </Text>
        </Alert>
      )}
      <Group gap="xs">
        {from === 'server' ? (
          <Button size="compact-sm" onClick={() => pin(log)}>
            Pin this key
          </Button>
        ) : (
          <Button size="compact-sm" variant="default" onClick={() => unpin()}>
            Unpin
          </Button>
        )}
        <Button size="compact-sm" variant="default" onClick={toggle} aria-expanded={opened}>
          Other keys
        </Button>
      </Group>
      {witnesses.map((witness) => (
        <Group key={witness.text} gap="xs" wrap="nowrap">
          <Text fz="sm" className="breakable">
            Demanded witness: {witness.name}
          </Text>
          <CloseButton
            size="xs"
            aria-label={`Do not demand ${witness.name} any more`}
            onClick={() => removeWitness(witness)}
          />
        </Group>
      ))}
      <Collapse expanded={opened}>
        <Stack gap="sm">
          <KeyForm label="Check with this key of the log" action="Pin it" onKey={pin} />
          <KeyForm label="Demand the signature of this witness" action="Demand it" onKey={addWitness} />
        </Stack>
      </Collapse>
    </Stack>
  );
}
