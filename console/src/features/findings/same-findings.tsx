import { Anchor, Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { operationQuery } from '../../api/queries.ts';
import { SeverityBadge } from '../../components/badges.tsx';
import { Panel } from '../../components/panel.tsx';
import { FindingStateBadge, placeText } from './marks.tsx';
import { reasonWords } from './words.ts';

/** What other tools found that means the same; nothing at all where there is none. */
export function SameFindings({ id }: { id: string }) {
  const { data } = useQuery(operationQuery('listSameFindings', { params: { id } }));
  if (data === undefined || data.findings.length === 0) return null;
  const why = data.reasons.map((reason) => reasonWords[reason]).join('; ');
  return (
    <Panel title="Others that mean the same" note={`Tied together by ${why}. Each keeps its own state.`}>
      <Stack gap="xs">
        {data.findings.map((finding) => (
          <div key={finding.id}>
            <Group gap="xs">
              <SeverityBadge severity={finding.severity} />
              <FindingStateBadge state={finding.state} />
              <Anchor
                renderRoot={(root) => <Link {...root} to="/findings/$id" params={{ id: finding.id }} />}
                className="breakable"
              >
                {finding.title}
              </Anchor>
            </Group>
            <Text fz="xs" c="dimmed" className="breakable">
              {finding.tool} · {finding.rule} · {placeText(finding)}
            </Text>
          </div>
        ))}
      </Stack>
    </Panel>
  );
}
