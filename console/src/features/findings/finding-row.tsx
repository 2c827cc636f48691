import { Anchor, Checkbox, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { memo } from 'react';
import { SeverityBadge } from '../../components/badges.tsx';
import classes from './finding-list.module.css';
import type { ListedFinding, Selection } from './finding-list.tsx';
import { DueMark, FindingStateBadge, placeText, PriorityMark } from './marks.tsx';

/** The cells of one row; on a phone they stand below each other. */
export const FindingRow = memo(function FindingRow(props: {
  row: ListedFinding;
  selected: boolean;
  /** Undefined for those who may not decide; otherwise always the same function. */
  onToggle: Selection['toggle'] | undefined;
}) {
  const { selected, onToggle } = props;
  const { finding, others } = props.row;
  const { id, title, repository, tool, rule, severity, priority, state, owner, assignee } = finding;
  const tools = [...new Set([tool, ...others.map((each) => each.tool)])];
  return (
    <>
      {onToggle === undefined ? null : (
        <div role="cell" className={classes.check}>
          <Checkbox
            size="xs"
            aria-label={`Select ${title}`}
            checked={selected}
            onChange={(event) => {
              const { nativeEvent } = event;
              onToggle(id, nativeEvent instanceof MouseEvent && nativeEvent.shiftKey);
            }}
          />
        </div>
      )}
      <div role="cell">
        <PriorityMark {...priority} />
      </div>
      <div role="cell">
        <SeverityBadge severity={severity} />
      </div>
      <div role="cell" className={classes.what}>
        <Anchor
          renderRoot={(root) => <Link {...root} to="/findings/$id" params={{ id }} />}
          c="inherit"
          fw={560}
          className={classes.title ?? ''}
          title={title}
        >
          {title}
        </Anchor>
        <Text component="div" fz="xs" c="dimmed" className={classes.where ?? ''}>
          {state === 'open' ? null : <FindingStateBadge state={state} />}
          <span className={classes.repository}>{repository}</span>
          <span className="mono">{placeText(finding)}</span>
          <span>
            {tools.join(', ')} · {rule}
          </span>
        </Text>
      </div>
      <div role="cell" className={classes.day}>
        <DueMark {...finding} />
        <Text fz="xs" c="dimmed" truncate title={assignee ?? owner ?? undefined}>
          {assignee === null ? (owner === null ? 'nobody yet' : `${owner} owns it`) : `${assignee} mends it`}
        </Text>
      </div>
    </>
  );
});
