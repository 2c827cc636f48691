import { Anchor, Group, Radio, SimpleGrid, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { operationQuery } from '../../api/queries.ts';
import { CodeBlock } from '../../components/code-block.tsx';
import { Page } from '../../components/page.tsx';
import { QueryView } from '../../components/query-view.tsx';
import classes from './first-run.module.css';
import { credentialKindIds, credentialKindOf } from './credential-kinds.ts';
import { ConfigurationCheck } from './configuration-check.tsx';
import { platformIds, platformOf } from './platforms.ts';
import { useSeesAll } from '../../session/me.ts';
import { Step } from './step.tsx';
import { FirstToken } from './first-token.tsx';
import { writeConfiguration } from './write-configuration.ts';

const route = getRouteApi('/shell/first-run');

export function FirstRunPage() {
  const { platform = 'github-actions', kind = 'oidc-token' } = route.useSearch();
  const navigate = route.useNavigate();
  const seesAll = useSeesAll();
  const about = useQuery(operationQuery('getAbout', {}));
  const chosen = platformOf(platform);
  const credential = credentialKindOf(kind);
  return (
    <Page
      title="First secretless job"
      lead="Five steps: whose jobs count, what they may reach, two snippets, and then watch the first token arrive."
    >
      <ol className={classes.steps}>
        <Step number={1} title="Where do your jobs run?">
          <Radio.Group
            value={platform}
            onChange={(value) =>
              void navigate({
                search: { platform: platformIds.find((id) => id === value), kind },
                replace: true,
              })
            }
            aria-label="Platform"
          >
            <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }} spacing="xs">
              {platformIds.map((id) => (
                <Radio.Card key={id} value={id} p="sm" radius="md" className={classes.card ?? ''}>
                  <Choice label={platformOf(id).label} />
                </Radio.Card>
              ))}
            </SimpleGrid>
          </Radio.Group>
        </Step>
        <Step number={2} title="What should the first job reach?">
          <Radio.Group
            value={kind}
            onChange={(value) =>
              void navigate({
                search: { platform, kind: credentialKindIds.find((id) => id === value) },
                replace: true,
              })
            }
            aria-label="Kind of credential"
          >
            <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="xs">
              {credentialKindIds.map((id) => (
                <Radio.Card key={id} value={id} p="sm" radius="md" className={classes.card ?? ''}>
                  <Choice label={credentialKindOf(id).label} says={credentialKindOf(id).says} />
                </Radio.Card>
              ))}
            </SimpleGrid>
          </Radio.Group>
          <Text fz="sm" c="dimmed">
            {credential.before}
          </Text>
        </Step>
        <Step number={3} title="Put this into vouchgate.yaml">
          <Text fz="sm">
            The server reads the file again when you save. A section that is there already gets one more
            entry.
          </Text>
          <Text fz="sm">
            Put your own in: <b>{chosen.replace}</b>.
          </Text>
          <CodeBlock title="vouchgate.yaml" code={writeConfiguration(platform, kind)} />
          {seesAll ? <ConfigurationCheck platform={platform} resource={credential.resource} /> : null}
        </Step>
        <Step number={4} title="Put this into the pipeline">
          <QueryView query={about} height={240}>
            {({ publicUrl, audience }) => (
              <CodeBlock
                title={chosen.file}
                code={chosen.snippet({ server: publicUrl, audience, resource: credential.resource })}
              />
            )}
          </QueryView>
          {chosen.note === undefined ? null : <Text fz="sm">{chosen.note}</Text>}
          <Text fz="sm" c="dimmed">
            <b>./deploy.sh</b> is your own command: the credential exists while it runs, in its environment
            alone, and is taken back when it ends.
          </Text>
        </Step>
        <Step number={5} title="Run it once, and let it be refused">
          <FirstToken resource={credential.resource} />
        </Step>
      </ol>
      <Text fz="sm" c="dimmed">
        Prefer the terminal?{' '}
        <Anchor href="/v1/openapi.json" underline="always">
          The API
        </Anchor>{' '}
        and <code>npx vouchgate --help</code> do the same.
      </Text>
    </Page>
  );
}

function Choice({ label, says }: { label: string; says?: string }) {
  return (
    <Group gap="sm" wrap="nowrap" align="flex-start">
      <Radio.Indicator size="xs" mt={2} />
      <Stack gap={2}>
        <Text fw={560} fz="sm">
          {label}
        </Text>
        {says === undefined ? null : (
          <Text fz="xs" c="dimmed">
            {says}
          </Text>
        )}
      </Stack>
    </Group>
  );
}
