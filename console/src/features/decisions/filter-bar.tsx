import { Button, Chip, CloseButton, Group, Menu, Select, Stack, Text } from '@mantine/core';
import { Filter, ListFilter } from 'lucide-react';
import { useState } from 'react';
import { SearchField } from '../../components/search-field.tsx';
import classes from './filter-bar.module.css';
import { FacetPicker } from './facet-picker.tsx';
import { SavedFilters } from './saved-filters.tsx';
import {
  activeFacets,
  type DecisionSearch,
  type Facet,
  FACET_LABELS,
  FACETS,
  OUTCOMES,
  RANGE_LABELS,
  RANGES,
  type Span,
} from './search.ts';

const LABELS = { issued: 'Issued', allowed: 'Allowed', failed: 'Failed', denied: 'Denied' } as const;

function spanText({ from, to }: DecisionSearch): string {
  const show = (moment: string | undefined) => moment?.slice(0, 16).replace('T', ' ') ?? '…';
  return `${show(from)} – ${show(to)} UTC`;
}

/** Everything that narrows the list; all of it stands in the address. */
export function FilterBar(props: {
  search: DecisionSearch;
  span: Span;
  onChange: (change: DecisionSearch) => void;
}) {
  const { search, span, onChange } = props;
  const [picking, setPicking] = useState<Facet | undefined>();
  const facets = activeFacets(search);
  const hasSpan = search.from !== undefined || search.to !== undefined;
  return (
    <Stack gap="xs">
      <Group gap="sm">
        <SearchField label="Search decisions" value={search.q} onChange={(q) => onChange({ q })} />
        <Select
          aria-label="Time"
          data={RANGES.map((range) => ({ value: range, label: RANGE_LABELS[range] }))}
          value={hasSpan ? null : (search.range ?? '7d')}
          placeholder="Chosen time"
          onChange={(value) =>
            onChange({ range: RANGES.find((range) => range === value), from: undefined, to: undefined })
          }
          allowDeselect={false}
          w={{ base: '100%', xs: 160 }}
        />
        <Menu position="bottom-start">
          <Menu.Target>
            <Button variant="default" leftSection={<ListFilter size={16} aria-hidden />}>
              Filter
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {FACETS.map((facet) => (
              <Menu.Item key={facet} onClick={() => setPicking(facet)}>
                {FACET_LABELS[facet]}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
        <SavedFilters search={search} onChoose={onChange} />
      </Group>
      <Chip.Group
        multiple
        value={search.outcome ?? []}
        onChange={(values) => {
          const outcome = OUTCOMES.filter((each) => values.includes(each));
          onChange({ outcome: outcome.length === 0 ? undefined : outcome });
        }}
      >
        <Group gap={6} role="group" aria-label="Outcomes">
          {OUTCOMES.map((outcome) => (
            <Chip key={outcome} value={outcome} size="xs" variant="outline">
              {LABELS[outcome]}
            </Chip>
          ))}
        </Group>
      </Chip.Group>
      {facets.length === 0 && !hasSpan ? null : (
        <Group gap={6} role="group" aria-label="Filters in force">
          <Filter size={14} aria-hidden />
          {facets.map(({ facet, value }) => (
            <span key={facet} className={classes.pill}>
              <Text span fz="xs" c="dimmed">
                {FACET_LABELS[facet]}
              </Text>
              <Text span fz="xs" fw={560} className="breakable">
                {value}
              </Text>
              <CloseButton
                size="xs"
                aria-label={`Remove the filter ${FACET_LABELS[facet]}`}
                onClick={() => onChange({ [facet]: undefined })}
              />
            </span>
          ))}
          {hasSpan ? (
            <span className={classes.pill}>
              <Text span fz="xs" className="numeric">
                {spanText(search)}
              </Text>
              <CloseButton
                size="xs"
                aria-label="Remove the chosen time"
                onClick={() => onChange({ from: undefined, to: undefined })}
              />
            </span>
          ) : null}
        </Group>
      )}
      {picking === undefined ? null : (
        <FacetPicker
          facet={picking}
          span={span}
          onPick={(value) => {
            onChange({ [picking]: value });
            setPicking(undefined);
          }}
          onClose={() => setPicking(undefined)}
        />
      )}
    </Stack>
  );
}
