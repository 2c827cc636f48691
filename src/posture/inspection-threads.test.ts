import { afterEach, describe, expect, it } from 'vitest';
import { silentLogger } from '#core/log.ts';
import { createInspectionThreads, type InspectionThreads } from './inspection-threads.ts';
import type { InspectionTask } from './inspection-task.ts';
import { shaOf } from './testing/memory-source.ts';

const WORKFLOW = '.github/workflows/ci.yml';
const text = 'on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps: [{ run: make }]\n';

function taskOf(text_: string = text, file = WORKFLOW): InspectionTask {
  const files = [{ file, text: text_ }];
  const pipeline = { repository: 'acme/shop', commit: shaOf('a'), file, files, unread: [] };
  return {
    pipeline: { ...pipeline, asked: ['.vouchgate.yml', '.vouchgate.yaml'] },
    callee: undefined,
    reference: undefined,
    suppressions: 'none',
    asOfMs: Date.UTC(2026, 10, 1),
  };
}

/** A thread that never answers, or that dies of what it is given. */
const hanging = new URL(
  `data:text/javascript,${encodeURIComponent("import { parentPort } from 'node:worker_threads'; parentPort.on('message', () => { for (;;) {} });")}`,
);
const dying = new URL(
  `data:text/javascript,${encodeURIComponent("import { parentPort } from 'node:worker_threads'; parentPort.on('message', () => { throw new Error('no'); });")}`,
);

let open: InspectionThreads | undefined;
afterEach(async () => open?.close());

function threads(change: Partial<Parameters<typeof createInspectionThreads>[0]> = {}): InspectionThreads {
  open = createInspectionThreads({ threads: 1, waitingMax: 2, log: silentLogger, ...change });
  return open;
}

describe('threads for inspections', () => {
  it('give what the inspection gives', async () => {
    const pool = threads();
    await pool.ready();
    const outcome = await pool.inspect(taskOf(), AbortSignal.timeout(20_000));
    expect(outcome).toMatchObject({ kind: 'inspected', inspection: { concerned: [WORKFLOW] } });
    expect(
      await pool.inspect(taskOf('include: a.yml\n', '.gitlab-ci.yml'), AbortSignal.timeout(20_000)),
    ).toMatchObject({
      kind: 'incomplete',
    });
  }, 30_000);

  it('are ended when one does not come back in its time, and the next one works', async () => {
    const pool = threads({ workerUrl: hanging });
    await expect(pool.inspect(taskOf(), AbortSignal.timeout(200))).rejects.toMatchObject({
      code: 'inspection_too_slow',
    });
    await expect(pool.inspect(taskOf(), AbortSignal.timeout(200))).rejects.toMatchObject({
      code: 'inspection_too_slow',
    });
  });

  it('end with what kills them, and not the process', async () => {
    const pool = threads({ workerUrl: dying });
    for (let round = 0; round < 2; round += 1) {
      await expect(pool.inspect(taskOf(), AbortSignal.timeout(20_000))).rejects.toMatchObject({
        code: 'inspection_failed',
      });
    }
  });

  it('let only so many wait', async () => {
    const pool = threads({ workerUrl: hanging });
    const signal = AbortSignal.timeout(500);
    const asked = Array.from({ length: 5 }, () =>
      pool.inspect(taskOf(), signal).catch((error: unknown) => error),
    );
    const codes = (await Promise.all(asked)).map((error) =>
      error instanceof Error && 'code' in error ? error.code : error,
    );
    expect(codes.filter((code) => code === 'inspection_overloaded')).toHaveLength(2);
    expect(codes.filter((code) => code === 'inspection_too_slow')).toHaveLength(3);
  });

  it('reject what waits when they are closed', async () => {
    const pool = threads({ workerUrl: hanging });
    const asked = [0, 1].map(() =>
      pool.inspect(taskOf(), AbortSignal.timeout(60_000)).catch((error: unknown) => error),
    );
    await pool.close();
    expect(await Promise.all(asked)).toMatchObject([
      { code: 'inspection_failed' },
      { code: 'inspection_failed' },
    ]);
  });
});
