import type { FindingFacets as Facets } from '#api/finding-overviews.ts';
import { Button, Checkbox, Skeleton, Stack, Text } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { X } from 'lucide-react';
import { useState } from 'react';
import { riskAreas } from '../../components/risk-area.tsx';
import classes from './facets.module.css';
import { countFilters, type FindingSearch, toggled, UNRESOLVED } from './filter.ts';
import { areaKeys, bandWords, keysOf, kindWords, severityWords, stateWords } from './words.ts';

const SHOWN = 6;

type Counts = readonly { value: string; count: number }[];

function countOf(counts: Counts, value: string): number {
  return counts.find((each) => each.value === value)?.count ?? 0;
}

/** Several may be chosen. Those that would give nothing are left out, unless they are chosen. */
function Choices<Value extends string>(props: {
  title: string;
  values: readonly Value[];
  words: Readonly<Record<Value, string>>;
  counts: Counts | undefined;
  chosen: readonly Value[];
  onToggle: (value: Value) => void;
}) {
  const { title, values, words, counts, chosen, onToggle } = props;
  const shown = values.filter(
    (value) => counts === undefined || chosen.includes(value) || countOf(counts, value) > 0,
  );
  if (shown.length === 0) return null;
  return (
    <fieldset className={classes.facet}>
      <legend className={classes.title}>{title}</legend>
      {shown.map((value) => (
        <div key={value} className={classes.choice}>
          <Checkbox
            size="xs"
            label={words[value]}
            checked={chosen.includes(value)}
            onChange={() => onToggle(value)}
          />
          {counts === undefined ? null : (
            <span className={`numeric ${classes.count}`}>{countOf(counts, value).toLocaleString('en')}</span>
          )}
        </div>
      ))}
    </fieldset>
  );
}

/** One may be chosen, of many. */
function Names(props: {
  title: string;
  counts: Counts;
  chosen: string | undefined;
  onChoose: (value: string | undefined) => void;
}) {
  const { title, counts, chosen, onChoose } = props;
  const [all, setAll] = useState(false);
  const values = all || counts.length <= SHOWN + 1 ? counts : counts.slice(0, SHOWN);
  const shown =
    chosen === undefined || values.some(({ value }) => value === chosen)
      ? values
      : [{ value: chosen, count: countOf(counts, chosen) }, ...values];
  if (shown.length === 0) return null;
  return (
    <fieldset className={classes.facet}>
      <legend className={classes.title}>{title}</legend>
      {shown.map(({ value, count }) => (
        <button
          key={value}
          type="button"
          className={classes.name}
          aria-pressed={value === chosen}
          title={value}
          onClick={() => onChoose(value === chosen ? undefined : value)}
        >
          <span className={classes.nameText}>{value}</span>
          {value === chosen ? <X size={12} aria-hidden /> : null}
          <span className={`numeric ${classes.count}`}>{count.toLocaleString('en')}</span>
        </button>
      ))}
      {values.length < counts.length ? (
        <Button size="compact-sm" variant="subtle" onClick={() => setAll(true)}>
          {counts.length - values.length} more
        </Button>
      ) : null}
    </fieldset>
  );
}

/** What can be chosen from, with how many findings each choice would give. */
export function FindingFacets({
  search,
  facets,
}: {
  search: FindingSearch;
  facets: Facets['facets'] | undefined;
}) {
  const navigate = useNavigate();
  const change = (changes: Partial<FindingSearch>) =>
    void navigate({ to: '/findings', search: { ...search, saved: undefined, ...changes }, replace: true });
  if (facets === undefined) return <Skeleton height={620} radius="md" aria-label="Loading filters" />;
  const states = search.state ?? UNRESOLVED;
  const areaWords = Object.fromEntries(areaKeys.map((key) => [key, riskAreas[key].label])) as Record<
    (typeof areaKeys)[number],
    string
  >;
  return (
    <Stack gap="md">
      {countFilters(search) === 0 ? null : (
        <Button
          size="compact-sm"
          variant="default"
          onClick={() => void navigate({ to: '/findings', search: { sort: search.sort } })}
        >
          Clear all filters
        </Button>
      )}
      <Choices
        title="Severity"
        values={keysOf(severityWords)}
        words={severityWords}
        counts={facets.severity}
        chosen={search.severity ?? []}
        onToggle={(value) => change({ severity: toggled(search.severity, value) })}
      />
      <Choices
        title="Priority"
        values={keysOf(bandWords)}
        words={bandWords}
        counts={undefined}
        chosen={search.band ?? []}
        onToggle={(value) => change({ band: toggled(search.band, value) })}
      />
      <fieldset className={classes.facet}>
        <legend className={classes.title}>Day</legend>
        <div className={classes.choice}>
          <Checkbox
            size="xs"
            label="Past its day"
            checked={search.overdue === true}
            onChange={() => change({ overdue: search.overdue === true ? undefined : true })}
          />
        </div>
      </fieldset>
      <Choices
        title="State"
        values={keysOf(stateWords)}
        words={stateWords}
        counts={facets.state}
        chosen={states}
        onToggle={(value) => change({ state: toggled(states, value) })}
      />
      <Choices
        title="Risk area"
        values={areaKeys}
        words={areaWords}
        counts={facets.area}
        chosen={search.area ?? []}
        onToggle={(value) => change({ area: toggled(search.area, value) })}
      />
      <Names
        title="Repository"
        counts={facets.repository}
        chosen={search.repository}
        onChoose={(repository) => change({ repository })}
      />
      <Names title="Tool" counts={facets.tool} chosen={search.tool} onChoose={(tool) => change({ tool })} />
      <Choices
        title="Kind"
        values={keysOf(kindWords)}
        words={kindWords}
        counts={facets.kind}
        chosen={search.kind ?? []}
        onToggle={(value) => change({ kind: toggled(search.kind, value) })}
      />
      <Names title="Rule" counts={facets.rule} chosen={search.rule} onChoose={(rule) => change({ rule })} />
      <Names
        title="Owner"
        counts={facets.owner}
        chosen={search.owner}
        onChoose={(owner) => change({ owner })}
      />
      {search.file === undefined && search.target === undefined && search.assignee === undefined ? null : (
        <fieldset className={classes.facet}>
          <legend className={classes.title}>Also</legend>
          {(['file', 'target', 'assignee'] as const).map((name) =>
            search[name] === undefined ? null : (
              <button
                key={name}
                type="button"
                className={classes.name}
                aria-pressed
                onClick={() => change({ [name]: undefined })}
              >
                <span className={classes.nameText}>
                  {name}: {search[name]}
                </span>
                <X size={12} aria-hidden />
              </button>
            ),
          )}
        </fieldset>
      )}
      <Text fz="xs" c="dimmed">
        Each figure says how many there would be with that choice.
      </Text>
    </Stack>
  );
}
