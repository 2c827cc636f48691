import { execFileSync } from 'node:child_process';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createJsonLogger } from '#core/log.ts';
import { createFeedFile } from './feed-file.ts';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'vouchgate-feed-'));
  file = path.join(folder, 'feed');
});
afterEach(() => rm(folder, { recursive: true }));

function watch() {
  const lines: string[] = [];
  let reads = 0;
  const feed = createFeedFile({
    title: 'KEV',
    parse(bytes) {
      reads += 1;
      if (bytes.includes('bad')) throw new TypeError('it is bad');
      return bytes.toString('utf8');
    },
    log: createJsonLogger({ level: 'debug', now: () => 0, write: (line) => lines.push(line) }),
  });
  return { feed, lines, reads: () => reads };
}

/** Another file under the same name, as those who renew a feed do it. */
async function put(text: string): Promise<void> {
  await writeFile(`${file}.new`, text);
  await rename(`${file}.new`, file);
}

describe('the file of a feed', () => {
  it('is read once, and again when it changes', async () => {
    const { feed, reads } = watch();
    await put('one');
    await feed.refresh(file);
    await feed.refresh(file);
    expect([feed.content(), reads()]).toEqual(['one', 1]);
    await put('other');
    await feed.refresh(file);
    expect([feed.content(), feed.warning()]).toEqual(['other', undefined]);
  });

  it('that is broken leaves in force what was read before, with one line in the log', async () => {
    const { feed, lines, reads } = watch();
    await put('one');
    await feed.refresh(file);
    await put('bad');
    await feed.refresh(file);
    await feed.refresh(file);
    expect(feed.content()).toBe('one');
    expect(feed.warning()).toBe('the KEV feed cannot be read, what was read before counts: it is bad');
    expect([lines.length, reads()]).toEqual([1, 2]);
    expect(lines[0]).toContain('findings.feed_failed');
    await put('mended');
    await feed.refresh(file);
    expect([feed.content(), feed.warning()]).toEqual(['mended', undefined]);
  });

  it('that was gone for a while counts again, although it is the same', async () => {
    const { feed } = watch();
    await put('one');
    await feed.refresh(file);
    await rename(file, `${file}.away`);
    await feed.refresh(file);
    expect(feed.warning()).toContain('ENOENT');
    await rename(`${file}.away`, file);
    await feed.refresh(file);
    expect([feed.content(), feed.warning()]).toEqual(['one', undefined]);
  });

  it('that never was there says that nothing of it counts, once in the log', async () => {
    const { feed, lines } = watch();
    await feed.refresh(file);
    await feed.refresh(file);
    expect(feed.content()).toBeUndefined();
    expect(feed.warning()).toContain('nothing of it counts: ENOENT');
    expect(lines).toHaveLength(1);
  });

  it('is a plain file: a folder or a pipe is neither read nor waited for', async () => {
    const { feed, reads } = watch();
    await feed.refresh(folder);
    expect(feed.warning()).toContain('not a plain file');
    execFileSync('mkfifo', [file]);
    await feed.refresh(file);
    expect(feed.warning()).toContain('not a plain file');
    expect(reads()).toBe(0);
  });

  it('that is no longer configured is forgotten', async () => {
    const { feed } = watch();
    await put('one');
    await feed.refresh(file);
    await feed.refresh(undefined);
    expect([feed.content(), feed.warning()]).toEqual([undefined, undefined]);
  });
});
