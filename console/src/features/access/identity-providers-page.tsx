import { Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { IdentityProviderItem } from '#api/access-use.ts';
import { Fingerprint } from 'lucide-react';
import { operationQuery } from '../../api/queries.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { KeyValues } from '../../components/key-values.tsx';
import { Panel } from '../../components/panel.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { AccessPage } from './access-page.tsx';
import { FreezeButton } from './freeze-button.tsx';
import { FreezeRepositoryButton } from './freeze-repository-button.tsx';
import { FrozenBadge, LastUsed, UseCell } from './use-cells.tsx';

export function IdentityProvidersPage() {
  const query = useQuery(operationQuery('listIdentityProviders', {}));
  return (
    <AccessPage
      title="Identity providers"
      lead="Whose tokens are accepted: jobs of these platforms can ask at all."
      actions={<FreezeRepositoryButton />}
    >
      <QueryView query={query} height={320}>
        {({ identityProviders }) =>
          identityProviders.length === 0 ? (
            <EmptyState title="No identity provider yet" icon={Fingerprint}>
              Name the platforms of your jobs under `identityProviders` in vouchgate.yaml.
            </EmptyState>
          ) : (
            <Stack>
              {identityProviders.map((provider) => (
                <Provider key={provider.name} provider={provider} />
              ))}
            </Stack>
          )
        }
      </QueryView>
    </AccessPage>
  );
}

function Provider({ provider }: { provider: IdentityProviderItem }) {
  const { name, platform, issuer, use, repositories, frozen } = provider;
  return (
    <Panel
      title={
        <Group gap={8} component="span">
          {name}
          {frozen === null ? null : <FrozenBadge />}
        </Group>
      }
      note={platform}
      actions={
        frozen !== null ? undefined : (
          <FreezeButton target={{ kind: 'identityProvider', name }} what={`all jobs of ${name}`} />
        )
      }
    >
      <KeyValues
        items={[
          [
            'Issuer',
            <span key="i" className="mono breakable">
              {issuer}
            </span>,
          ],
          [
            'Repositories seen',
            <span key="r" className="numeric">
              {repositories.toLocaleString('en')}
            </span>,
          ],
          ['Use in 30 days', <UseCell key="u" use={use} />],
          ['Last token', <LastUsed key="l" use={use} />],
          [
            'Frozen',
            frozen === null ? undefined : (
              <Text key="f" fz="sm">
                {frozen.reason}
              </Text>
            ),
          ],
        ]}
      />
    </Panel>
  );
}
