import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { CircleAlert } from 'lucide-react';
import { ApiError } from '../api/client.ts';

interface Told {
  title: string;
  detail: string;
  remedy: string;
}

function tell(error: unknown): Told {
  if (error instanceof ApiError) {
    const { problem, message, remedy } = error;
    const incident = problem?.incident === undefined ? '' : ` Incident ${problem.incident}.`;
    return { title: problem?.title ?? 'No answer from the server', detail: `${message}${incident}`, remedy };
  }
  return {
    title: 'This page failed',
    detail: error instanceof Error ? error.message : 'Something unexpected happened.',
    remedy: 'Load the page again. If it stays, tell the operator what you did.',
  };
}

/** What went wrong, why, and what to do about it. */
export function ErrorState({ error, retry }: { error: unknown; retry?: () => void }) {
  const { title, detail, remedy } = tell(error);
  return (
    <Alert color="red" icon={<CircleAlert aria-hidden />} title={title} role="alert">
      <Stack gap="xs">
        <Text fz="sm" className="breakable">
          {detail}
        </Text>
        <Text fz="sm" className="breakable">
          {remedy}
        </Text>
        {retry === undefined ? null : (
          <Group>
            <Button size="compact-sm" variant="default" onClick={retry}>
              Try again
            </Button>
          </Group>
        )}
      </Stack>
    </Alert>
  );
}
