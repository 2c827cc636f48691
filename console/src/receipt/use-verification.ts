import type { Event } from '#api/event.ts';
import type { Receipt } from '#api/log.ts';
import { useQuery } from '@tanstack/react-query';
import type { Trust } from './trusted-keys.ts';
import { parseEntry } from './entry.ts';
import { knowsEd25519 } from './verifier-key.ts';
import { type ReceiptVerdict, verifyReceipt } from './verify-receipt.ts';

export interface CheckedReceipt extends ReceiptVerdict {
  readonly receipt: Receipt;
}

export type Verification =
  | { readonly outcome: 'unsupported' }
  | { readonly outcome: 'checked'; readonly receipts: readonly CheckedReceipt[]; readonly holds: boolean };

async function verifyAll(
  receipts: readonly Receipt[],
  events: readonly Event[],
  trust: Trust,
): Promise<Verification> {
  if (!(await knowsEd25519())) return { outcome: 'unsupported' };
  const checked = await Promise.all(
    receipts.map(async (receipt) => {
      // By the entry, which is proved; not by the order of two answers.
      const id = parseEntry(receipt.entry)?.id;
      const shown = events.find((event) => event.id === id);
      return { receipt, ...(await verifyReceipt(receipt, trust, shown)) };
    }),
  );
  // Whoever leaves a receipt out proves nothing about that event.
  const complete = events.every(({ id }) => checked.some(({ event }) => event?.['id'] === id));
  return { outcome: 'checked', receipts: checked, holds: complete && checked.every(({ holds }) => holds) };
}

/** All receipts of one answer, checked against the events that the page shows. */
export function useVerification(
  receipts: readonly Receipt[] | undefined,
  events: readonly Event[],
  trust: Trust | undefined,
) {
  return useQuery({
    queryKey: [
      'verify receipts',
      receipts,
      events,
      trust?.log.text,
      trust?.witnesses.map(({ text }) => text),
    ],
    queryFn: () => {
      if (receipts === undefined || trust === undefined)
        throw new TypeError('There is nothing to check yet.');
      return verifyAll(receipts, events, trust);
    },
    enabled: receipts !== undefined && trust !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
}
