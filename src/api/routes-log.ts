import { BODY_PROBLEMS } from './common-problems.ts';
import { EventErasure, LogBundle, LogDescription, Receipt, ReceiptList, ReceiptRequest } from './log.ts';
import type { Route } from './route.ts';

/** The transparency log, receipts, and the witness. */
export const logRoutes = {
  getEventReceipt: {
    method: 'GET',
    path: '/v1/events/{sequence}/receipt',
    summary: 'Proof that an event stands in the log',
    auth: 'session',
    answer: { status: 200, schema: Receipt },
    problems: ['event_unknown', 'receipt_pending', 'store_unavailable'],
  },
  eraseEvent: {
    method: 'POST',
    path: '/v1/events/{sequence}/erase',
    summary: 'Erase what is personal in an event; its entry in the log goes on proving the rest',
    auth: 'session',
    body: EventErasure,
    answer: { status: 204 },
    problems: [...BODY_PROBLEMS, 'event_unknown', 'receipt_pending', 'store_unavailable'],
  },
  listReceipts: {
    method: 'GET',
    path: '/v1/decisions/{id}/receipts',
    summary: 'Proof that the events of a decision stand in the log',
    auth: 'session',
    answer: { status: 200, schema: ReceiptList },
    problems: ['decision_unknown', 'receipt_pending', 'store_unavailable'],
  },
  claimReceipts: {
    method: 'POST',
    path: '/v1/decisions/{id}/receipts',
    summary: 'The same for the job that was decided about; its token is verified and not used up',
    auth: 'none',
    body: ReceiptRequest,
    answer: { status: 200, schema: ReceiptList },
    problems: [...BODY_PROBLEMS, 'decision_unknown', 'receipt_pending', 'overloaded', 'store_unavailable'],
  },
  getLog: {
    method: 'GET',
    path: '/v1/log',
    summary: 'Name, key and size of the transparency log',
    auth: 'none',
    answer: { status: 200, schema: LogDescription },
    problems: ['store_unavailable'],
  },
  getLogBundle: {
    method: 'GET',
    path: '/v1/log/bundles/{number}',
    summary: 'The events behind 256 entries of the log, to check them with',
    auth: 'session',
    answer: { status: 200, schema: LogBundle },
    problems: ['not_found', 'store_unavailable'],
  },
  addCheckpoint: {
    method: 'POST',
    path: '/witness/add-checkpoint',
    summary: 'Have a checkpoint of another log signed (C2SP tlog-witness)',
    auth: 'none',
    binaryBody: true,
    answer: { status: 200, mediaType: 'text/plain; charset=utf-8' },
    problems: ['body_too_large', 'overloaded', 'store_unavailable'],
  },
  getLogCheckpoint: {
    method: 'GET',
    path: '/log/checkpoint',
    summary: 'The newest signed checkpoint of the log (C2SP tlog-tiles)',
    auth: 'none',
    answer: { status: 200, mediaType: 'text/plain; charset=utf-8' },
    problems: ['not_found', 'store_unavailable'],
  },
  getLogTile: {
    method: 'GET',
    path: '/log/tile/{+path}',
    summary: 'A tile of hashes or a bundle of entries of the log (C2SP tlog-tiles)',
    auth: 'none',
    answer: { status: 200, mediaType: 'application/octet-stream' },
    problems: ['not_found', 'store_unavailable'],
  },
} as const satisfies Record<string, Route>;
