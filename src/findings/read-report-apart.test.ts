import { describe, expect, it } from 'vitest';
import { createReportReader } from './read-report-apart.ts';

const sarif = (results: number) =>
  Buffer.from(
    JSON.stringify({
      version: '2.1.0',
      runs: [
        {
          tool: { driver: { name: 'AcmeScan' } },
          results: Array.from({ length: results }, (_, index) => ({
            ruleId: 'r',
            message: { text: `finding ${index} of many, with some words so that it takes memory` },
          })),
        },
      ],
    }),
  );

describe('a report in a thread of its own', () => {
  it('comes back as it is read, several at a time', async () => {
    const read = createReportReader({ parallel: 1 });
    const reports = await Promise.all([1, 2, 3].map((count) => read('a.sarif', sarif(count), undefined)));
    expect(reports.map(({ report }) => report.findings.length)).toEqual([1, 2, 3]);
  });

  it('is refused with the words of whoever refused it', async () => {
    const read = createReportReader();
    await expect(read('a.txt', Buffer.from('nothing'), undefined)).rejects.toMatchObject({
      code: 'report_unknown',
      remedy: expect.stringContaining('--as'),
    });
    await expect(read('a.sarif', sarif(1), 'sariff')).rejects.toMatchObject({ code: 'report_unknown' });
  });

  it('costs bounded time and memory, and the next one is read all the same', async () => {
    const slow = createReportReader({ timeoutMs: 1, parallel: 1 });
    await expect(slow('a.sarif', sarif(1), undefined)).rejects.toMatchObject({ code: 'report_too_large' });
    const small = createReportReader({ memoryMegabytesMax: 28, parallel: 1 });
    await expect(small('a.sarif', sarif(50_000), undefined)).rejects.toMatchObject({
      code: 'report_too_large',
    });
    const read = createReportReader({ parallel: 1 });
    expect((await read('a.sarif', sarif(1), undefined)).report.findings).toHaveLength(1);
  });
});
