import type { IncomingMessage } from 'node:http';

export type Answer = { status: number; body: unknown; headers?: Record<string, string> };

export interface Asked {
  url: URL;
  body: string;
  headers: IncomingMessage['headers'];
  raw: readonly string[];
}

export function denial(status: number, error: string, reason: string, facts: object[] = []): Answer {
  const body = {
    error,
    error_description: `refused by the fake: ${reason}`,
    reason,
    decision: 'dec_00000000000000000000000000',
    facts,
    remedy: 'Do what the contract says.',
    retryable: reason === 'exchange_in_progress',
  };
  return { status, body };
}
