import {
  Button,
  Checkbox,
  Group,
  Modal,
  SegmentedControl,
  Stack,
  TagsInput,
  Text,
  TextInput,
} from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { actionMeanings } from '#api/action-meanings.ts';
import type { TokenAction } from '#api/person.ts';
import { useState } from 'react';
import { call } from '../../api/client.ts';
import { ErrorState } from '../../components/error-state.tsx';
import { useMe } from '../../session/me.ts';

const DAYS = ['7', '30', '90'] as const;

/** What a person keeps for their own hands is not offered. */
const OFFERED = [
  'view',
  'upload',
  'triage',
  'viewRecord',
  'propose',
  'manageLeases',
  'configure',
] as const satisfies readonly TokenAction[];

export function CreateTokenModal(props: {
  opened: boolean;
  onClose: () => void;
  onCreated: (token: string) => void;
}) {
  const { opened, onClose, onCreated } = props;
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title="New API token"
      size="lg"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <TokenForm onClose={onClose} onCreated={onCreated} />
    </Modal>
  );
}

function TokenForm({ onClose, onCreated }: { onClose: () => void; onCreated: (token: string) => void }) {
  const me = useMe();
  const offered = OFFERED.filter((action) => me.actions.some((granted) => granted.action === action));
  const [name, setName] = useState('');
  const [actions, setActions] = useState<TokenAction[]>(['view']);
  const [repositories, setRepositories] = useState<string[]>([]);
  const [days, setDays] = useState<string>('30');
  const create = useMutation({
    mutationFn: () =>
      call('createApiToken', {
        body: {
          name: name.trim(),
          actions,
          expiresInDays: Number(days),
          ...(repositories.length === 0 ? {} : { repositories }),
        },
      }),
    onSuccess: ({ token }) => onCreated(token),
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        create.mutate();
      }}
    >
      <Stack>
        <TextInput
          label="What it is for"
          placeholder="nightly import of scanner reports"
          required
          maxLength={100}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          data-autofocus
        />
        <Checkbox.Group
          label="What it may do"
          description="As little as it needs. It never approves and never administers."
          required
          value={actions}
          onChange={(values) => setActions(offered.filter((action) => values.includes(action)))}
        >
          <Stack gap="xs" mt="xs">
            {offered.map((action) => (
              <Checkbox key={action} value={action} label={action} description={actionMeanings[action]} />
            ))}
          </Stack>
        </Checkbox.Group>
        <TagsInput
          label="Only these repositories"
          description="Names like acme/shop, or acme/* for all below. Empty: all that you may see."
          placeholder="acme/shop"
          splitChars={[',', ' ']}
          maxTags={50}
          value={repositories}
          onChange={setRepositories}
        />
        <div>
          <Text fz="sm" fw={500} mb={4} id="token-days">
            Ends after
          </Text>
          <SegmentedControl
            aria-labelledby="token-days"
            value={days}
            onChange={setDays}
            data={DAYS.map((value) => ({ value, label: `${value} days` }))}
          />
        </div>
        {create.error === null ? null : <ErrorState error={create.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button
            type="submit"
            loading={create.isPending}
            disabled={name.trim() === '' || actions.length === 0}
          >
            Make the token
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
