import { describe, expect, test } from 'vitest';
import { ask, createWorld, deny, type World } from '#broker/testing/world.ts';
import type { BoundedRequest } from '#core/bounded-fetch.ts';
import { silentLogger } from '#core/log.ts';
import { Secret } from '#core/secret.ts';
import { createTelemetry, type Telemetry } from './create-telemetry.ts';

interface SentSpan {
  name: string;
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  attributes: { key: string; value: { stringValue?: string } }[];
}

const PARENT = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;

async function open(world: World, wanted: { traces?: boolean; metrics?: boolean }) {
  const requests: { url: string; request: BoundedRequest }[] = [];
  const telemetry = await createTelemetry({
    section: {
      metrics: wanted.metrics === true ? { access: 'loopback' } : undefined,
      traces:
        wanted.traces === true
          ? {
              endpoint: 'https://collector.example/v1/traces',
              headers: { 'x-key': { env: 'KEY' } },
              sampleRatio: 1,
              propagateTo: ['vault.example'],
            }
          : undefined,
    },
    fetch: async (url, request) => {
      requests.push({ url, request });
      return { status: 200, headers: {}, body: '{}' };
    },
    resolveSecret: async () => new Secret('collector-key'),
    version: '1.2.3',
    clock: world.clock,
    log: silentLogger,
  });
  world.instruments = telemetry;
  return { telemetry, requests };
}

async function sentSpans(
  telemetry: Telemetry,
  requests: { request: BoundedRequest }[],
): Promise<{ text: string; spans: SentSpan[] }> {
  await telemetry.exporter?.flush();
  const text = String(requests.at(-1)?.request.body);
  const { resourceSpans }: { resourceSpans: { scopeSpans: { spans: SentSpan[] }[] }[] } = JSON.parse(text);
  return { text, spans: resourceSpans[0]?.scopeSpans[0]?.spans ?? [] };
}

function figure(telemetry: Telemetry, name: string): string[] {
  const lines = telemetry.metrics.expose().split('\n');
  return lines.filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
}

describe('figures', () => {
  test('count exchanges by outcome and reason, and calls by kind', async () => {
    const world = createWorld();
    const { telemetry } = await open(world, { metrics: true });
    const { broker } = world.server();
    await broker.exchange(ask({}));
    await broker.exchange(ask({ target: { name: 'registry' }, token: 'job-7' }));
    await broker.exchange(ask({ token: 'nonsense' }));
    world.decide = () => deny('no_permit');
    await broker.exchange(ask({ token: 'job-8' }));
    expect(figure(telemetry, 'vouchgate_exchanges_total').toSorted()).toEqual([
      'vouchgate_exchanges_total{outcome="denied",reason="no_permit"} 1',
      'vouchgate_exchanges_total{outcome="denied",reason="token_malformed"} 1',
      'vouchgate_exchanges_total{outcome="issued",reason="none"} 2',
    ]);
    expect(figure(telemetry, 'vouchgate_token_verifications_total')).toEqual([
      'vouchgate_token_verifications_total{result="accepted"} 3',
      'vouchgate_token_verifications_total{result="refused"} 1',
    ]);
    expect(figure(telemetry, 'vouchgate_policy_evaluations_total')).toEqual([
      'vouchgate_policy_evaluations_total{outcome="allow"} 2',
      'vouchgate_policy_evaluations_total{outcome="deny"} 1',
    ]);
    expect(figure(telemetry, 'vouchgate_credential_calls_total')).toHaveLength(2);
    expect(figure(telemetry, 'vouchgate_exchange_duration_seconds_count')).toEqual([
      'vouchgate_exchange_duration_seconds_count{outcome="issued"} 2',
      'vouchgate_exchange_duration_seconds_count{outcome="denied"} 2',
    ]);
  });

  test('count what a back-end refuses, and how leases end', async () => {
    const world = createWorld();
    const { telemetry } = await open(world, { metrics: true });
    const server = world.server();
    await server.broker.exchange(ask({}));
    world.clock.advance(3_600_000);
    await server.sweep();
    expect(figure(telemetry, 'vouchgate_lease_transitions_total')).toEqual(
      expect.arrayContaining([
        'vouchgate_lease_transitions_total{state="active"} 1',
        'vouchgate_lease_transitions_total{state="expired"} 1',
      ]),
    );
    expect(figure(telemetry, 'vouchgate_credential_calls_total').join('\n')).toContain(
      'operation="revoke",outcome="ok"} 1',
    );
  });

  test('never hold a repository, a principal or a resource', async () => {
    const world = createWorld();
    const { telemetry } = await open(world, { metrics: true });
    await world.server().broker.exchange(ask({}));
    expect(telemetry.metrics.expose()).not.toMatch(/acme|repo:|shop-db/);
  });
});

describe('a trace of an exchange', () => {
  test('goes on with the caller’s trace, through every step', async () => {
    const world = createWorld();
    const { telemetry, requests } = await open(world, { traces: true });
    await world.server().broker.exchange({ ...ask({ target: { name: 'registry' } }), traceparent: PARENT });
    const { spans } = await sentSpans(telemetry, requests);
    expect(spans.map(({ name }) => name)).toEqual([
      'verify',
      'policy',
      'credential.issue',
      'replay_and_record',
      'exchange',
    ]);
    const root = spans.at(-1);
    expect(new Set(spans.map(({ traceId }) => traceId))).toEqual(new Set(['a'.repeat(32)]));
    expect(root?.parentSpanId).toBe('b'.repeat(16));
    expect(spans.slice(0, -1).every(({ parentSpanId }) => parentSpanId === root?.spanId)).toBe(true);
  });

  test('asks for posture, issues from a back-end, and records a denial', async () => {
    const world = createWorld();
    const { telemetry, requests } = await open(world, { traces: true });
    world.posture = () => ({ known: false, reason: 'none', retryable: false });
    await world.server().broker.exchange(ask({}));
    world.decide = () => deny('no_permit');
    await world.server().broker.exchange(ask({ token: 'job-9' }));
    const { spans } = await sentSpans(telemetry, requests);
    const names = spans.map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining([
        'posture',
        'replay_and_record',
        'credential.issue',
        'lease_transition',
        'record',
      ]),
    );
    expect(names.indexOf('replay_and_record')).toBeLessThan(names.indexOf('credential.issue'));
  });

  test('holds no secret and nobody’s name', async () => {
    const world = createWorld();
    const { telemetry, requests } = await open(world, { traces: true });
    await world.server().broker.exchange(ask({}));
    const { text } = await sentSpans(telemetry, requests);
    expect(text).not.toMatch(/acme|repo:|shop-db|job-|secret/);
    expect(text).not.toContain('collector-key');
    expect(requests[0]?.request.headers).toMatchObject({ 'x-key': 'collector-key' });
  });

  test('goes along to the hosts that are told of it, and to no other', async () => {
    const world = createWorld();
    const { telemetry } = await open(world, { traces: true });
    const seen: [string, string | undefined][] = [];
    const fetch = telemetry.propagate(async (url, request) => {
      seen.push([url, request.headers?.['traceparent']]);
      return { status: 200, headers: {}, body: '' };
    });
    const request = { bodyBytesMax: 1, timeoutMs: 1 };
    world.decide = () => deny('no_permit');
    const { broker } = world.server();
    const asked = telemetry.aroundBroker({
      ...broker,
      exchange: async (given) => {
        await fetch('https://vault.example/v1/x', request);
        await fetch('https://elsewhere.example/', request);
        return broker.exchange(given);
      },
    });
    await asked.exchange({ ...ask({}), traceparent: PARENT });
    await fetch('https://vault.example/outside', request);
    expect(seen[0]?.[1]).toMatch(/^00-a{32}-[0-9a-f]{16}-01$/);
    expect(seen.slice(1).map(([, traceparent]) => traceparent)).toEqual([undefined, undefined]);
  });
});

test('where both are off, nothing stands around the broker', async () => {
  const world = createWorld();
  const { telemetry } = await open(world, {});
  const parts = {
    runtimes: { current: () => undefined, status: () => ({}) as never },
    store: world.storage.broker,
    events: world.storage.events,
  };
  expect(telemetry.around(parts)).toBe(parts);
  const { broker } = world.server();
  expect(telemetry.aroundBroker(broker)).toBe(broker);
  expect(telemetry.exporter).toBeUndefined();
});
