import type { FindingSeverity } from '#api/finding.ts';
import type { ReactNode } from 'react';
import { SeverityBadge } from '../../components/badges.tsx';
import classes from './severity-line.module.css';

/** A severity, and beside it what it is about; the texts of several stand in one line. */
export function SeverityLine({ severity, children }: { severity: FindingSeverity; children: ReactNode }) {
  return (
    <div className={classes.line}>
      <div>
        <SeverityBadge severity={severity} />
      </div>
      <div className={classes.text}>{children}</div>
    </div>
  );
}
