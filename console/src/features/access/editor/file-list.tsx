import { Badge, Button, Group, Stack, TextInput } from '@mantine/core';
import type { FileChanges } from '#api/configuration-change.ts';
import { FilePlus } from 'lucide-react';
import { useState } from 'react';
import classes from '../access.module.css';

const PATH = /^(?:[A-Za-z0-9_][\w.-]{0,99}\/){1,4}[A-Za-z0-9_][\w.-]{0,99}\.cedar$/;

/** The files of the configuration, what happens to each, and a way to add one. */
export function FileList(props: {
  paths: readonly string[];
  changes: FileChanges;
  before: ReadonlyMap<string, string>;
  current: string;
  onOpen: (path: string) => void;
  onNew: (path: string) => void;
}) {
  const { paths, changes, before, current, onOpen, onNew } = props;
  const [name, setName] = useState('');
  const isPath = PATH.test(name) && !paths.includes(name);
  return (
    <Stack gap="sm">
      <nav aria-label="Files" className={classes.files}>
        {paths.map((path) => (
          <button
            key={path}
            type="button"
            className={classes.file}
            aria-current={path === current}
            onClick={() => onOpen(path)}
          >
            <span>{path}</span>
            {Object.hasOwn(changes, path) ? (
              <Badge size="xs" color={changes[path] === null ? 'red' : 'yellow'}>
                {changes[path] === null ? 'goes' : before.has(path) ? 'changed' : 'new'}
              </Badge>
            ) : null}
          </button>
        ))}
      </nav>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (!isPath) return;
          onNew(name);
          setName('');
        }}
      >
        <Group gap={6} align="flex-end" wrap="nowrap">
          <TextInput
            label="New file"
            placeholder="policies/team.cedar"
            size="xs"
            value={name}
            onChange={(event) => setName(event.currentTarget.value.trim())}
            error={name === '' || isPath ? undefined : 'policies/name.cedar'}
            style={{ flex: 1 }}
          />
          <Button
            type="submit"
            size="xs"
            variant="default"
            disabled={!isPath}
            leftSection={<FilePlus size={14} aria-hidden />}
          >
            Add
          </Button>
        </Group>
      </form>
    </Stack>
  );
}
