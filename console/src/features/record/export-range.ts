import type { BundleReceipts } from '#api/log.ts';
import { call } from '../../api/client.ts';

/** Entries of a bundle of the log. */
export const BUNDLE = 256;
/** Bundles in one file: some 5,000 events, so that a file stays below 50 MB and the browser below that as well. */
const FILE_BUNDLES = 20;

/** Bundles from one to another, both included. */
export interface Piece {
  readonly firstBundle: number;
  readonly lastBundle: number;
}

export function piecesOf(firstBundle: number, lastBundle: number): Piece[] {
  const pieces: Piece[] = [];
  for (let first = firstBundle; first <= lastBundle; first += FILE_BUNDLES)
    pieces.push({ firstBundle: first, lastBundle: Math.min(lastBundle, first + FILE_BUNDLES - 1) });
  return pieces;
}

export function fileNameOf({ firstBundle, lastBundle }: Piece, size: number): string {
  const digits = (index: number) => String(index).padStart(9, '0');
  return `record-${digits(firstBundle * BUNDLE)}-${digits(Math.min(size, (lastBundle + 1) * BUNDLE) - 1)}.ndjson`;
}

function readBundle(number: number, signal: AbortSignal): Promise<BundleReceipts> {
  return call('listBundleReceipts', { params: { number: String(number) } }, signal);
}

function timeOf(receipts: BundleReceipts['receipts']): number | undefined {
  const first = receipts.find((receipt) => receipt !== null);
  if (first === undefined || first === null) return undefined;
  const event = JSON.parse(first.opening.lasting) as { timeMs?: unknown };
  return typeof event.timeMs === 'number' ? event.timeMs : undefined;
}

/** The first bundle that has an event of this time or later, found in as many looks as the log has digits in binary. */
export async function findBundle(
  fromMs: number,
  [oldest, newest]: readonly [number, number],
  signal: AbortSignal,
): Promise<number> {
  let [low, high] = [oldest, newest];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    const timeMs = timeOf((await readBundle(middle, signal)).receipts);
    // What is gone is old.
    if (timeMs === undefined || timeMs <= fromMs) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** One receipt a line: each proves itself. */
export async function readPiece(
  { firstBundle, lastBundle }: Piece,
  onProgress: (share: number) => void,
  signal: AbortSignal,
): Promise<string> {
  const lines: string[] = [];
  for (let number = firstBundle; number <= lastBundle; number += 1) {
    const { receipts } = await readBundle(number, signal);
    for (const receipt of receipts) if (receipt !== null) lines.push(JSON.stringify(receipt));
    onProgress((number - firstBundle + 1) / (lastBundle - firstBundle + 1));
  }
  return `${lines.join('\n')}\n`;
}
