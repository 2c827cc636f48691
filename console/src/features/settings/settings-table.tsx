import { Table } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './settings-table.module.css';

/**
 * A short table with a name. On a phone its rows are blocks; the roles are written out, because a browser forgets
 * them for elements that are laid out otherwise.
 */
export function SettingsTable(props: {
  label: string;
  /** Empty for the column of buttons. */
  head: readonly string[];
  rows: readonly { key: string; cells: readonly ReactNode[] }[];
}) {
  const { label, head, rows } = props;
  return (
    <Table aria-label={label} role="table" verticalSpacing="xs" layout="auto" className={classes.table ?? ''}>
      <Table.Thead role="rowgroup">
        <Table.Tr role="row">
          {head.map((name) => (
            <Table.Th key={name} scope="col" role="columnheader">
              {name === '' ? <span className="visually-hidden">Actions</span> : name}
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody role="rowgroup">
        {rows.map(({ key, cells }) => (
          <Table.Tr key={key} role="row">
            {cells.map((cell, at) => (
              <Table.Td
                // oxlint-disable-next-line react/no-array-index-key -- cells stand in the order of the head
                key={`${key}-${at}`}
                role="cell"
                data-label={head[at]}
                className="breakable"
              >
                <div>{cell}</div>
              </Table.Td>
            ))}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
