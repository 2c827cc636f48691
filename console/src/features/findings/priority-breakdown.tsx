import type { ExplainedPriority } from '#api/finding.ts';
import { Text } from '@mantine/core';
import { PriorityMark } from './marks.tsx';
import classes from './priority-breakdown.module.css';

const NAMES = {
  severity: 'Severity',
  confidence: 'Confidence',
  exploitability: 'Exploitability',
  exposure: 'Exposure',
  reach: 'Reach',
} as const;

function asWritten(name: keyof typeof NAMES, value: number): string {
  return name === 'severity' ? String(value) : `× ${value.toFixed(2).replace(/0$/, '')}`;
}

/** A factor above one pushes up, below one down; the bar shows which and how far. */
function direction(name: keyof typeof NAMES, value: number): 'up' | 'down' | 'same' {
  if (name === 'severity' || value === 1) return 'same';
  return value > 1 ? 'up' : 'down';
}

/** The score, factor by factor, so that nobody has to believe it. */
export function PriorityBreakdown({ priority }: { priority: ExplainedPriority }) {
  const { factors } = priority;
  const products = factors.map((_, index) =>
    factors.slice(0, index + 1).reduce((product, { value }) => product * value, 1),
  );
  return (
    <div>
      <table className={classes.table}>
        <caption className="visually-hidden">How the priority comes about</caption>
        <thead className="visually-hidden">
          <tr>
            <th scope="col">Factor</th>
            <th scope="col">Value</th>
            <th scope="col">Product so far</th>
          </tr>
        </thead>
        <tbody>
          {factors.map(({ name, value, because }, index) => {
            const running = products[index] ?? 0;
            const width = Math.min(100, running);
            return (
              <tr key={name}>
                <th scope="row">
                  <span>{NAMES[name]}</span>
                  <Text component="span" fz="xs" c="dimmed" className={classes.because ?? ''}>
                    {because}
                  </Text>
                </th>
                <td className="numeric" data-direction={direction(name, value)}>
                  {asWritten(name, value)}
                </td>
                <td className={classes.sofar}>
                  <span className={classes.track} aria-hidden>
                    <span className={classes.bar} style={{ width: `${width}%` }} />
                  </span>
                  <span className={`numeric ${classes.product}`}>{Math.round(running)}</span>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      <div className={classes.sum}>
        <span>Together, at most 100</span>
        <PriorityMark {...priority} />
      </div>
    </div>
  );
}
