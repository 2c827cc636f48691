import type { Finding } from '#api/finding.ts';
import { Alert, Anchor, Button, Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { BookOpen, ShieldCheck } from 'lucide-react';
import { useState } from 'react';
import { operationQuery } from '../../api/queries.ts';
import { SeverityBadge } from '../../components/badges.tsx';
import { Identifier } from '../../components/identifier.tsx';
import { KeyValues } from '../../components/key-values.tsx';
import { Page } from '../../components/page.tsx';
import { Panel } from '../../components/panel.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { riskAreas } from '../../components/risk-area.tsx';
import { TimeAgo } from '../../components/time-ago.tsx';
import { useNow } from '../../components/use-now.ts';
import { useMay } from '../../session/me.ts';
import { CommentForm } from './comment-form.tsx';
import { Deadline } from './deadline.tsx';
import { FindingHistory } from './finding-history.tsx';
import classes from './finding-page.module.css';
import { FindingPlaceView } from './finding-place.tsx';
import { FindingStateBadge } from './marks.tsx';
import { PriorityBreakdown } from './priority-breakdown.tsx';
import { ReportLink } from './report-link.tsx';
import { ReportText } from './report-text.tsx';
import { SameFindings } from './same-findings.tsx';
import { type TriageAction, TriageDialog } from './triage-dialog.tsx';
import { kindWords } from './words.ts';

const route = getRouteApi('/shell/findings/$id');

function actionsFor({ state }: Finding): readonly (readonly [TriageAction, string])[] {
  if (state === 'waived' || state === 'false-positive') return [['restore', 'Reopen']];
  if (state === 'fixed') return [];
  return [
    ['assign', 'Assign'],
    ['accept', 'Accept'],
    ['false-positive', 'False positive'],
  ];
}

function TriageButtons({ finding }: { finding: Finding }) {
  const [action, setAction] = useState<TriageAction | undefined>(undefined);
  const nowMs = useNow();
  return (
    <>
      {actionsFor(finding).map(([name, label]) => (
        <Button key={name} variant="default" onClick={() => setAction(name)}>
          {label}
        </Button>
      ))}
      {action === undefined ? null : (
        <TriageDialog
          action={action}
          ids={[finding.id]}
          nowMs={nowMs}
          onClose={() => setAction(undefined)}
          onDone={() => setAction(undefined)}
        />
      )}
    </>
  );
}

/** Why it is settled, when somebody decided so. */
function Settlement({ finding: { acceptance, falsePositive, state } }: { finding: Finding }) {
  if (state === 'waived' && acceptance !== null) {
    return (
      <Alert
        color="gray"
        icon={<ShieldCheck aria-hidden />}
        title={`Accepted; ${acceptance.owner} answers for it`}
      >
        <Text fz="sm" className="breakable" style={{ whiteSpace: 'pre-line' }}>
          {acceptance.reason}
        </Text>
        <Text fz="sm" c="dimmed" component="div">
          Open again <TimeAgo moment={acceptance.until} /> · decided by {acceptance.by},{' '}
          <TimeAgo moment={acceptance.at} />
        </Text>
      </Alert>
    );
  }
  if (state !== 'false-positive' || falsePositive === null) return null;
  return (
    <Alert color="gray" icon={<ShieldCheck aria-hidden />} title="A false positive">
      <Text fz="sm" className="breakable" style={{ whiteSpace: 'pre-line' }}>
        {falsePositive.reason}
      </Text>
      <Text fz="sm" c="dimmed" component="div">
        Said by {falsePositive.by}, <TimeAgo moment={falsePositive.at} />
      </Text>
    </Alert>
  );
}

function RuleLink({ finding: { tool, rule } }: { finding: Finding }) {
  return (
    <Button
      variant="default"
      leftSection={<BookOpen size={16} aria-hidden />}
      renderRoot={(root) => <Link {...root} to="/findings/rule" search={{ tool, rule }} />}
    >
      Why this matters
    </Button>
  );
}

function WhatToDo({ finding: { remedy, place } }: { finding: Finding }) {
  const { name, fixedVersions = [] } = place.package ?? {};
  if (remedy !== null) return <ReportText text={remedy} />;
  if (name !== undefined && fixedVersions.length > 0) {
    return (
      <Text className="breakable">
        Update {name} to {fixedVersions.join(' or ')}, or to a later version.
      </Text>
    );
  }
  return <Text c="dimmed">The tool does not say. See why it matters for what usually mends it.</Text>;
}

function MainColumn({ finding, mayTriage }: { finding: Finding; mayTriage: boolean }) {
  const { description, references, title } = finding;
  return (
    <Stack miw={0}>
      <Settlement finding={finding} />
      <Panel title="Where">
        <FindingPlaceView finding={finding} />
      </Panel>
      <Panel title="What is wrong" actions={<RuleLink finding={finding} />}>
        <ReportText text={description === '' ? title : description} />
        {references.length === 0 ? null : (
          <Stack gap={4}>
            {references.slice(0, 20).map((address) => (
              <ReportLink key={address} address={address} />
            ))}
          </Stack>
        )}
      </Panel>
      <Panel title="What to do">
        <WhatToDo finding={finding} />
      </Panel>
      <SameFindings id={finding.id} />
      <Panel title="History">
        {mayTriage ? <CommentForm id={finding.id} /> : null}
        <FindingHistory finding={finding} />
      </Panel>
    </Stack>
  );
}

function SideColumn({ finding }: { finding: Finding }) {
  const { area, kind, tool, rule, owner, assignee, cwe, cvss, epss, exploited, verified, aliases } = finding;
  return (
    <Stack miw={0}>
      <Panel title="Priority">
        <PriorityBreakdown priority={finding.priority} />
        {finding.priorityWarnings.map((warning) => (
          <Text key={warning} fz="xs" c="dimmed">
            Not counted: {warning}.
          </Text>
        ))}
      </Panel>
      <Panel title="Day">
        <Deadline finding={finding} />
      </Panel>
      <Panel title="Facts">
        <KeyValues
          items={[
            ['Repository', finding.repository],
            ['Mends it', assignee ?? 'nobody yet'],
            ['Owner', owner],
            [
              'Tool',
              <Anchor
                key="tool"
                renderRoot={(root) => <Link {...root} to="/findings" search={{ tool }} />}
                fz="inherit"
              >
                {tool}
              </Anchor>,
            ],
            [
              'Rule',
              <Anchor
                key="rule"
                renderRoot={(root) => <Link {...root} to="/findings" search={{ tool, rule }} />}
                fz="inherit"
                className="mono"
              >
                {rule}
              </Anchor>,
            ],
            ['Kind', kindWords[kind]],
            ['Risk area', area === null ? undefined : riskAreas[area].label],
            ['Confidence', finding.confidence],
            ['CVSS', cvss === null ? undefined : `${cvss.score} ${cvss.vector ?? ''}`],
            ['EPSS', epss === null ? undefined : `${(epss * 100).toFixed(1)} % within 30 days`],
            ['Exploited', exploited === true ? 'yes, as far as is known' : undefined],
            ['Verified', verified === true ? 'it was tried, and works' : undefined],
            ['Weakness', cwe.length === 0 ? undefined : cwe.map((number) => `CWE-${number}`).join(', ')],
            ['Also called', aliases.length === 0 ? undefined : aliases.slice(0, 12).join(', ')],
            ['Last seen', <TimeAgo key="seen" moment={finding.lastSeenAt} />],
            ['Id', <Identifier key="id" value={finding.id} />],
          ]}
        />
      </Panel>
    </Stack>
  );
}

export function FindingPage() {
  const { id } = route.useParams();
  const query = useQuery(operationQuery('getFinding', { params: { id } }));
  const mayTriage = useMay('triage');
  const crumbs = [{ label: 'Findings', link: { to: '/findings' } as const }];
  const finding = query.data;
  return (
    <Page
      title={finding?.title ?? 'Finding'}
      crumbs={crumbs}
      lead={
        finding === undefined ? undefined : (
          <Group component="span" gap="xs">
            <SeverityBadge severity={finding.severity} />
            <FindingStateBadge state={finding.state} />
            <span className="breakable">{finding.repository}</span>
          </Group>
        )
      }
      actions={finding === undefined || !mayTriage ? undefined : <TriageButtons finding={finding} />}
    >
      <QueryView query={query} height={620}>
        {(data) => (
          <div className={classes.columns}>
            <MainColumn finding={data} mayTriage={mayTriage} />
            <SideColumn finding={data} />
          </div>
        )}
      </QueryView>
    </Page>
  );
}
