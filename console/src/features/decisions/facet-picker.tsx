import { Button, Group, Modal, Stack, Text, TextInput, UnstyledButton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { operationQuery } from '../../api/queries.ts';
import { QueryView } from '../../components/query-view.tsx';
import classes from './filter-bar.module.css';
import { columnOf, type Facet, FACET_LABELS, type Span } from './search.ts';

const VALUES = 12;
const HEIGHT = 430;
const NUMBER = new Intl.NumberFormat('en');

/** One value for a filter: those that stand there most often, or any other. */
export function FacetPicker(props: {
  facet: Facet;
  span: Span;
  onPick: (value: string) => void;
  onClose: () => void;
}) {
  const { facet, span, onPick, onClose } = props;
  const [text, setText] = useState('');
  const label = FACET_LABELS[facet];
  const column = columnOf(facet);
  return (
    <Modal opened onClose={onClose} title={`Filter by ${label.toLowerCase()}`}>
      <Stack>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (text.trim() !== '') onPick(text.trim());
          }}
        >
          <Group gap="xs" align="flex-end" wrap="nowrap">
            <TextInput
              flex={1}
              label={`${label}, exactly`}
              value={text}
              onChange={(event) => setText(event.currentTarget.value)}
              maxLength={600}
              data-autofocus
            />
            <Button type="submit" disabled={text.trim() === ''}>
              Apply
            </Button>
          </Group>
        </form>
        {column === undefined ? null : <TopValues column={column} span={span} onPick={onPick} />}
      </Stack>
    </Modal>
  );
}

function TopValues(props: {
  column: NonNullable<ReturnType<typeof columnOf>>;
  span: Span;
  onPick: (value: string) => void;
}) {
  const { column, span, onPick } = props;
  const top = useQuery(
    operationQuery('listTopValues', { query: { column, limit: VALUES, from: span.from, to: span.to } }),
  );
  return (
    <QueryView query={top} height={HEIGHT}>
      {({ values }) => (
        <div>
          <Text fz="sm" c="dimmed" mb={4}>
            {values.length === 0 ? 'There is none in this time.' : 'Most often in this time'}
          </Text>
          {values.map(({ value, count }) => (
            <UnstyledButton key={value} className={classes.value ?? ''} onClick={() => onPick(value)}>
              <Text span className="breakable">
                {value}
              </Text>
              <Text span c="dimmed" className="numeric">
                {NUMBER.format(count)}
              </Text>
            </UnstyledButton>
          ))}
        </div>
      )}
    </QueryView>
  );
}
