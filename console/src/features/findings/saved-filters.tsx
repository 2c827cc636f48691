import { Button, CloseButton, Group, Menu, Modal, Stack, TextInput } from '@mantine/core';
import { useDisclosure, useLocalStorage } from '@mantine/hooks';
import { useNavigate } from '@tanstack/react-router';
import { Bookmark, BookmarkPlus } from 'lucide-react';
import { useState } from 'react';
import { type FindingSearch, isFiltered, readFindingSearch } from './filter.ts';

interface SavedFilter {
  name: string;
  search: FindingSearch;
}

const NAME_CHARS_MAX = 60;
const SAVED_MAX = 50;

const BUILT_IN: readonly SavedFilter[] = [
  { name: 'To do now', search: { band: ['now'] } },
  { name: 'Past their day', search: { overdue: true, sort: 'due' } },
  { name: 'New since the last report', search: { state: ['new'], sort: 'newest' } },
  { name: 'Secrets', search: { area: ['secrets'] } },
  { name: 'Accepted for a time', search: { state: ['waived'], sort: 'due' } },
];

/** What stands in the browser's store may be of another version, or by another hand. */
function readSaved(text: string | undefined): SavedFilter[] {
  try {
    const list: unknown = JSON.parse(text ?? '[]');
    if (!Array.isArray(list)) return [];
    return list.slice(0, SAVED_MAX).flatMap((each: { name?: unknown; search?: unknown } | null) => {
      if (typeof each?.name !== 'string' || typeof each.search !== 'object' || each.search === null)
        return [];
      return [{ name: each.name.slice(0, NAME_CHARS_MAX), search: readFindingSearch({ ...each.search }) }];
    });
  } catch {
    return [];
  }
}

/** Filters under names of the user's own, kept in this browser; the address has the name and the filter. */
export function SavedFilters({ search }: { search: FindingSearch }) {
  const navigate = useNavigate();
  const [saved, setSaved] = useLocalStorage<SavedFilter[]>({
    key: 'vouchgate.finding-filters',
    defaultValue: [],
    deserialize: readSaved,
    serialize: (value) => JSON.stringify(value),
  });
  const [opened, { open, close }] = useDisclosure(false);
  const [name, setName] = useState('');
  const go = (filter: SavedFilter) =>
    void navigate({ to: '/findings', search: { ...filter.search, saved: filter.name } });
  const save = () => {
    const filter = { name: name.trim(), search: { ...search, saved: undefined } };
    setSaved([...saved.filter((each) => each.name !== filter.name), filter].slice(-SAVED_MAX));
    close();
    go(filter);
  };
  return (
    <>
      <Menu position="bottom-start" width={280} shadow="md">
        <Menu.Target>
          <Button variant="default" leftSection={<Bookmark size={16} aria-hidden />} maw={260}>
            {search.saved ?? 'Saved filters'}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {BUILT_IN.map((filter) => (
            <Menu.Item key={filter.name} onClick={() => go(filter)}>
              {filter.name}
            </Menu.Item>
          ))}
          {saved.length === 0 ? null : <Menu.Label>Yours</Menu.Label>}
          {saved.map((filter) => (
            <Group key={filter.name} gap={0} wrap="nowrap">
              <Menu.Item onClick={() => go(filter)} className="breakable">
                {filter.name}
              </Menu.Item>
              <CloseButton
                size="sm"
                aria-label={`Forget ${filter.name}`}
                onClick={() => setSaved(saved.filter((each) => each.name !== filter.name))}
              />
            </Group>
          ))}
          <Menu.Divider />
          <Menu.Item
            leftSection={<BookmarkPlus size={16} aria-hidden />}
            disabled={!isFiltered(search)}
            onClick={() => {
              setName(search.saved ?? '');
              open();
            }}
          >
            Save this filter
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Modal opened={opened} onClose={close} title="Save this filter">
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (name.trim() !== '') save();
          }}
        >
          <Stack>
            <TextInput
              label="Name"
              description="It is kept in this browser. The address of the page carries it to others."
              value={name}
              maxLength={NAME_CHARS_MAX}
              onChange={(event) => setName(event.currentTarget.value)}
              data-autofocus
              required
            />
            <Group justify="flex-end">
              <Button variant="default" onClick={close}>
                Cancel
              </Button>
              <Button type="submit" disabled={name.trim() === ''}>
                Save
              </Button>
            </Group>
          </Stack>
        </form>
      </Modal>
    </>
  );
}
