import type { Report } from '#api/report.ts';
import { Button, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { FileInput, Upload } from 'lucide-react';
import { operationQuery } from '../../api/queries.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { Page } from '../../components/page.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { SearchField } from '../../components/search-field.tsx';
import { TimeAgo } from '../../components/time-ago.tsx';
import { type Column, VirtualList } from '../../components/virtual-list.tsx';
import { useMay } from '../../session/me.ts';
import { ReportCounts, ReportNotes } from './report-counts.tsx';

const REPORTS_SHOWN = 500;
const route = getRouteApi('/shell/findings/reports');

const COLUMNS: readonly Column<Report>[] = [
  {
    key: 'report',
    header: 'Report',
    width: 'minmax(0, 1fr)',
    render: ({ name, repository, commit }) => (
      <Stack gap={0}>
        <Text fw={560} className="breakable">
          {name}
        </Text>
        <Text fz="xs" c="dimmed" className="breakable">
          {repository}
          {commit === null ? '' : ` at ${commit.slice(0, 12)}`}
        </Text>
      </Stack>
    ),
  },
  {
    key: 'counts',
    header: 'What it brought',
    width: 'minmax(0, 2fr)',
    render: (report) => (
      <Stack gap={4}>
        <ReportCounts report={report} />
        <ReportNotes report={report} />
      </Stack>
    ),
  },
  {
    key: 'when',
    header: 'When',
    width: '9rem',
    render: ({ receivedAt, by }) => (
      <Text fz="sm" component="div">
        <TimeAgo moment={receivedAt} />
        <Text fz="xs" c="dimmed" truncate title={by}>
          by {by}
        </Text>
      </Text>
    ),
  },
];

export function ReportsPage() {
  const { repository } = route.useSearch();
  const navigate = useNavigate();
  const query = useQuery(operationQuery('listReports', { query: { repository, limit: REPORTS_SHOWN } }));
  const mayUpload = useMay('upload');
  const button = mayUpload ? (
    <Button
      leftSection={<Upload size={16} aria-hidden />}
      renderRoot={(root) => <Link {...root} to="/findings/import" search={{ repository }} />}
    >
      Import
    </Button>
  ) : undefined;
  return (
    <Page
      title="Reports"
      lead="Every report that was taken in, newest first, and what it changed."
      crumbs={[{ label: 'Findings', link: { to: '/findings' } }]}
      actions={button}
    >
      <SearchField
        label="Repository"
        placeholder="Full name of a repository"
        value={repository}
        onChange={(text) =>
          void navigate({ to: '/findings/reports', search: { repository: text }, replace: true })
        }
      />
      <QueryView query={query} height={560}>
        {({ reports }) =>
          reports.length === 0 ? (
            <EmptyState title="No report has come in" icon={FileInput} action={button}>
              Drop the files of your security tools on the import page, send them from a job with{' '}
              <span className="mono">vouchgate import</span>, or have them picked up from a folder.
            </EmptyState>
          ) : (
            <VirtualList
              label="Reports"
              columns={COLUMNS}
              rows={reports}
              rowKey={({ id }) => id}
              rowHeight={64}
            />
          )
        }
      </QueryView>
    </Page>
  );
}
