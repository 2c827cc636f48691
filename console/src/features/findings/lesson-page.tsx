import type { Lesson } from '#api/rule.ts';
import { Anchor, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { operationQuery } from '../../api/queries.ts';
import { Page } from '../../components/page.tsx';
import { Panel } from '../../components/panel.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { riskAreas } from '../../components/risk-area.tsx';
import { ReportLink } from './report-link.tsx';
import { ReportText } from './report-text.tsx';
import { RuleLesson } from './rule-lesson.tsx';

const route = getRouteApi('/shell/findings/rule');

/** What the tool said in its latest finding of the rule; of ours the lesson below says more. */
function Reported({ lesson }: { lesson: Lesson }) {
  const { reported, tool } = lesson;
  if (reported === null || tool === 'vouchgate') return null;
  return (
    <Panel title={`What ${tool} says`}>
      <ReportText text={reported.description === '' ? reported.title : reported.description} />
      {reported.remedy === null ? null : <ReportText text={reported.remedy} />}
      {reported.cwe.length === 0 ? null : (
        <Text fz="sm" c="dimmed">
          {reported.cwe.map((number) => `CWE-${number}`).join(', ')}
        </Text>
      )}
      <Stack gap={4}>
        {reported.references.slice(0, 20).map((address) => (
          <ReportLink key={address} address={address} />
        ))}
      </Stack>
    </Panel>
  );
}

function Content({ lesson }: { lesson: Lesson }) {
  return (
    <Stack>
      <Reported lesson={lesson} />
      {lesson.ours.map((rule) =>
        lesson.tool === 'vouchgate' ? (
          <RuleLesson key={rule.id} rule={rule} />
        ) : (
          <Stack key={rule.id}>
            <Text c="dimmed">
              Our rule <span className="mono">{rule.id}</span> looks for the same. This is what it teaches.
            </Text>
            <RuleLesson rule={rule} />
          </Stack>
        ),
      )}
    </Stack>
  );
}

export function LessonPage() {
  const { tool, rule } = route.useSearch();
  const query = useQuery(operationQuery('getLesson', { query: { tool, rule } }));
  const lesson = query.data;
  const own = tool === 'vouchgate' ? lesson?.ours[0]?.title : undefined;
  return (
    <Page
      title={own ?? lesson?.reported?.title ?? rule}
      crumbs={[
        { label: 'Findings', link: { to: '/findings' } },
        { label: 'Rules', link: { to: '/findings/rules' } },
      ]}
      lead={
        lesson === undefined ? undefined : (
          <>
            <span className="mono">
              {tool}/{rule}
            </span>
            {lesson.area === null ? null : ` · ${riskAreas[lesson.area].label}`} ·{' '}
            <Anchor
              renderRoot={(root) => <Link {...root} to="/findings" search={{ tool, rule }} />}
              underline="always"
            >
              {lesson.open === 1 ? 'one open finding' : `${lesson.open} open findings`}
            </Anchor>
          </>
        )
      }
    >
      <QueryView query={query} height={620}>
        {(data) => <Content lesson={data} />}
      </QueryView>
    </Page>
  );
}
