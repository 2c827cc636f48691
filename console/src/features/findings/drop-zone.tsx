import { Button, Stack, Text } from '@mantine/core';
import { FileInput } from 'lucide-react';
import { type DragEvent, useRef, useState } from 'react';
import classes from './drop-zone.module.css';

/** Takes files by drag and drop, or by a button for those who do not drag. */
export function DropZone(props: { disabled: string | undefined; onFiles: (files: readonly File[]) => void }) {
  const { disabled, onFiles } = props;
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const take = (list: FileList | null) => {
    const files = [...(list ?? [])];
    if (files.length > 0 && disabled === undefined) onFiles(files);
  };
  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files);
  };
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- by keyboard there is the button
    <div
      role="group"
      aria-label="Reports to import"
      className={classes.zone}
      data-over={over || undefined}
      data-disabled={disabled !== undefined || undefined}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={onDrop}
    >
      <Stack align="center" gap="xs">
        <FileInput size={28} aria-hidden />
        <Text fw={560}>Drop reports here</Text>
        <Text fz="sm" c="dimmed" ta="center">
          {disabled ??
            'SARIF, CycloneDX and the own formats of some seventy tools are recognised by themselves.'}
        </Text>
        <Button variant="default" disabled={disabled !== undefined} onClick={() => input.current?.click()}>
          Choose files
        </Button>
        <input
          ref={input}
          type="file"
          multiple
          hidden
          aria-label="Files"
          onChange={(event) => {
            take(event.currentTarget.files);
            event.currentTarget.value = '';
          }}
        />
      </Stack>
    </div>
  );
}
