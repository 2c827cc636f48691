import type { Event } from '#api/event.ts';
import type { ReceiptList } from '#api/log.ts';
import { Alert, Button, Divider, Group, SegmentedControl, Skeleton, Stack, Text } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import { Download, Info, ShieldCheck, ShieldX } from 'lucide-react';
import { useState } from 'react';
import { CodeBlock } from '../components/code-block.tsx';
import { ErrorState } from '../components/error-state.tsx';
import { Panel } from '../components/panel.tsx';
import { saveFile } from '../components/save-file.ts';
import { KeyPanel } from './key-panel.tsx';
import { StepList } from './step-list.tsx';
import { type TrustedKeys, useTrustedKeys } from './trusted-keys.ts';
import { type CheckedReceipt, useVerification, type Verification } from './use-verification.ts';

const HEIGHT = 420;

/** Proof of what was recorded, checked by this browser: the server is compared, not believed. */
export function ReceiptPanel(props: {
  query: UseQueryResult<ReceiptList>;
  events: readonly Event[];
  /** For `audit prove`: a decision, or the sequence of an event. */
  subject: string;
  title?: string;
}) {
  const { query, events, subject, title = 'Receipt' } = props;
  const keys = useTrustedKeys();
  const receipts = query.data?.receipts;
  const verification = useVerification(receipts, events, keys.trust);
  const error = query.error ?? keys.error ?? verification.error;
  return (
    <Panel
      title={title}
      note="Proof that this stands in the transparency log, checked in this browser."
      actions={
        receipts === undefined ? undefined : (
          <Button
            variant="default"
            size="compact-sm"
            leftSection={<Download size={14} aria-hidden />}
            onClick={() =>
              saveFile(
                `${subject}.receipt.json`,
                JSON.stringify({ receipts }, undefined, 2),
                'application/json',
              )
            }
          >
            Download
          </Button>
        )
      }
    >
      {verification.data !== undefined ? (
        <Verified verification={verification.data} keys={keys} subject={subject} />
      ) : error === null ? (
        <Skeleton height={HEIGHT} radius="sm" aria-label="Checking" role="status" />
      ) : (
        <ErrorState
          error={error}
          retry={() => {
            keys.retry();
            void query.refetch();
          }}
        />
      )}
    </Panel>
  );
}

function Verified(props: { verification: Verification; keys: TrustedKeys; subject: string }) {
  const { verification, keys, subject } = props;
  if (verification.outcome === 'unsupported') {
    return (
      <Stack>
        <Alert color="yellow" icon={<Info aria-hidden />} title="This browser cannot check it">
          It does not know Ed25519 (Chrome 137, Firefox 129 and Safari 17 do). The command line does it
          instead.
        </Alert>
        <CommandLine subject={subject} keyText={keys.trust?.log.text} />
      </Stack>
    );
  }
  const { receipts, holds } = verification;
  return (
    <Stack>
      <Verdict holds={holds} count={receipts.length} keys={keys} />
      <Steps receipts={receipts} />
      <Divider />
      <KeyPanel keys={keys} />
      <CommandLine subject={subject} keyText={keys.trust?.log.text} />
    </Stack>
  );
}

function Verdict({ holds, count, keys }: { holds: boolean; count: number; keys: TrustedKeys }) {
  const events = count === 1 ? 'The event stands' : `All ${count} events stand`;
  const from = keys.trust?.from;
  if (!holds || from === 'changed') {
    return (
      <Alert color="red" icon={<ShieldX aria-hidden />} title="This is not proved" role="alert">
        {holds
          ? 'The receipts fit the pinned key, but the server names another key now.'
          : 'A check failed; the steps below say which. Tell whoever watches over the record, and keep the receipt.'}
      </Alert>
    );
  }
  return (
    <Alert color="vouch" icon={<ShieldCheck aria-hidden />} title={`${events} in the log as shown`}>
      {from === 'server'
        ? 'Checked with the key that this server names. Pin it after you compared it.'
        : 'Checked with the key that is pinned in this browser.'}
    </Alert>
  );
}

function Steps({ receipts }: { receipts: readonly CheckedReceipt[] }) {
  const failed = receipts.findIndex(({ holds }) => !holds);
  const [chosen, setChosen] = useState<string | undefined>();
  const at = Math.min(Number(chosen ?? Math.max(0, failed)), Math.max(0, receipts.length - 1));
  const receipt = receipts[at];
  return (
    <Stack gap="sm">
      {receipts.length < 2 ? null : (
        <Group style={{ overflowX: 'auto' }} wrap="nowrap">
          <SegmentedControl
            size="xs"
            aria-label="Event"
            value={String(at)}
            onChange={setChosen}
            data={receipts.map(({ event, holds }, index) => ({
              value: String(index),
              label: `${nameOf(event, index)}${holds ? '' : ' (failed)'}`,
            }))}
          />
        </Group>
      )}
      {receipt === undefined ? (
        <Text c="dimmed">There is no receipt.</Text>
      ) : (
        <StepList key={at} steps={receipt.steps} />
      )}
    </Stack>
  );
}

function nameOf(event: CheckedReceipt['event'], index: number): string {
  const type = event?.['type'];
  return typeof type === 'string' ? type : `Event ${index + 1}`;
}

function CommandLine({ subject, keyText }: { subject: string; keyText: string | undefined }) {
  const key = keyText === undefined ? '' : ` --key ${keyText}`;
  const code = `npx vouchgate audit prove ${subject} --output receipt.json\nnpx vouchgate audit verify receipt.json${key}`;
  return <CodeBlock title="The same on the command line" code={code} wrap />;
}
