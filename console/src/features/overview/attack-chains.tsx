import type { AttackPathOverview } from '#api/overview.ts';
import { Text } from '@mantine/core';
import { ChevronRight, FileCode2, KeyRound, UserRound } from 'lucide-react';
import { SeverityBadge } from '../../components/badges.tsx';
import classes from './attack-chains.module.css';
import { ConsoleLink } from './console-link.tsx';

const ICONS = { who: UserRound, what: FileCode2, reaches: KeyRound } as const;
const WORDS = { who: 'Starts', what: 'Runs in', reaches: 'Reaches' } as const;

function Chain({ path }: { path: AttackPathOverview }) {
  return (
    <li className={classes.path}>
      <div className={classes.head}>
        <SeverityBadge severity={path.severity} />
        <ConsoleLink link={path.link} className={classes.title}>
          {path.sentence}
        </ConsoleLink>
        <Text fz="xs" c="dimmed" className="breakable">
          {path.repository}
        </Text>
      </div>
      <ol className={classes.chain}>
        {path.steps.map(({ kind, text }, index) => {
          const Icon = ICONS[kind];
          return (
            <li key={`${kind} ${text}`} data-kind={kind}>
              {kind === path.steps[index - 1]?.kind || index === 0 ? null : (
                <ChevronRight size={14} aria-hidden className={classes.arrow} />
              )}
              <span className={classes.step}>
                <Icon size={14} aria-hidden />
                <span className="visually-hidden">{WORDS[kind]}: </span>
                <span className="breakable">{text}</span>
              </span>
            </li>
          );
        })}
      </ol>
    </li>
  );
}

/** Who → what → reaches: the ways that an attacker would take first. */
export function AttackChains({ paths }: { paths: readonly AttackPathOverview[] }) {
  if (paths.length === 0) {
    return (
      <Text c="dimmed">
        No way in from outside is known. Ways are found in inspected pipelines: from who can start one to what
        it reaches.
      </Text>
    );
  }
  return (
    <ul className={classes.paths}>
      {paths.map((path) => (
        <Chain key={`${path.repository} ${path.link.query['id']}`} path={path} />
      ))}
    </ul>
  );
}
