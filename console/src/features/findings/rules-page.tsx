import type { RuleSummary } from '#api/rule.ts';
import { Anchor, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { SearchX } from 'lucide-react';
import { useMemo } from 'react';
import { operationQuery } from '../../api/queries.ts';
import { SeverityBadge } from '../../components/badges.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { Page } from '../../components/page.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { riskAreas } from '../../components/risk-area.tsx';
import { SearchField } from '../../components/search-field.tsx';
import { type Column, VirtualList } from '../../components/virtual-list.tsx';

const route = getRouteApi('/shell/findings/rules');

const COLUMNS: readonly Column<RuleSummary>[] = [
  {
    key: 'title',
    header: 'What is wrong',
    width: 'minmax(0, 2fr)',
    render: ({ id, title }) => (
      <>
        <Anchor
          renderRoot={(root) => (
            <Link {...root} to="/findings/rule" search={{ tool: 'vouchgate', rule: id }} />
          )}
          c="inherit"
          fw={560}
        >
          {title}
        </Anchor>
        <Text fz="xs" c="dimmed" className="mono">
          {id}
        </Text>
      </>
    ),
  },
  {
    key: 'severity',
    header: 'Severity',
    width: '7rem',
    render: ({ severity }) => <SeverityBadge severity={severity} />,
  },
  {
    key: 'area',
    header: 'Risk area',
    width: '10rem',
    render: ({ area }) => (area === null ? '–' : riskAreas[area].label),
  },
  {
    key: 'platforms',
    header: 'Platforms',
    width: 'minmax(0, 1fr)',
    hideOnPhone: true,
    render: ({ platforms }) => (
      <Text fz="sm" truncate title={platforms.join(', ')}>
        {platforms.join(', ')}
      </Text>
    ),
  },
];

/** All words are in the title, the id or the area. */
function matching(rules: readonly RuleSummary[], q: string | undefined): readonly RuleSummary[] {
  const words = (q ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  return rules.filter(({ id, title, area }) => {
    const text = `${id} ${title} ${area ?? ''}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

export function RulesPage() {
  const { q } = route.useSearch();
  const navigate = useNavigate();
  const query = useQuery({ ...operationQuery('listRules', {}), staleTime: Infinity });
  const rows = useMemo(() => matching(query.data?.rules ?? [], q), [query.data, q]);
  return (
    <Page
      title="Rules"
      lead="What our own scanner looks for in pipelines. Each rule is a lesson: what goes wrong, how it looks, how it is mended."
      crumbs={[{ label: 'Findings', link: { to: '/findings' } }]}
    >
      <SearchField
        label="Search rules"
        value={q}
        onChange={(text) => void navigate({ to: '/findings/rules', search: { q: text }, replace: true })}
      />
      <QueryView query={query} height={560}>
        {() =>
          rows.length === 0 ? (
            <EmptyState title="No rule is like that" icon={SearchX} />
          ) : (
            <VirtualList label="Rules" columns={COLUMNS} rows={rows} rowKey={({ id }) => id} rowHeight={56} />
          )
        }
      </QueryView>
    </Page>
  );
}
