import type { Coverage } from '#api/overview.ts';
import { Group, Text } from '@mantine/core';
import { Panel } from '../../components/panel.tsx';
import { Stat } from '../../components/stat.tsx';
import { ConsoleLink } from './console-link.tsx';
import { ChartPlace, CoverageChart } from './lazy-chart.tsx';

const CHART_HEIGHT = 150;

function percent(share: number): string {
  // 99.6 % is not all: only what is all is a hundred.
  return `${share === 1 ? 100 : Math.min(99, Math.round(share * 100))} %`;
}

function WaysText({ ways: { secretless, stored, inDefinitions } }: { ways: Coverage['ways'] }) {
  return (
    <>
      {secretless} of {secretless + stored + inDefinitions} ways that pipelines reach something
    </>
  );
}

/** How much works without a stored secret. */
export function CoveragePanel({ coverage }: { coverage: Coverage }) {
  const { share, ways, uses, trend } = coverage;
  const total = uses.secretless + uses.stored;
  return (
    <Panel
      title="Without a stored secret"
      note="The share of ways for which there is nothing to steal that stays valid."
    >
      <Stat
        label="Secretless coverage"
        value={share === null ? '–' : percent(share)}
        note={share === null ? 'No credential was used yet.' : <WaysText ways={ways} />}
      />
      {ways.inDefinitions === 0 ? null : (
        <ConsoleLink link={{ page: 'static-credentials', query: {} }}>
          {ways.inDefinitions} stored {ways.inDefinitions === 1 ? 'credential' : 'credentials'} in pipelines
        </ConsoleLink>
      )}
      {total === 0 ? null : (
        <ChartPlace height={CHART_HEIGHT}>
          <CoverageChart trend={trend} />
        </ChartPlace>
      )}
      <Group gap="xs">
        <Text fz="sm" c="dimmed" className="numeric">
          {total === 0
            ? 'No credential was handed out within 30 days.'
            : `${uses.secretless.toLocaleString('en')} handed out without a stored secret within 30 days, ${uses.stored.toLocaleString('en')} with one.`}
        </Text>
      </Group>
    </Panel>
  );
}
