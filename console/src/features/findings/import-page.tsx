import { Autocomplete, Group, Loader, Stack, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { CircleCheck, CircleX, Clock } from 'lucide-react';
import { useState } from 'react';
import { operationQuery } from '../../api/queries.ts';
import { ErrorState } from '../../components/error-state.tsx';
import { Page } from '../../components/page.tsx';
import { Panel } from '../../components/panel.tsx';
import { useMay } from '../../session/me.ts';
import { DropZone } from './drop-zone.tsx';
import { ReportCounts, ReportNotes } from './report-counts.tsx';
import { type ImportedFile, useImports } from './use-imports.ts';

const route = getRouteApi('/shell/findings/import');

function formatBytes(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  return bytes < 1_000_000 ? `${(bytes / 1_000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

const STATES = {
  waiting: { label: 'waits', icon: <Clock size={18} aria-hidden /> },
  sending: { label: 'is read', icon: <Loader size={18} aria-hidden /> },
  done: {
    label: 'was taken in',
    icon: <CircleCheck size={18} color="var(--mantine-color-vouch-6)" aria-hidden />,
  },
  failed: {
    label: 'was refused',
    icon: <CircleX size={18} color="var(--mantine-color-red-6)" aria-hidden />,
  },
} as const;

function FileRow({ file }: { file: ImportedFile }) {
  const { label, icon } = STATES[file.state];
  return (
    <Stack gap="xs" component="li">
      <Group gap="xs" wrap="nowrap">
        {icon}
        <Text fw={560} className="breakable">
          {file.name}
        </Text>
        <Text fz="sm" c="dimmed" style={{ whiteSpace: 'nowrap' }}>
          {formatBytes(file.bytes)}, {label}
        </Text>
      </Group>
      {file.report === undefined ? null : (
        <>
          <ReportCounts report={file.report} />
          <ReportNotes report={file.report} />
        </>
      )}
      {file.error === undefined ? null : <ErrorState error={file.error} />}
    </Stack>
  );
}

export function ImportPage() {
  const search = route.useSearch();
  const mayUpload = useMay('upload');
  const [repository, setRepository] = useState(search.repository ?? '');
  const [branch, setBranch] = useState('');
  const [as, setAs] = useState('');
  const { files, busy, take } = useImports();
  const known = useQuery(operationQuery('countFindingFacets', { query: {} }));
  const names = known.data?.facets.repository.map(({ value }) => value) ?? [];
  const missing = !mayUpload
    ? 'Your role does not let you bring reports.'
    : repository.trim() === ''
      ? 'Say first which repository the reports are about.'
      : undefined;
  return (
    <Page
      title="Import reports"
      lead="What a report no longer has is fixed, what it has for the first time is new. It speaks only for its own tool, repository and branch."
      crumbs={[{ label: 'Findings', link: { to: '/findings' } }]}
    >
      <Panel>
        <Stack>
          <Group grow preventGrowOverflow={false} align="flex-start">
            <Autocomplete
              label="Repository"
              placeholder="owner/name"
              required
              data={names}
              value={repository}
              onChange={setRepository}
              maxLength={200}
              miw={220}
            />
            <TextInput
              label="Branch"
              placeholder="main"
              description="Where it matters: a report closes only what is of its own branch."
              inputWrapperOrder={['label', 'input', 'description']}
              value={branch}
              onChange={(event) => setBranch(event.currentTarget.value)}
              maxLength={200}
              miw={220}
            />
            <TextInput
              label="Format"
              placeholder="by itself"
              description="Only where a report is not recognised: the id of its format."
              inputWrapperOrder={['label', 'input', 'description']}
              value={as}
              onChange={(event) => setAs(event.currentTarget.value)}
              maxLength={60}
              miw={220}
            />
          </Group>
          <DropZone
            disabled={missing}
            onFiles={(added) =>
              void take(added, { repository: repository.trim(), branch: branch.trim(), as: as.trim() })
            }
          />
        </Stack>
      </Panel>
      {files.length === 0 ? null : (
        <Panel title={busy ? 'Reading' : 'Done'}>
          <Stack component="ul" gap="md" p={0} m={0} style={{ listStyle: 'none' }} aria-live="polite">
            {files.map((file) => (
              <FileRow key={file.key} file={file} />
            ))}
          </Stack>
        </Panel>
      )}
    </Page>
  );
}
