import { Pool } from 'undici';

export interface LoadResult {
  answered: number;
  failed: number;
  seconds: number;
  latenciesMs: number[];
}

function bodyOf(token: string): string {
  return `grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Atoken-exchange&subject_token=${token}&subject_token_type=urn%3Aietf%3Aparams%3Aoauth%3Atoken-type%3Ajwt&audience=bench-token`;
}

async function exchange(pool: Pool, token: string): Promise<boolean> {
  const answer = await pool.request({
    path: '/oauth2/token',
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: bodyOf(token),
  });
  await answer.body.dump();
  return answer.statusCode === 200;
}

/** Each of `connections` sends the next request when its answer is there, until the tokens are used up. */
export async function runClosedLoop(
  url: string,
  tokens: Iterable<string>,
  connections: number,
): Promise<LoadResult> {
  const pool = new Pool(url, { connections, pipelining: 1 });
  const iterator = tokens[Symbol.iterator]();
  const result: LoadResult = { answered: 0, failed: 0, seconds: 0, latenciesMs: [] };
  const startMs = performance.now();
  const worker = async (): Promise<void> => {
    for (let next = iterator.next(); next.done !== true; next = iterator.next()) {
      const sentMs = performance.now();
      if (await exchange(pool, next.value)) result.answered += 1;
      else result.failed += 1;
      result.latenciesMs.push(performance.now() - sentMs);
    }
  };
  await Promise.all(Array.from({ length: connections }, worker));
  result.seconds = (performance.now() - startMs) / 1_000;
  await pool.close();
  return result;
}

/** Sends `perSecond` requests whether or not the answers are there; latency counts from the planned time. */
export async function runFixedRate(
  url: string,
  tokens: readonly string[],
  perSecond: number,
): Promise<LoadResult> {
  const pool = new Pool(url, { connections: 64, pipelining: 1 });
  const result: LoadResult = { answered: 0, failed: 0, seconds: 0, latenciesMs: [] };
  const startMs = performance.now();
  const pending: Promise<void>[] = [];
  let sent = 0;
  while (sent < tokens.length) {
    const dueMs = startMs + (sent / perSecond) * 1_000;
    if (performance.now() < dueMs) {
      await new Promise((resolve) => setTimeout(resolve, 1));
      continue;
    }
    const token = tokens[sent] ?? '';
    sent += 1;
    pending.push(
      (async () => {
        if (await exchange(pool, token)) result.answered += 1;
        else result.failed += 1;
        result.latenciesMs.push(performance.now() - dueMs);
      })(),
    );
  }
  await Promise.all(pending);
  result.seconds = (performance.now() - startMs) / 1_000;
  await pool.close();
  return result;
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
