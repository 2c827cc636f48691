import { Alert, Button, Group, SegmentedControl, Stack, Text } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { StaticCredential } from '#api/static-credential.ts';
import { KeyRound, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { operationQuery, pagedQuery } from '../../api/queries.ts';
import { CodeBlock } from '../../components/code-block.tsx';
import { Diff } from '../../components/diff.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { Panel } from '../../components/panel.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { SearchField } from '../../components/search-field.tsx';
import { AccessPage } from './access-page.tsx';

const route = getRouteApi('/shell/access/static-credentials');

export function StaticCredentialsPage() {
  const { q } = route.useSearch();
  const navigate = route.useNavigate();
  const query = useInfiniteQuery({
    ...pagedQuery('listStaticCredentials', { query: { search: q, limit: 50 } }, 'after', (page) => page.next),
    select: ({ pages }) => pages.flatMap(({ credentials }) => credentials),
  });
  return (
    <AccessPage
      title="Static credentials"
      lead="Stored values that pipelines still use, each with its way to a credential that lives for minutes."
    >
      <SearchField
        label="Search credentials"
        value={q}
        onChange={(next) => void navigate({ search: { q: next }, replace: true })}
      />
      <QueryView query={query} height={420}>
        {(credentials) =>
          credentials.length === 0 ? (
            <EmptyState
              title={q === undefined ? 'No stored credentials are known' : 'No credential fits'}
              icon={KeyRound}
            >
              `vouchgate scan --upload` brings what the pipelines of a repository use.
            </EmptyState>
          ) : (
            <Stack>
              {credentials.map((credential) => (
                <Credential key={`${credential.repository} ${credential.id}`} credential={credential} />
              ))}
              {query.hasNextPage ? (
                <Group justify="center">
                  <Button
                    variant="default"
                    loading={query.isFetchingNextPage}
                    onClick={() => void query.fetchNextPage()}
                  >
                    Show more
                  </Button>
                </Group>
              ) : null}
            </Stack>
          )
        }
      </QueryView>
    </AccessPage>
  );
}

function Credential({ credential }: { credential: StaticCredential }) {
  const { repository, pipeline, line, job, kindName, name, secrets, warnings } = credential;
  const [shown, setShown] = useState(false);
  return (
    <Panel
      title={name}
      note={`${kindName} · ${repository}`}
      actions={
        <Button size="compact-sm" variant="default" aria-expanded={shown} onClick={() => setShown(!shown)}>
          {shown ? 'Hide the way out' : 'Show the way out'}
        </Button>
      }
    >
      <Text fz="sm" className="breakable">
        Job {job} in <span className="mono">{`${pipeline}:${line}`}</span> reads {secrets.join(', ')}.
      </Text>
      {warnings.map((warning) => (
        <Alert key={warning} color="yellow" icon={<TriangleAlert aria-hidden />}>
          {warning}
        </Alert>
      ))}
      {shown ? <Ways repository={repository} id={credential.id} /> : null}
    </Panel>
  );
}

/** Two ways to the same end: straight to the other side, or through this server, where policies decide. */
function Ways({ repository, id }: { repository: string; id: string }) {
  const [way, setWay] = useState<'brokered' | 'direct'>('brokered');
  const query = useQuery(operationQuery('getStaticCredential', { query: { repository, id } }));
  return (
    <Stack gap="sm">
      <SegmentedControl
        aria-label="Which way"
        value={way}
        onChange={(value) => setWay(value === 'direct' ? 'direct' : 'brokered')}
        data={[
          { value: 'brokered', label: 'Through Vouchgate' },
          { value: 'direct', label: 'Straight' },
        ]}
        style={{ alignSelf: 'flex-start' }}
      />
      <QueryView query={query} height={220}>
        {(credential) => {
          const { patch, reason, files } = credential[way];
          return (
            <>
              {patch === null ? (
                <Text fz="sm" c="dimmed">
                  {reason ?? 'There is no such way for this kind.'}
                </Text>
              ) : (
                <Diff patch={patch} title={`${credential.pipeline}, bound to ${credential.boundTo}`} />
              )}
              {files.map(({ file, text }) => (
                <CodeBlock key={file} code={text} title={file} />
              ))}
            </>
          );
        }}
      </QueryView>
    </Stack>
  );
}
