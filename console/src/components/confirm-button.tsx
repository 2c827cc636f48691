import { Button, type ButtonProps, Group, Modal, Stack, Textarea } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { type ReactNode, useState } from 'react';
import { ErrorState } from './error-state.tsx';

/** A button for what cannot be taken back: asks first, with what will happen, and for a reason where one is due. */
export function ConfirmButton(
  props: {
    label: string;
    title: string;
    children: ReactNode;
    confirm: string;
    /** Label of the field for the reason; without it none is asked for. */
    reason?: string;
    onConfirm: (reason: string) => Promise<unknown>;
  } & ButtonProps,
) {
  const { label, title, children, confirm, reason, onConfirm, ...button } = props;
  const [opened, { open, close }] = useDisclosure(false);
  const [text, setText] = useState('');
  const [state, setState] = useState<{ busy: boolean; error?: unknown }>({ busy: false });
  const act = async () => {
    setState({ busy: true });
    try {
      await onConfirm(text.trim());
      setState({ busy: false });
      setText('');
      close();
    } catch (error) {
      setState({ busy: false, error });
    }
  };
  return (
    <>
      <Button {...button} onClick={open}>
        {label}
      </Button>
      <Modal opened={opened} onClose={close} title={title}>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void act();
          }}
        >
          <Stack>
            <div>{children}</div>
            {reason === undefined ? null : (
              <Textarea
                label={reason}
                required
                autosize
                minRows={2}
                maxRows={6}
                maxLength={500}
                value={text}
                onChange={(event) => setText(event.currentTarget.value)}
                data-autofocus
              />
            )}
            {state.error === undefined ? null : <ErrorState error={state.error} />}
            <Group justify="flex-end">
              <Button variant="default" onClick={close}>
                Cancel
              </Button>
              <Button
                type="submit"
                color="red"
                loading={state.busy}
                disabled={reason !== undefined && text.trim() === ''}
              >
                {confirm}
              </Button>
            </Group>
          </Stack>
        </form>
      </Modal>
    </>
  );
}
