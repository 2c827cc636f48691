import type { FindingSummary } from '#api/finding.ts';
import { Checkbox, Loader, Paper } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useCallback, useEffect, useRef } from 'react';
import { FindingRow } from './finding-row.tsx';
import classes from './finding-list.module.css';

const OVERSCAN = 10;
/** Rows before the end at which the next page is asked for. */
const AHEAD = 20;
const ROW_HEIGHT = 58;

/** A finding, and how many mean the same where they stand together. */
export interface ListedFinding {
  readonly finding: FindingSummary;
  readonly others: readonly FindingSummary[];
}

export interface Selection {
  readonly ids: ReadonlySet<string>;
  /** From the last one that was chosen to this one, where Shift is held. */
  readonly toggle: (id: string, range: boolean) => void;
  readonly toggleAll: () => void;
}

/**
 * The findings, of which only the visible rows are in the page. By keyboard: J and K, or the arrows, go from row to row;
 * X selects, Shift+X selects up to here, Enter opens.
 */
export function FindingList(props: {
  rows: readonly ListedFinding[];
  /** Undefined for those who may not decide. */
  selection: Selection | undefined;
  hasMore: boolean;
  loadingMore: boolean;
  onEndReached: () => void;
}) {
  const { rows, selection, hasMore, loadingMore, onEndReached } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    getItemKey: (index) => rows[index]?.finding.id ?? index,
    overscan: OVERSCAN,
  });
  const items = virtualizer.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && !loadingMore && last >= rows.length - AHEAD) onEndReached();
  }, [hasMore, loadingMore, last, rows.length, onEndReached]);

  const latest = useRef(selection);
  useEffect(() => {
    latest.current = selection;
  }, [selection]);
  // Always the same function: a choice draws one row anew, and not all of them.
  const toggle = useCallback((id: string, range: boolean) => latest.current?.toggle(id, range), []);

  const focusRow = (index: number) => {
    if (index < 0 || index >= rows.length) return;
    virtualizer.scrollToIndex(index);
    const link = () => scroller.current?.querySelector<HTMLElement>(`[data-index="${index}"] a`);
    // A row that is in the page gets the focus at once, so that fast keys reach the right one.
    const there = link();
    if (there !== undefined && there !== null) there.focus({ preventScroll: true });
    else requestAnimationFrame(() => link()?.focus({ preventScroll: true }));
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const row = (event.target as HTMLElement).closest<HTMLElement>('[data-index]');
    const index = row === null ? -1 : Number(row.dataset['index']);
    const key = event.key.toLowerCase();
    const step = key === 'j' || key === 'arrowdown' ? 1 : key === 'k' || key === 'arrowup' ? -1 : 0;
    const finding = rows[index]?.finding;
    if (step !== 0) focusRow(index + step);
    else if (key === 'x' && finding !== undefined) selection?.toggle(finding.id, event.shiftKey);
    else return;
    event.preventDefault();
  };
  const selected =
    selection === undefined ? 0 : rows.filter(({ finding }) => selection.ids.has(finding.id)).length;
  return (
    <Paper p={0} className={classes.frame ?? ''}>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- keys of the rows end up here */}
      <div
        ref={scroller}
        className={classes.scroller}
        data-selectable={selection === undefined ? undefined : true}
        role="table"
        aria-label="Findings"
        aria-rowcount={hasMore ? -1 : rows.length + 1}
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reached by keyboard
        tabIndex={0}
        onKeyDown={onKeyDown}
      >
        <div role="rowgroup" className={classes.head}>
          <div role="row" aria-rowindex={1} className={classes.row}>
            {selection === undefined ? null : (
              <div role="columnheader">
                <Checkbox
                  size="xs"
                  aria-label="Select all that are loaded"
                  checked={selected > 0 && selected === rows.length}
                  indeterminate={selected > 0 && selected < rows.length}
                  onChange={selection.toggleAll}
                />
              </div>
            )}
            <div role="columnheader">Priority</div>
            <div role="columnheader">Severity</div>
            <div role="columnheader">Finding</div>
            <div role="columnheader">Day, and who</div>
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
                data-selected={selection?.ids.has(row.finding.id) || undefined}
                role="row"
                aria-rowindex={item.index + 2}
                className={`${classes.row} ${classes.body}`}
                style={{ transform: `translateY(${item.start}px)`, minHeight: ROW_HEIGHT }}
              >
                <FindingRow
                  row={row}
                  selected={selection?.ids.has(row.finding.id) ?? false}
                  onToggle={selection === undefined ? undefined : toggle}
                />
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
