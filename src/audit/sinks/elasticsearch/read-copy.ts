import { exchange, parseAnswer, troubleOf } from '../http-answer.ts';
import { CopyError } from '../copy-error.ts';
import type { CopyRange, SinkContext } from '../sink.ts';
import { authorize } from './authorize.ts';
import type { ElasticsearchSettings } from './settings.ts';

/** `index.max_result_window` of both products. */
const HITS_MAX = 10_000;
const WINDOW = 1_000;
const ANSWER_BYTES_MAX = 256_000_000;
const PLACE = 'vouchgate.index';
const PLACE_OCSF = 'unmapped.vouchgate.index';

function inRange(from: number, until: number): object {
  const range = { gte: from, lt: until };
  return {
    bool: {
      should: [{ range: { [PLACE]: range } }, { range: { [PLACE_OCSF]: range } }],
      minimum_should_match: 1,
    },
  };
}

/** Documents without a place, or with one that the log does not have. */
function outOfRange(until: number): object {
  return { bool: { must_not: [inRange(0, until)] } };
}

function tooLarge(): never {
  throw new CopyError('copy_unreadable', 'there are too many documents at one place to read them');
}

/** Reads window after window by the place in the log: no cursor, no scroll, the same for both products. */
export async function* readCopy(
  settings: ElasticsearchSettings,
  context: SinkContext,
  { from, until }: CopyRange,
): AsyncGenerator {
  const { headers, secrets } = await authorize(settings, context);
  /** Undefined when the answer is too large to be read at once. */
  const search = async (query: object): Promise<readonly unknown[] | undefined> => {
    const body = JSON.stringify({ query, size: HITS_MAX, track_total_hits: false });
    const done = await exchange(context.fetch, `${settings.url}/${settings.dataStream}/_search`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body,
      bodyBytesMax: ANSWER_BYTES_MAX,
      timeoutMs: 120_000,
    });
    if ('trouble' in done && done.trouble.code === 'fetch_too_large') return undefined;
    const trouble = 'trouble' in done ? done.trouble : troubleOf(done.answer, context.clock, secrets);
    if (trouble !== undefined) throw new CopyError('copy_unreadable', trouble.message);
    const answer = 'answer' in done ? parseAnswer(done.answer.body) : undefined;
    const hits: unknown = Reflect.get(Object(answer?.['hits']), 'hits');
    // A search that timed out or lost a shard shows less than there is: that would look like a deletion.
    const failedShards: unknown = Reflect.get(Object(answer?.['_shards']), 'failed');
    if (!Array.isArray(hits) || answer?.['timed_out'] === true || failedShards !== 0)
      throw new CopyError('copy_unreadable', 'the search did not see all shards');
    return hits;
  };
  // What was sent a moment ago is not searchable yet, and would look deleted. Who may only read may not do this.
  await exchange(context.fetch, `${settings.url}/${settings.dataStream}/_refresh`, {
    method: 'POST',
    headers,
  });
  let width = WINDOW;
  for (let at = from; at < until; ) {
    const hits = await search(inRange(at, Math.min(until, at + width)));
    if ((hits === undefined || hits.length >= HITS_MAX) && width > 1) {
      width = Math.ceil(width / 10);
      continue;
    }
    yield* hits ?? tooLarge();
    at += width;
  }
  yield* (await search(outOfRange(until))) ?? tooLarge();
}
