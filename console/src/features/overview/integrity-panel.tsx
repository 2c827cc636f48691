import type { IntegrityOverview, Standing } from '#api/overview.ts';
import { Text } from '@mantine/core';
import { Check, ChevronsUp, CircleDashed, TriangleAlert } from 'lucide-react';
import { StateBadge } from '../../components/badges.tsx';
import { Panel } from '../../components/panel.tsx';
import { TimeAgo } from '../../components/time-ago.tsx';
import { ConsoleLink } from './console-link.tsx';
import classes from './integrity-panel.module.css';

const MARKS = {
  good: { icon: Check, word: 'Good' },
  attention: { icon: TriangleAlert, word: 'Attention' },
  act: { icon: ChevronsUp, word: 'Act now' },
  unknown: { icon: CircleDashed, word: 'Not known' },
} as const satisfies Record<Standing, { icon: typeof Check; word: string }>;

/** Whether what happened can be proved afterwards. */
export function IntegrityPanel({ integrity }: { integrity: IntegrityOverview }) {
  return (
    <Panel
      title="Integrity of the record"
      note="Whether what happened can be proved, also against us."
      actions={<StateBadge state={integrity.standing} />}
    >
      <ul className={classes.facts}>
        {integrity.facts.map(({ text, standing, link }) => {
          const { icon: Icon, word } = MARKS[standing];
          return (
            <li key={text} data-standing={standing}>
              <Icon size={15} aria-hidden />
              <span className="visually-hidden">{word}: </span>
              {link === null ? text : <ConsoleLink link={link}>{text}</ConsoleLink>}
            </li>
          );
        })}
      </ul>
      {integrity.signedAt === null ? null : (
        <Text fz="sm" c="dimmed" component="div">
          Newest checkpoint signed <TimeAgo moment={integrity.signedAt} />
        </Text>
      )}
    </Panel>
  );
}
