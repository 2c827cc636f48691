import { Button, Group, Textarea } from '@mantine/core';
import { useState } from 'react';
import { parseVerifierKey, type VerifierKey } from './verifier-key.ts';

/** Takes a key as `vouchgate audit key` prints it, and says when it is none. */
export function KeyForm(props: { label: string; action: string; onKey: (key: VerifierKey) => void }) {
  const { label, action, onKey } = props;
  const [text, setText] = useState('');
  const [refused, setRefused] = useState(false);
  const take = async () => {
    const key = await parseVerifierKey(text);
    setRefused(key === undefined);
    if (key === undefined) return;
    setText('');
    onKey(key);
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void take();
      }}
    >
      <Textarea
        label={label}
        placeholder="vouchgate.example/log+1a2b3c4d+AZ…"
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setRefused(false);
        }}
        error={refused ? 'This is no key of a log: `name+id+base64`, with an id that fits the key.' : null}
        maxLength={12_000}
        autosize
        minRows={2}
        maxRows={6}
      />
      <Group justify="flex-end" mt="xs">
        <Button type="submit" size="compact-sm" variant="default" disabled={text.trim() === ''}>
          {action}
        </Button>
      </Group>
    </form>
  );
}
