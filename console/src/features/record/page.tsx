import { Tabs } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { EmptyState } from '../../components/empty-state.tsx';
import { Page } from '../../components/page.tsx';
import { useMay } from '../../session/me.ts';
import { CopiesTab } from './copies-tab.tsx';
import { ExportTab } from './export-tab.tsx';
import { LogTab } from './log-tab.tsx';
import { RecordSummary } from './record-summary.tsx';
import { type RecordSearch, TABS } from './search.ts';
import { TimelineTab } from './timeline-tab.tsx';

const route = getRouteApi('/shell/record');
const LABELS = { log: 'Log', copies: 'Copies', export: 'Export', timeline: 'Timeline' } as const;

/** Is the record whole, who says so, and where else does it stand? */
export function RecordPage() {
  const { tab = 'log', kind, of, sink } = route.useSearch();
  const navigate = route.useNavigate();
  const mayRead = useMay('viewRecord');
  const change = (edit: RecordSearch) =>
    void navigate({ search: (current) => ({ ...current, ...edit }), replace: true });
  const title = 'Record';
  if (!mayRead) {
    return (
      <Page title={title}>
        <EmptyState title="The record is for auditors and security">
          Your role does not read it. What concerns your repositories stands under Decisions.
        </EmptyState>
      </Page>
    );
  }
  return (
    <Page title={title} lead="Is the record whole, who says so, and where else does it stand?">
      <RecordSummary />
      <Tabs
        value={tab}
        onChange={(value) => change({ tab: TABS.find((each) => each === value) })}
        keepMounted={false}
      >
        <Tabs.List mb="lg" aria-label="Parts of the record">
          {TABS.map((each) => (
            <Tabs.Tab key={each} value={each}>
              {LABELS[each]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="log">
          <LogTab />
        </Tabs.Panel>
        <Tabs.Panel value="copies">
          <CopiesTab chosen={sink} onChoose={(name) => change({ sink: name })} />
        </Tabs.Panel>
        <Tabs.Panel value="export">
          <ExportTab />
        </Tabs.Panel>
        <Tabs.Panel value="timeline">
          <TimelineTab kind={kind} of={of} onChange={change} />
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}
