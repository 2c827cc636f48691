import type { Pipeline } from '#api/pipeline.ts';
import { Tabs } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense } from 'react';
import { operationQuery } from '../../api/queries.ts';
import { NotFound } from '../../components/not-found.tsx';
import { Page } from '../../components/page.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { AuthorityTab } from './authority-tab.tsx';
import { GraphSkeleton } from './graph-skeleton.tsx';
import { PipelineOverview } from './pipeline-overview.tsx';
import { PIPELINE_TABS, type PipelineSearch, type PipelineTab } from './search.ts';
import { shortFile } from './words.ts';
import { WorkflowGraph } from './workflow-graph.tsx';

const SourceTab = lazy(async () => ({ default: (await import('./source-tab.tsx')).SourceTab }));
const AccessTab = lazy(async () => ({ default: (await import('./access-tab.tsx')).AccessTab }));

const route = getRouteApi('/shell/pipelines/pipeline');
const HEIGHT = 640;

const LABELS: Readonly<Record<PipelineTab, string>> = {
  overview: 'Overview',
  workflow: 'Workflow',
  authority: 'Authority',
  source: 'Source',
  access: 'Access',
};

/** One definition: what it does, what it may, what is wrong with it, and what it used. */
export function PipelinePage() {
  const { repository, file } = route.useSearch();
  if (repository === undefined || file === undefined) return <NotFound />;
  return <KnownPipeline key={`${repository} ${file}`} repository={repository} file={file} />;
}

function KnownPipeline({ repository, file }: { repository: string; file: string }) {
  const query = useQuery(operationQuery('getPipeline', { query: { repository, file } }));
  const { data } = query;
  return (
    <Page
      title={data === undefined || data.name === file ? shortFile(file) : data.name}
      lead={
        <>
          {shortFile(file)} in {repository}
        </>
      }
      crumbs={[
        { label: 'Pipelines', link: { to: '/pipelines' } },
        { label: repository, link: { to: '/pipelines/repository', search: { name: repository } } },
      ]}
    >
      <QueryView query={query} height={HEIGHT}>
        {(pipeline) => <PipelineTabs pipeline={pipeline} />}
      </QueryView>
    </Page>
  );
}

function PipelineTabs({ pipeline }: { pipeline: Pipeline }) {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { tab = 'overview' } = search;
  const change = (edit: Partial<PipelineSearch>, replace = true) =>
    void navigate({ search: (current) => ({ ...current, ...edit }), replace });
  return (
    <Tabs
      value={tab}
      onChange={(chosen) =>
        change(
          {
            tab: PIPELINE_TABS.find((each) => each === chosen && each !== 'overview'),
            node: undefined,
            line: undefined,
          },
          false,
        )
      }
      keepMounted={false}
    >
      <Tabs.List mb="md">
        {PIPELINE_TABS.map((each) => (
          <Tabs.Tab key={each} value={each}>
            {LABELS[each]}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      <TabPanel tab="overview">
        <PipelineOverview pipeline={pipeline} />
      </TabPanel>
      <TabPanel tab="workflow">
        <WorkflowGraph pipeline={pipeline} selected={search.node} onSelect={(node) => change({ node })} />
      </TabPanel>
      <TabPanel tab="authority">
        <AuthorityTab pipeline={pipeline} search={search} onChange={change} />
      </TabPanel>
      <TabPanel tab="source">
        <SourceTab pipeline={pipeline} line={search.line} />
      </TabPanel>
      <TabPanel tab="access">
        <AccessTab pipeline={pipeline} />
      </TabPanel>
    </Tabs>
  );
}

function TabPanel({ tab, children }: { tab: PipelineTab; children: ReactNode }) {
  return (
    <Tabs.Panel value={tab}>
      <Suspense fallback={<GraphSkeleton height={HEIGHT} />}>{children}</Suspense>
    </Tabs.Panel>
  );
}
