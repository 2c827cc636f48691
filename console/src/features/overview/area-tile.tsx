import type { AreaOverview, Standing } from '#api/overview.ts';
import { Group, Paper, Text, Title } from '@mantine/core';
import { ArrowRight } from 'lucide-react';
import { StateBadge } from '../../components/badges.tsx';
import { riskAreas } from '../../components/risk-area.tsx';
import classes from './area-tile.module.css';
import { ConsoleLink } from './console-link.tsx';
import { ChartPlace, TrendLine } from './lazy-chart.tsx';

const FACTS_SHOWN = 3;

const COLORS = {
  good: 'vouch.6',
  attention: 'yellow.6',
  act: 'red.6',
  unknown: 'gray.5',
} as const satisfies Record<Standing, string>;

/** "5 more than a month ago": what the line shows, in words. */
function changeText(trend: AreaOverview['trend']): string {
  const [first, last] = [trend[0]?.open ?? 0, trend.at(-1)?.open ?? 0];
  if (first === last) return 'as many as a month ago';
  return last > first ? `${last - first} more than a month ago` : `${first - last} fewer than a month ago`;
}

/** One of the eight risks: how it stands, what that is made of, and what to do next. */
export function AreaTile({ area }: { area: AreaOverview }) {
  const { label, question, icon: Icon } = riskAreas[area.area];
  const open = area.trend.at(-1)?.open ?? 0;
  const hasTrend = area.trend.some((day) => day.open > 0);
  return (
    <Paper component="article" className={classes.tile ?? ''} data-standing={area.standing}>
      <Group gap={8} wrap="nowrap" miw={0}>
        <Icon size={18} aria-hidden className={classes.icon} />
        <Title order={3} className={classes.title ?? ''}>
          {label}
        </Title>
      </Group>
      <div>
        <StateBadge state={area.standing} />
      </div>
      <Text fz="xs" c="dimmed">
        {question}
      </Text>
      <ul className={classes.facts}>
        {area.facts.slice(0, FACTS_SHOWN).map(({ text, standing, link }) => (
          <li key={text} data-standing={standing}>
            {link === null ? text : <ConsoleLink link={link}>{text}</ConsoleLink>}
          </li>
        ))}
      </ul>
      <div className={classes.trend}>
        <ChartPlace height={36}>
          {hasTrend ? (
            <TrendLine values={area.trend.map((day) => day.open)} color={COLORS[area.standing]} />
          ) : null}
        </ChartPlace>
        <Text fz="xs" c="dimmed" className="numeric">
          {hasTrend
            ? `${open.toLocaleString('en')} open, ${changeText(area.trend)}`
            : area.standing === 'unknown'
              ? 'No trend yet'
              : 'No open findings for a month'}
        </Text>
      </div>
      {area.next === null ? (
        <Text fz="sm" c="dimmed" className={classes.next ?? ''}>
          Nothing to do here.
        </Text>
      ) : (
        <ConsoleLink link={area.next.link} className={`${classes.next} ${classes.action}`}>
          <span>{area.next.text}</span>
          <ArrowRight size={16} aria-hidden />
        </ConsoleLink>
      )}
    </Paper>
  );
}
