import type { AttackPathPage } from '#api/attack-path.ts';
import type { PipelinePage, RepositoryPage } from '#api/inventory.ts';
import { Button, SegmentedControl, Stack } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { GitBranch } from 'lucide-react';
import { pagedQuery } from '../../api/queries.ts';
import { CodeBlock } from '../../components/code-block.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { Page } from '../../components/page.tsx';
import { ATTACK_COLUMNS, PIPELINE_COLUMNS, REPOSITORY_COLUMNS } from './inventory-columns.tsx';
import { InventoryFilters } from './inventory-filters.tsx';
import { PagedList } from './paged-list.tsx';
import type { InventorySearch, InventoryView } from './search.ts';
import { VIEWS } from './search.ts';

const route = getRouteApi('/shell/pipelines');

const LABELS: Readonly<Record<InventoryView, string>> = {
  pipelines: 'Pipelines',
  repositories: 'Repositories',
  attacks: 'Attack paths',
};

/** Every pipeline that was inspected: what is wrong with it, who can start it, what it holds. */
export function InventoryPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { view = 'pipelines' } = search;
  const change = (edit: Partial<InventorySearch>) =>
    void navigate({ search: (current) => ({ ...current, ...edit }), replace: true });
  return (
    <Page
      title="Pipelines"
      lead="Who can start them, what they reach, and what to change first. The worst stands on top."
    >
      <Stack gap="sm">
        <SegmentedControl
          aria-label="What to list"
          data={VIEWS.map((value) => ({ value, label: LABELS[value] }))}
          value={view}
          onChange={(chosen) =>
            change({ view: VIEWS.find((each) => each === chosen && each !== 'pipelines') })
          }
          style={{ alignSelf: 'flex-start' }}
        />
        <InventoryFilters search={search} onChange={change} />
      </Stack>
      <List view={view} search={search} onClear={() => void navigate({ search: { view: search.view } })} />
    </Page>
  );
}

const PAGE = 50;
const filterOf = ({ q, platform, severity }: InventorySearch) => ({
  search: q,
  platform,
  severity,
  limit: PAGE,
});

interface ListProps {
  search: InventorySearch;
  onClear: () => void;
}

function List({ view, ...props }: ListProps & { view: InventoryView }) {
  if (view === 'repositories') return <Repositories {...props} />;
  return view === 'attacks' ? <Attacks {...props} /> : <Pipelines {...props} />;
}

const pipelinesOf = (page: PipelinePage) => page.pipelines;
const repositoriesOf = (page: RepositoryPage) => page.repositories;
const attacksOf = (page: AttackPathPage) => page.attackPaths;

function Pipelines({ search, onClear }: ListProps) {
  const { outsiders, attacked } = search;
  const query = useInfiniteQuery(
    pagedQuery(
      'listPipelines',
      { query: { ...filterOf(search), outsiders, attacked } },
      'after',
      (page) => page.next,
    ),
  );
  return (
    <PagedList
      label="Pipelines"
      query={query}
      rowsOf={pipelinesOf}
      columns={PIPELINE_COLUMNS}
      rowKey={({ repository, file }) => `${repository} ${file}`}
      empty={<Nothing search={search} onClear={onClear} />}
    />
  );
}

function Repositories({ search, onClear }: ListProps) {
  const query = useInfiniteQuery(
    pagedQuery('listRepositories', { query: filterOf(search) }, 'after', (page) => page.next),
  );
  return (
    <PagedList
      label="Repositories"
      query={query}
      rowsOf={repositoriesOf}
      columns={REPOSITORY_COLUMNS}
      rowKey={({ name }) => name}
      empty={<Nothing search={search} onClear={onClear} />}
    />
  );
}

function Attacks({ search, onClear }: ListProps) {
  const query = useInfiniteQuery(
    pagedQuery('listAttackPaths', { query: filterOf(search) }, 'after', (page) => page.next),
  );
  return (
    <PagedList
      label="Attack paths"
      query={query}
      rowsOf={attacksOf}
      columns={ATTACK_COLUMNS}
      rowKey={({ repository, id }) => `${repository} ${id}`}
      empty={<Nothing search={search} onClear={onClear} />}
    />
  );
}

function Nothing({ search, onClear }: ListProps) {
  const { view, ...filters } = search;
  if (Object.values(filters).some((value) => value !== undefined)) {
    return (
      <EmptyState
        title="Nothing fits these filters"
        action={
          <Button variant="default" onClick={onClear}>
            Clear the filters
          </Button>
        }
      >
        Take one of them away, or search for less of the name.
      </EmptyState>
    );
  }
  if (view === 'attacks') {
    return (
      <EmptyState title="No attack path">
        In no inspected pipeline does a way lead from somebody outside to something of the project.
      </EmptyState>
    );
  }
  return (
    <EmptyState title="No pipeline was inspected yet" icon={GitBranch}>
      <Stack gap="sm" ta="start" mt="xs">
        Hand in the definitions of a repository; the server inspects them itself. In a checkout, or in a CI
        job on the default branch:
        <CodeBlock code="npx vouchgate scan --upload --fail-on never" title="Shell" />
      </Stack>
    </EmptyState>
  );
}
