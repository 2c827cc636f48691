import type { ListPosition } from '#inventory/ports.ts';
import { RequestProblem } from '../request-problem.ts';

/** Where the next page begins, as one word. */
export function encodeCursor(position: ListPosition | undefined): string | null {
  if (position === undefined) return null;
  const { rank, repository, item } = position;
  return Buffer.from(JSON.stringify([rank, repository, item])).toString('base64url');
}

/** @throws {RequestProblem} `request_invalid` */
export function decodeCursor(text: string): ListPosition {
  const parts = parse(text);
  const [rank, repository, item] = Array.isArray(parts) ? (parts as readonly unknown[]) : [];
  if (Number.isSafeInteger(rank) && typeof repository === 'string' && typeof item === 'string') {
    return { rank: Number(rank), repository, item };
  }
  throw new RequestProblem('request_invalid', '`after` is not the `next` of a page.');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
