import { parentPort } from 'node:worker_threads';
import { messageOf } from '#core/errors.ts';
import { ImportError, type ImportErrorCode } from './import-error.ts';
import type { ImportedReport } from './importer.ts';
import { readReport } from './read-report.ts';
import type { FindingKind } from './reported-finding.ts';

export interface ReportTask {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly as: string | undefined;
}

/** What is in a report, and what reports of its format can be about. */
export interface ReadReportOutcome {
  readonly report: ImportedReport;
  readonly kinds: readonly FindingKind[];
}

export type ReportOutcome =
  | ({ readonly kind: 'read' } & ReadReportOutcome)
  | {
      readonly kind: 'refused';
      readonly code: ImportErrorCode;
      readonly message: string;
      readonly remedy: string | undefined;
    }
  | { readonly kind: 'failed'; readonly message: string };

function read({ name, bytes, as }: ReportTask): ReportOutcome {
  try {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const { report, importer } = readReport(name, buffer, as === undefined ? {} : { as });
    return { kind: 'read', report, kinds: importer.kinds };
  } catch (error) {
    if (!(error instanceof ImportError)) return { kind: 'failed', message: messageOf(error) };
    const { code, message, remedy } = error;
    return { kind: 'refused', code, message, remedy };
  }
}

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
parentPort?.on('message', (task: ReportTask) => parentPort?.postMessage(read(task)));
