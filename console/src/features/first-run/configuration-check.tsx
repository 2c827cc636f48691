import { Alert, Group, List, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Configuration } from '#api/configuration.ts';
import { Check, CircleDashed, TriangleAlert } from 'lucide-react';
import { operationQuery } from '../../api/queries.ts';
import { QueryView } from '../../components/query-view.tsx';
import { type PlatformId, platformOf } from './platforms.ts';
import { providerNameOf } from './write-configuration.ts';

const POLL_MS = 4_000;

/** Whether what was copied is in force by now, and if not, what the server says about it. */
export function ConfigurationCheck({ platform, resource }: { platform: PlatformId; resource: string }) {
  const configuration = useQuery({ ...operationQuery('getConfiguration', {}), refetchInterval: POLL_MS });
  return (
    <QueryView query={configuration} height={56}>
      {(data) => (
        <div role="status">
          <Problems refused={data.refused} />
          <Mark done={hasProvider(data, platform)}>
            {hasProvider(data, platform)
              ? `${platformOf(platform).label}: its tokens are believed`
              : `${platformOf(platform).label}: not in force yet`}
          </Mark>
          <Mark done={data.resources.some(({ name }) => name === resource)}>
            {data.resources.some(({ name }) => name === resource)
              ? `Resource ${resource}: in force`
              : `Resource ${resource}: not in force yet`}
          </Mark>
        </div>
      )}
    </QueryView>
  );
}

/** By its kind, whatever somebody called it; several platforms share the generic one, so there by the name. */
function hasProvider({ identityProviders }: Configuration, platform: PlatformId): boolean {
  return identityProviders.some(
    ({ name, platform: kind }) => kind === platform || (kind === 'oidc' && name === providerNameOf(platform)),
  );
}

function Mark({ done, children }: { done: boolean; children: string }) {
  const Icon = done ? Check : CircleDashed;
  return (
    <Group gap="xs" wrap="nowrap">
      <Icon size={16} aria-hidden />
      <Text fz="sm" {...(done ? {} : { c: 'dimmed' })}>
        {children}
      </Text>
    </Group>
  );
}

function Problems({ refused }: Pick<Configuration, 'refused'>) {
  if (refused === null) return null;
  return (
    <Alert color="red" icon={<TriangleAlert aria-hidden />} title="The file is refused" mb="sm">
      <List fz="sm">
        {refused.problems.slice(0, 5).map(({ file, line, message, remedy }) => (
          <List.Item key={`${file}:${line}:${message}`} className="breakable">
            <span className="mono">
              {file}:{line}
            </span>{' '}
            {message} {remedy}
          </List.Item>
        ))}
      </List>
    </Alert>
  );
}
