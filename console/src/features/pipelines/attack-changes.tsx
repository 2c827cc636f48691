import type { AttackPath } from '#api/attack-path.ts';
import { Badge, Button, Group, Stack, Text } from '@mantine/core';
import { Download } from 'lucide-react';
import { useEffect, useMemo } from 'react';
import { Diff } from '../../components/diff.tsx';
import { Panel } from '../../components/panel.tsx';
import { PlaceLink } from './authority-panel.tsx';
import { Prose } from './prose.tsx';
import { plural, shortFile } from './words.ts';

type Change = AttackPath['changes'][number];

const KINDS: Readonly<Record<Change['kind'], string>> = {
  mend: 'Mend the place',
  trigger: 'Close the trigger',
  authority: 'Take the authority away',
};

function effortOf({ cost, fix }: Change): string {
  if (fix !== null) return fix.safety === 'safe' ? 'A patch is ready' : 'A patch is ready; look at it first';
  return cost <= 2 ? 'By hand, in one place' : 'Changes how the pipeline is used';
}

/** What ends the attack, the cheapest first; each of them is enough. */
export function AttackChanges({ attack }: { attack: AttackPath }) {
  return (
    <Panel title="What ends it" note="Any one of these is enough. The cheapest stands first.">
      <Stack gap="lg">
        {attack.changes.map((change, index) => (
          <ChangeCard
            key={`${change.kind} ${change.file}:${change.line}`}
            change={change}
            attack={attack}
            isFirst={index === 0}
          />
        ))}
      </Stack>
    </Panel>
  );
}

function ChangeCard({ change, attack, isFirst }: { change: Change; attack: AttackPath; isFirst: boolean }) {
  const { kind, what, file, line, closes, fix } = change;
  const patch = fix?.patch ?? null;
  return (
    <article>
      <Stack gap="xs">
        <Group gap="xs">
          <Text component="h3" m={0} fw={600}>
            {KINDS[kind]}
          </Text>
          {isFirst ? <Badge color="vouch">Cheapest</Badge> : null}
          {closes > 1 ? <Badge color="blue">Ends {plural(closes, 'attack')}</Badge> : null}
        </Group>
        <Text className="breakable">
          <Prose text={what} />.
        </Text>
        <Group gap="sm">
          <Text fz="sm" c="dimmed">
            {effortOf(change)}
          </Text>
          <PlaceLink repository={attack.repository} file={file} line={line} />
        </Group>
        {patch === null ? null : (
          <>
            <Diff patch={patch} title="Patch" />
            <PatchDownload patch={patch} name={`${shortFile(file).replaceAll(/[^\w.-]+/g, '-')}.patch`} />
          </>
        )}
        {fix !== null && patch === null ? (
          <Text fz="sm" c="dimmed">
            The patch is not shown: a secret stands beside the change. Run{' '}
            <code>vouchgate scan --fix=unsafe</code> in the checkout.
          </Text>
        ) : null}
      </Stack>
    </article>
  );
}

/** For `git apply`. */
function PatchDownload({ patch, name }: { patch: string; name: string }) {
  const address = useMemo(() => URL.createObjectURL(new Blob([patch], { type: 'text/x-patch' })), [patch]);
  useEffect(() => () => URL.revokeObjectURL(address), [address]);
  return (
    <Group>
      <Button
        component="a"
        href={address}
        download={name}
        variant="default"
        size="compact-sm"
        leftSection={<Download size={14} aria-hidden />}
      >
        Download the patch
      </Button>
    </Group>
  );
}
