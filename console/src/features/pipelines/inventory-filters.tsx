import { Group, MultiSelect, Switch } from '@mantine/core';
import { SearchField } from '../../components/search-field.tsx';
import type { InventorySearch } from './search.ts';
import { PLATFORMS, SEVERITIES } from './search.ts';
import { PLATFORM_LABELS } from './words.ts';

const PLATFORM_CHOICES = PLATFORMS.map((value) => ({ value, label: PLATFORM_LABELS[value] }));
const SEVERITY_CHOICES = SEVERITIES.map((value) => ({
  value,
  label: `${value.charAt(0).toUpperCase()}${value.slice(1)}`,
}));

/** What the list is narrowed down to; all of it stands in the address. */
export function InventoryFilters(props: {
  search: InventorySearch;
  onChange: (change: Partial<InventorySearch>) => void;
}) {
  const { search, onChange } = props;
  const { view = 'pipelines', q, platform = [], severity = [], outsiders = false, attacked = false } = search;
  return (
    <Group gap="sm" align="center">
      <SearchField label="Search by name" value={q} onChange={(value) => onChange({ q: value })} />
      <MultiSelect
        aria-label="Platform"
        placeholder={platform.length === 0 ? 'Any platform' : ''}
        data={PLATFORM_CHOICES}
        value={platform}
        onChange={(chosen) =>
          onChange({
            platform: chosen.length === 0 ? undefined : PLATFORMS.filter((each) => chosen.includes(each)),
          })
        }
        clearable
        w={{ base: '100%', xs: 180 }}
      />
      <MultiSelect
        aria-label="Worst finding"
        placeholder={severity.length === 0 ? 'Any severity' : ''}
        data={SEVERITY_CHOICES}
        value={severity}
        onChange={(chosen) =>
          onChange({
            severity: chosen.length === 0 ? undefined : SEVERITIES.filter((each) => chosen.includes(each)),
          })
        }
        clearable
        w={{ base: '100%', xs: 160 }}
      />
      {view === 'pipelines' ? (
        <>
          <Switch
            label="Open to outsiders"
            checked={outsiders}
            onChange={(event) => onChange({ outsiders: event.currentTarget.checked || undefined })}
          />
          <Switch
            label="On an attack path"
            checked={attacked}
            onChange={(event) => onChange({ attacked: event.currentTarget.checked || undefined })}
          />
        </>
      ) : null}
    </Group>
  );
}
