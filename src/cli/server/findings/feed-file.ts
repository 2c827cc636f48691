import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { messageOf } from '#core/errors.ts';
import type { Logger } from '#core/log.ts';

/** CISA's catalogue has 2 MB, FIRST's unpacked scores 10 MB. */
const FILE_BYTES_MAX = 64_000_000;

export interface FeedFileOptions<Content> {
  /** For people: `EPSS`. */
  readonly title: string;
  readonly parse: (bytes: Buffer) => Promise<Content> | Content;
  readonly log: Logger;
}

export interface FeedFile<Content> {
  /** Reads the file if it is another one than last time; never rejects. */
  refresh(file: string | undefined): Promise<void>;
  content(): Content | undefined;
  /** What is wrong with it; undefined when nothing is. */
  warning(): string | undefined;
}

/** Nothing but a plain file: a pipe or a device would never end. */
async function readBounded(handle: FileHandle): Promise<Buffer> {
  const stats = await handle.stat();
  if (!stats.isFile()) throw new TypeError('it is not a plain file');
  if (stats.size > FILE_BYTES_MAX) throw new TypeError(`it has more than ${FILE_BYTES_MAX} bytes`);
  return handle.readFile();
}

/**
 * A file that somebody keeps up to date. What was read last stays in force while the file is broken, with a warning:
 * a feed that fails must never look like one that knows of nothing.
 */
class WatchedFeed<Content> implements FeedFile<Content> {
  readonly #options: FeedFileOptions<Content>;
  #mark: string | undefined;
  #content: Content | undefined;
  #warning: string | undefined;

  constructor(options: FeedFileOptions<Content>) {
    this.#options = options;
  }

  async refresh(file: string | undefined): Promise<void> {
    if (file !== undefined) return this.#read(file);
    this.#mark = undefined;
    this.#content = undefined;
    this.#warning = undefined;
  }

  content(): Content | undefined {
    return this.#content;
  }

  warning(): string | undefined {
    return this.#warning;
  }

  async #read(file: string): Promise<void> {
    try {
      await this.#readIfChanged(file);
    } catch (error) {
      this.#warn(messageOf(error));
    }
  }

  async #readIfChanged(file: string): Promise<void> {
    const before = this.#mark;
    // What cannot be opened or read may be there again, unchanged, at the next look; what is no feed stays none.
    this.#mark = undefined;
    const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const { ino, size, mtimeMs } = await handle.stat();
      const mark = `${file} ${ino} ${size} ${mtimeMs}`;
      const bytes = mark === before ? undefined : await readBounded(handle);
      this.#mark = mark;
      if (bytes === undefined) return;
      this.#content = await this.#options.parse(bytes);
      this.#warning = undefined;
    } finally {
      await handle.close();
    }
  }

  #warn(reason: string): void {
    const { title, log } = this.#options;
    const instead = this.#content === undefined ? 'nothing of it counts' : 'what was read before counts';
    const warning = `the ${title} feed cannot be read, ${instead}: ${reason}`;
    if (warning !== this.#warning) log.warn('findings.feed_failed', { feed: title, error: reason });
    this.#warning = warning;
  }
}

export function createFeedFile<Content>(options: FeedFileOptions<Content>): FeedFile<Content> {
  return new WatchedFeed(options);
}
