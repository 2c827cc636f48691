import type { TriageDecision } from '#api/finding.ts';
import { Button, Group, Modal, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../../api/client.ts';
import { ErrorState } from '../../components/error-state.tsx';
import { useMe } from '../../session/me.ts';

export type TriageAction = Exclude<TriageDecision['action'], 'comment'>;

const DAY_MS = 86_400_000;
const ACCEPTED_DAYS = 90;
const ACCEPTED_DAYS_MAX = 1_095;

interface Wording {
  title: string;
  lead: string;
  button: string;
  reason: string;
}

const WORDS = {
  assign: {
    title: 'Assign',
    lead: 'Who mends it. Leave the name empty to take it from whoever has it.',
    button: 'Assign',
    reason: 'Note (optional)',
  },
  accept: {
    title: 'Accept the risk',
    lead: 'It stays as it is until a day, and somebody answers for that. Its clock stands until then.',
    button: 'Accept',
    reason: 'Why this can wait',
  },
  'false-positive': {
    title: 'False positive',
    lead: 'There is nothing to mend. Reports that have it again will not open it.',
    button: 'Mark as false positive',
    reason: 'Why it is none',
  },
  restore: {
    title: 'Reopen',
    lead: 'Takes an acceptance or a false positive back. The clock goes on.',
    button: 'Reopen',
    reason: 'Why',
  },
} as const satisfies Record<TriageAction, Wording>;

function dayIn(days: number, nowMs: number): string {
  return new Date(nowMs + days * DAY_MS).toISOString().slice(0, 10);
}

/** A day as a person means it: until its end, where they are. */
function endOfDay(day: string): string {
  return new Date(`${day}T23:59:59`).toISOString();
}

function plural(count: number): string {
  return count === 1 ? 'one finding' : `${count} findings`;
}

/** One decision about one finding or many. It is recorded with the name of whoever makes it. */
export function TriageDialog(props: {
  action: TriageAction;
  ids: readonly string[];
  nowMs: number;
  onClose: () => void;
  onDone: () => void;
}) {
  const { action, ids, nowMs, onClose, onDone } = props;
  const words = WORDS[action];
  const me = useMe();
  const queryClient = useQueryClient();
  const [name, setName] = useState(me.subject);
  const [reason, setReason] = useState('');
  const [until, setUntil] = useState(dayIn(ACCEPTED_DAYS, nowMs));
  const decisionOf = (): TriageDecision => {
    const text = reason.trim();
    if (action === 'assign') {
      return {
        action,
        assignee: name.trim() === '' ? null : name.trim(),
        ...(text !== '' && { note: text }),
      };
    }
    if (action === 'accept') return { action, owner: name.trim(), reason: text, until: endOfDay(until) };
    return { action, reason: text };
  };
  const decide = useMutation({
    mutationFn: () => call('triageFindings', { body: { findings: [...ids], decision: decisionOf() } }),
    onSuccess: async () => {
      await queryClient.invalidateQueries();
      onDone();
    },
  });
  const isReady =
    action === 'assign' || (reason.trim() !== '' && (action !== 'accept' || name.trim() !== ''));
  return (
    <Modal opened onClose={onClose} title={`${words.title}: ${plural(ids.length)}`}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (isReady) decide.mutate();
        }}
      >
        <Stack>
          <Text fz="sm" c="dimmed">
            {words.lead}
          </Text>
          {action === 'assign' || action === 'accept' ? (
            <TextInput
              label={action === 'assign' ? 'Who' : 'Who answers for it'}
              value={name}
              maxLength={200}
              required={action === 'accept'}
              onChange={(event) => setName(event.currentTarget.value)}
              data-autofocus
            />
          ) : null}
          {action === 'accept' ? (
            <TextInput
              type="date"
              label="Until"
              required
              value={until}
              min={dayIn(1, nowMs)}
              max={dayIn(ACCEPTED_DAYS_MAX, nowMs)}
              onChange={(event) => setUntil(event.currentTarget.value)}
            />
          ) : null}
          <Textarea
            label={words.reason}
            required={action !== 'assign'}
            autosize
            minRows={2}
            maxRows={8}
            maxLength={1_000}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
            data-autofocus={action === 'false-positive' || action === 'restore' || undefined}
          />
          {decide.error === null ? null : <ErrorState error={decide.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={decide.isPending} disabled={!isReady}>
              {words.button}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
