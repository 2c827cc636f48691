import { CopyError } from '../copy-error.ts';
import { exchange, parseAnswer, troubleOf } from '../http-answer.ts';
import type { CopyRange, SinkContext } from '../sink.ts';
import type { SplunkSettings } from './settings.ts';

const WINDOW = 2_000;
const ANSWER_BYTES_MAX = 256_000_000;
const TIMEOUT_MS = 300_000;

/** Words of the configuration are checked to hold no quote; numbers are numbers: nothing can end the search early. */
function searchOf({ index, sourcetype }: SplunkSettings, condition: string): string {
  const where = `index="${index ?? '*'}" sourcetype="${sourcetype}"`;
  return `search ${where} ${condition} | fields _raw`;
}

/** `search/v2/jobs/export`, window after window by the place in the log. */
export async function* readCopy(
  settings: SplunkSettings,
  context: SinkContext,
  { from, until }: CopyRange,
): AsyncGenerator {
  const { search } = settings;
  if (search === undefined) {
    throw new CopyError('copy_unreadable', 'the sink has no `search` to read its copy with', {
      remedy: 'Add it to the configuration, or export the events and give them with --file.',
    });
  }
  const token = await context.resolveSecret(search.token);
  const run = async (condition: string): Promise<readonly string[]> => {
    const done = await exchange(context.fetch, `${search.url}/services/search/v2/jobs/export`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token.reveal()}`,
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: new URLSearchParams({
        search: searchOf(settings, condition),
        output_mode: 'json',
        earliest_time: '0',
        preview: 'false',
      }).toString(),
      bodyBytesMax: ANSWER_BYTES_MAX,
      timeoutMs: TIMEOUT_MS,
    });
    const trouble = 'trouble' in done ? done.trouble : troubleOf(done.answer, context.clock, [token]);
    if (trouble !== undefined) throw new CopyError('copy_unreadable', trouble.message);
    const lines = 'answer' in done ? done.answer.body.split('\n') : [];
    return lines.filter((line) => line.trim() !== '');
  };
  for (let at = from; at < until; at += WINDOW) {
    const end = Math.min(until, at + WINDOW);
    yield* results(await run(`vouchgate_index>=${at} vouchgate_index<${end}`));
  }
  yield* results(await run(`NOT (vouchgate_index>=0 vouchgate_index<${until})`));
}

/** One object a line: rows, and what the search has to say. A search that failed half-way must not look complete. */
function* results(lines: readonly string[]): Generator {
  for (const line of lines) {
    const row = parseAnswer(line);
    const messages: unknown = row?.['messages'];
    const wrong =
      Array.isArray(messages) &&
      messages.some((message) => /^(?:ERROR|FATAL)$/i.test(String(Reflect.get(Object(message), 'type'))));
    if (row === undefined || wrong)
      throw new CopyError('copy_unreadable', 'the search did not come to its end');
    if (row['result'] !== undefined) yield row;
  }
}
