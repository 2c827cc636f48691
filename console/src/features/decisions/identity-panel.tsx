import type { Decision } from '#api/decision.ts';
import type { Event } from '#api/event.ts';
import { Accordion, Anchor, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Identifier } from '../../components/identifier.tsx';
import { KeyValues } from '../../components/key-values.tsx';
import { Panel } from '../../components/panel.tsx';
import { TimeAgo } from '../../components/time-ago.tsx';
import { entriesAt, textAt, valueAt, webAddress } from './read-body.ts';

function yesOrNo(value: string | undefined): string | undefined {
  return value === undefined ? undefined : value === 'true' ? 'yes' : 'no';
}

function mono(value: string | undefined) {
  return value === undefined ? undefined : <Identifier value={value} />;
}

/** Who asked: what the token stated, and was verified. */
export function IdentityPanel({ decision, made }: { decision: Decision; made: Event }) {
  const { body } = made;
  const at = (...path: string[]) => textAt(body, 'identity', ...path);
  const repository = at('project', 'path');
  const run = webAddress(at('run', 'url'));
  const claims = entriesAt(body, 'identity', 'claims');
  const isVerified = valueAt(body, 'identity') !== undefined;
  return (
    <Panel title="Who asked" note={isVerified ? 'As the token stated it, after it was verified.' : undefined}>
      {isVerified ? null : (
        <Text c="dimmed">The token was not accepted, so nothing that it stated is repeated here.</Text>
      )}
      <KeyValues
        items={[
          ['When', <TimeAgo key="time" moment={made.time} />],
          [
            'Repository',
            repository === undefined ? undefined : (
              <Anchor renderRoot={(root) => <Link {...root} to="/decisions" search={{ repository }} />}>
                {repository}
              </Anchor>
            ),
          ],
          ['Ref', at('ref', 'full')],
          ['Commit', mono(at('commit'))],
          ['Environment', at('environment', 'name')],
          ['Trigger', at('trigger')],
          ['Workflow', at('config', 'uri')],
          ['Called workflow', at('callee', 'uri')],
          [
            'Run',
            run === undefined ? (
              at('run', 'id')
            ) : (
              <Anchor href={run} rel="noreferrer" target="_blank">
                {at('run', 'id') ?? 'open'}
              </Anchor>
            ),
          ],
          ['Started by', at('actor', 'login') ?? at('actor', 'id')],
          ['From a fork', yesOrNo(at('forked'))],
          ['Runner', at('runner', 'hosting')],
          ['Organisation', at('org', 'name') ?? at('org', 'id')],
          ['Platform', at('platform')],
          ['Identity provider', at('provider')],
          ['Called from', textAt(body, 'sourceIp')],
          ['Key-bound', textAt(body, 'holder') === undefined ? undefined : 'yes (DPoP)'],
          ['Workload identity', mono(made.actor.id)],
          ['Decision', <Identifier key="id" value={decision.id} />],
        ]}
      />
      {claims.length === 0 ? null : (
        <Accordion variant="default" chevronPosition="left">
          <Accordion.Item value="claims">
            <Accordion.Control>{`All ${claims.length} claims of the token`}</Accordion.Control>
            <Accordion.Panel>
              <KeyValues
                items={claims.map(([name, value]) => [
                  name,
                  <span key={name} className="mono breakable">
                    {value}
                  </span>,
                ])}
              />
            </Accordion.Panel>
          </Accordion.Item>
        </Accordion>
      )}
    </Panel>
  );
}
