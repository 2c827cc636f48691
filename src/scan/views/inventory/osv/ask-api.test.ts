import { afterEach, beforeEach, expect, it } from 'vitest';
import { createBoundedFetch } from '#core/bounded-fetch.ts';
import { silentLogger } from '#core/log.ts';
import { FakeOsv } from '../testing/fake-osv.ts';
import { askOsv, type OsvAnswer } from './ask-api.ts';

const about = (id: string) => ({
  id,
  summary: 'a hole',
  affected: [{ package: { ecosystem: 'npm', name: 'thing' }, versions: ['1.0.0'] }],
});
const thing = { ecosystem: 'npm', name: 'thing' };

let server: FakeOsv;
let waited: number[];
let nowMs: number;
let bounded: ReturnType<typeof createBoundedFetch>;
beforeEach(async () => {
  server = new FakeOsv();
  await server.start();
  waited = [];
  nowMs = 1_000;
  bounded = createBoundedFetch({
    clock: { nowMs: () => nowMs },
    log: silentLogger,
    trust: { allowPrivateHosts: [server.host] },
  });
});
afterEach(async () => {
  await bounded.close();
  await server.stop();
});

const ask = (packages = [thing], url = server.url): Promise<OsvAnswer> =>
  askOsv(url, packages, {
    fetch: bounded.fetch,
    clock: { nowMs: () => nowMs },
    sleep: async (durationMs) => {
      waited.push(durationMs);
      nowMs += durationMs;
    },
  });

it('asks for names in batches of a thousand, then for each advisory once', async () => {
  server.advisories.set('npm thing', [about('GHSA-a'), about('GHSA-b')]);
  server.advisories.set('npm p7', [about('GHSA-a')]);
  const others = Array.from({ length: 2_100 }, (_, index) => ({ ecosystem: 'npm', name: `p${index}` }));
  const { advisories, packages, missing, unreadable } = await ask([thing, ...others]);
  expect(server.batches).toEqual([1_000, 1_000, 101]);
  expect(advisories.map(({ id }) => id)).toEqual(['GHSA-a', 'GHSA-b']);
  expect({ packages, missing, unreadable }).toEqual({ packages: 2_101, missing: undefined, unreadable: 0 });
  expect(server.asked.filter((each) => each.startsWith('GET'))).toHaveLength(2);
});

it('turns the pages, for the packages alone that have more', async () => {
  server.pageSize = 2;
  server.advisories.set('npm thing', ['GHSA-a', 'GHSA-b', 'GHSA-c', 'GHSA-d', 'GHSA-e'].map(about));
  server.advisories.set('npm other', [about('GHSA-f')]);
  const { advisories, missing } = await ask([thing, { ecosystem: 'npm', name: 'other' }]);
  expect(advisories).toHaveLength(6);
  expect(missing).toBeUndefined();
  expect(server.batches).toEqual([2, 1, 1]);
});

it('asks again after an error of the server and as late as it says, and then gives up in words', async () => {
  server.advisories.set('npm thing', [about('GHSA-a')]);
  server.first.push({ status: 503 }, { status: 429, headers: { 'retry-after': '7' } });
  expect((await ask()).advisories).toHaveLength(1);
  expect(waited).toEqual([1_000, 14_000]);
  server.first.push({ status: 500 }, { status: 500 }, { status: 500 });
  expect(await ask()).toMatchObject({ advisories: [], missing: 'no usable answer in 3 attempts' });
});

it('is no “nothing known” when nobody is there', async () => {
  const { url } = server;
  await server.stop();
  const answer = await ask([thing], url);
  expect(answer.advisories).toEqual([]);
  expect(answer.missing).toBe('no usable answer in 3 attempts');
  await server.start();
});

it.each([
  [{ status: 400, body: '{}' }, 'it answered 400 to the list of packages'],
  [{ status: 200, body: '<html>' }, 'its answer is not what the interface describes'],
  [{ status: 200, body: '{"results": []}' }, 'its answer is not what the interface describes'],
  [
    { status: 200, body: '{"results": [{"vulns": [{"id": 3}]}]}' },
    'its answer is not what the interface describes',
  ],
  [
    { status: 302, headers: { location: 'http://169.254.169.254/' } },
    'fetch_redirect_forbidden: It answered 302, a redirect.',
  ],
])('takes no other answer: %j', async (planned, missing) => {
  server.first.push(planned);
  expect(await ask()).toMatchObject({ advisories: [], missing });
  expect(waited).toEqual([]);
});

it('keeps what it learnt before the answers ended', async () => {
  server.advisories.set('npm thing', ['GHSA-a', 'GHSA-b', 'GHSA-c'].map(about));
  const listed = await ask();
  expect(listed.missing).toBeUndefined();
  const { fetch } = bounded;
  const failing = await askOsv(server.url, [thing], {
    fetch: (url, request) =>
      url.endsWith('GHSA-b') ? fetch(`${server.url}/v2`, request) : fetch(url, request),
    clock: { nowMs: () => nowMs },
    sleep: async () => {},
  });
  // A path that is not there is an advisory that is not there.
  expect(failing.advisories.map(({ id }) => id)).toEqual(['GHSA-a', 'GHSA-c']);
  expect(failing.unreadable).toBe(1);
});

it('asks no address that an id makes up, and takes no advisory under another name', async () => {
  const hostile = '../../admin';
  server.advisories.set('npm thing', [about(hostile), about('..'), about('GHSA-a')]);
  const { advisories } = await ask();
  expect(advisories.map(({ id }) => id)).toEqual(['GHSA-a']);
  expect(server.asked.filter((each) => each.startsWith('GET'))).toEqual(['GET /v1/vulns/GHSA-a']);
  server.first.push({ status: 200, body: '{"results":[{"vulns":[{"id":"GHSA-x"}]}]}' });
  server.first.push({ status: 200, body: JSON.stringify(about('GHSA-y')) });
  expect(await ask()).toMatchObject({ advisories: [], unreadable: 1 });
});

it('ends in time, however slow the answers are', async () => {
  server.advisories.set(
    'npm thing',
    Array.from({ length: 40 }, (_, index) => about(`GHSA-${index}`)),
  );
  const { fetch } = bounded;
  const answer = await askOsv(server.url, [thing], {
    fetch: async (url, request) => {
      nowMs += 60_000;
      return await fetch(url, request);
    },
    clock: { nowMs: () => nowMs },
    sleep: async () => {},
  });
  expect(answer.missing).toBe('it took more than 10 minutes');
  expect(answer.advisories.length).toBeLessThan(40);
});
