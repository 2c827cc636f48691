import { Button, Group, Menu, Modal, Stack, TextInput } from '@mantine/core';
import { readLocalStorageValue, useLocalStorage } from '@mantine/hooks';
import { Bookmark, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { type DecisionSearch, FACETS, readDecisionSearch } from './search.ts';

const STORE = 'vouchgate.decisions.filters';
const SAVED_MAX = 30;

interface Saved {
  readonly name: string;
  readonly search: DecisionSearch;
}

const BUILT_IN: readonly Saved[] = [
  { name: 'Denied', search: { outcome: ['denied'] } },
  { name: 'Permitted, but the back-end failed', search: { outcome: ['failed'] } },
  { name: 'Refused pull requests', search: { outcome: ['denied'], trigger: 'pull_request' } },
  { name: 'Nobody permits it', search: { reason: 'no_permit' } },
];

/** What stands in the browser's store may be of another version. */
function readSaved(value: unknown): Saved[] {
  if (!Array.isArray(value)) return [];
  return (value as readonly Partial<Saved>[]).flatMap((each) =>
    typeof each?.name === 'string' && typeof each.search === 'object' && each.search !== null
      ? [{ name: each.name.slice(0, 80), search: readDecisionSearch({ ...each.search }) }]
      : [],
  );
}

const EMPTY: DecisionSearch = {
  q: undefined,
  outcome: undefined,
  range: undefined,
  from: undefined,
  to: undefined,
  ...Object.fromEntries(FACETS.map((facet) => [facet, undefined])),
};

/** Filters under a name, in this browser; the address itself is what is shared with others. */
export function SavedFilters(props: { search: DecisionSearch; onChoose: (search: DecisionSearch) => void }) {
  const { search, onChoose } = props;
  const [stored, setStored] = useLocalStorage<unknown>({
    key: STORE,
    defaultValue: readLocalStorageValue({ key: STORE }) ?? [],
  });
  const [name, setName] = useState<string | undefined>();
  const saved = readSaved(stored);
  const save = () => {
    const { paused: _paused, ...kept } = search;
    const others = saved.filter((each) => each.name !== name);
    setStored([...others, { name: name?.trim() ?? '', search: kept }].slice(-SAVED_MAX));
    setName(undefined);
  };
  return (
    <>
      <Menu position="bottom-start" width={260}>
        <Menu.Target>
          <Button variant="default" leftSection={<Bookmark size={16} aria-hidden />}>
            Saved
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {[...BUILT_IN, ...saved].map((each) => (
            <Menu.Item key={each.name} onClick={() => onChoose({ ...EMPTY, ...each.search })}>
              {each.name}
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item leftSection={<Bookmark size={14} aria-hidden />} onClick={() => setName('')}>
            Save these filters
          </Menu.Item>
          {saved.length === 0 ? null : (
            <Menu.Item leftSection={<Trash2 size={14} aria-hidden />} onClick={() => setStored([])}>
              Forget all saved filters
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      <Modal opened={name !== undefined} onClose={() => setName(undefined)} title="Save these filters">
        <form
          onSubmit={(event) => {
            event.preventDefault();
            save();
          }}
        >
          <Stack>
            <TextInput
              label="Name"
              description="Kept in this browser. To share filters, share the address."
              value={name ?? ''}
              onChange={(event) => setName(event.currentTarget.value)}
              maxLength={80}
              required
              data-autofocus
            />
            <Group justify="flex-end">
              <Button type="submit" disabled={(name ?? '').trim() === ''}>
                Save
              </Button>
            </Group>
          </Stack>
        </form>
      </Modal>
    </>
  );
}
