import { afterEach, describe, expect, it } from 'vitest';
import { silentLogger } from '#core/log.ts';
import { DEFINITIONS_SCHEMA } from './definition-upload.ts';
import { createUploadInspector, type InspectionTask, type UploadInspector } from './inspect-apart.ts';
import { SAMPLE_FILES, SAMPLE_MS } from './testing/sample-inspection.ts';

const program = (text: string) =>
  new URL(
    `data:text/javascript,${encodeURIComponent(`import { parentPort } from 'node:worker_threads'; parentPort.on('message', () => { ${text} });`)}`,
  );

let open: UploadInspector | undefined;
afterEach(async () => open?.close());

function inspector(change: Partial<Parameters<typeof createUploadInspector>[0]> = {}): UploadInspector {
  open = createUploadInspector({ log: silentLogger, ...change });
  return open;
}

function taskOf(body: string): InspectionTask {
  const bytes = Buffer.from(body);
  return { repository: 'acme/shop', branch: 'main', bytes, asOfMs: SAMPLE_MS, toolVersion: '0.0.0' };
}

const sample = JSON.stringify({ schema: DEFINITIONS_SCHEMA, files: SAMPLE_FILES });

describe('an inspection beside the main thread', () => {
  it('gives what was found, and takes the next one', async () => {
    const threads = inspector();
    const inspect = (task: InspectionTask) => threads.inspect(task);
    const both = await Promise.all([inspect(taskOf(sample)), inspect(taskOf(sample))]);
    for (const { inspected, report } of both) {
      expect(inspected.attackPaths).toHaveLength(1);
      expect(report.findings.length).toBeGreaterThan(0);
    }
    await expect(inspect(taskOf('{'))).rejects.toMatchObject({ code: 'definitions_invalid' });
    expect((await inspect(taskOf(sample))).inspected.pipelines).toHaveLength(2);
  }, 30_000);

  it('is ended when it takes too long, or dies', async () => {
    const slow = inspector({ workerUrl: program('for (;;) {}'), timeoutMs: 200 });
    await expect(slow.inspect(taskOf(sample))).rejects.toMatchObject({ code: 'definitions_too_large' });
    await slow.close();
    const dying = inspector({ workerUrl: program("throw new Error('no');") });
    await expect(dying.inspect(taskOf(sample))).rejects.toMatchObject({ code: 'definitions_too_large' });
  });
});
