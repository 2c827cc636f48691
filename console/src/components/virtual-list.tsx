import { Loader, Paper } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useEffect, useRef } from 'react';
import classes from './virtual-list.module.css';

const OVERSCAN = 12;
/** Rows before the end at which the next page is asked for. */
const AHEAD = 20;

export interface Column<Row> {
  key: string;
  header: string;
  /** A track of a CSS grid: `9rem`, `minmax(0, 2fr)`. */
  width: string;
  render: (row: Row) => ReactNode;
  /** On a phone a row is a card: what is left out there. */
  hideOnPhone?: true;
  align?: 'end';
}

/**
 * A long table of which only the visible rows are in the page. By keyboard: each row's link is reached by Tab. Rows
 * measure themselves, so that they may be two lines on a phone.
 */
export function VirtualList<Row>(props: {
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  rowHeight?: number;
  /** Pixels, or a CSS length; the list scrolls inside of it. `auto`: as high as its rows, which must be few. */
  height?: number | string;
  hasMore?: boolean;
  loadingMore?: boolean;
  onEndReached?: () => void;
}) {
  const { label, columns, rows, rowKey, rowHeight = 44, height = '68vh' } = props;
  const { hasMore = false, loadingMore = false, onEndReached } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => {
      const row = rows[index];
      return row === undefined ? index : rowKey(row);
    },
    overscan: OVERSCAN,
  });
  const items = virtualizer.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && !loadingMore && last >= rows.length - AHEAD) onEndReached?.();
  }, [hasMore, loadingMore, last, rows.length, onEndReached]);
  const template = columns.map(({ width }) => width).join(' ');
  return (
    <Paper p={0} className={classes.frame ?? ''}>
      <div
        ref={scroller}
        className={classes.scroller}
        data-fit={height === 'auto' || undefined}
        style={{ height, ['--columns' as string]: template }}
        role="table"
        aria-label={label}
        aria-rowcount={hasMore ? -1 : rows.length + 1}
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reached by keyboard
        tabIndex={0}
      >
        <div role="rowgroup" className={classes.head}>
          <div role="row" aria-rowindex={1} className={classes.row}>
            {columns.map(({ key, header, align, hideOnPhone }) => (
              <div key={key} role="columnheader" data-align={align} data-wide={hideOnPhone}>
                {header}
              </div>
            ))}
          </div>
        </div>
        <div role="rowgroup" style={{ height: virtualizer.getTotalSize(), position: 'relative' }}>
          {items.map((item) => {
            const row = rows[item.index];
            if (row === undefined) return null;
            return (
              <div
                key={item.key}
                ref={virtualizer.measureElement}
                data-index={item.index}
                role="row"
                aria-rowindex={item.index + 2}
                className={`${classes.row} ${classes.body}`}
                style={{ transform: `translateY(${item.start}px)`, minHeight: rowHeight }}
              >
                {columns.map(({ key, render, align, hideOnPhone }) => (
                  <div key={key} role="cell" data-align={align} data-wide={hideOnPhone}>
                    {render(row)}
                  </div>
                ))}
              </div>
            );
          })}
        </div>
        {loadingMore ? (
          <div className={classes.more}>
            <Loader size="sm" aria-label="Loading more" />
          </div>
        ) : null}
      </div>
    </Paper>
  );
}
