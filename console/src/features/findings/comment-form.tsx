import { Button, Group, Stack, Textarea } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../../api/client.ts';
import { ErrorState } from '../../components/error-state.tsx';

/** A word for whoever comes next. */
export function CommentForm({ id }: { id: string }) {
  const [note, setNote] = useState('');
  const queryClient = useQueryClient();
  const send = useMutation({
    mutationFn: () =>
      call('triageFinding', { params: { id }, body: { decision: { action: 'comment', note: note.trim() } } }),
    onSuccess: async () => {
      setNote('');
      await queryClient.invalidateQueries({ queryKey: ['getFinding'] });
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (note.trim() !== '') send.mutate();
      }}
    >
      <Stack gap="xs">
        <Textarea
          label="Comment"
          autosize
          minRows={1}
          maxRows={8}
          maxLength={1_000}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        {send.error === null ? null : <ErrorState error={send.error} />}
        <Group justify="flex-end">
          <Button
            type="submit"
            size="compact-sm"
            variant="default"
            loading={send.isPending}
            disabled={note.trim() === ''}
          >
            Comment
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
