import { generateKeyPairSync } from 'node:crypto';
import { afterEach, describe, expect, test } from 'vitest';
import { createNoteSigner } from '#audit/log/note-key.ts';
import { formatSignedNote, signNote } from '#audit/log/signed-note.ts';
import type { SinkOverview } from '#audit/outbox/sink-overview.ts';
import type { AuditEvent } from '#audit/event.ts';
import { metricCatalogue } from '#core/telemetry/metric-catalogue.ts';
import { createMetrics } from '#core/telemetry/metric-registry.ts';
import { createRecordingLogger } from '#credentials/credential-provider.fakes.ts';
import { openMemoryStorage } from '#storage/memory/open-memory-storage.ts';
import { createFigureCollector, witnessedAtSeconds } from './collect-figures.ts';

const START_MS = 1_767_225_600_000;
const HASH = Buffer.alloc(32).toString('base64');

function sink(name: string, overrides: Partial<SinkOverview> = {}): SinkOverview {
  return {
    name,
    type: 'file',
    state: 'sending',
    firstIndex: 0,
    nextIndex: 5,
    behind: 3,
    oldestUnsentAgeSeconds: 12,
    parked: 1,
    failures: 0,
    nextAttemptAtMs: undefined,
    lastSuccessAtMs: undefined,
    lastError: undefined,
    ...overrides,
  };
}

function event(timeMs: number): AuditEvent {
  return { id: 'evt', timeMs, type: 'server.started', actor: { kind: 'server', id: 's' }, body: {} };
}

function witnessed(atMs: number): string {
  const { privateKey } = generateKeyPairSync('ed25519');
  const log = createNoteSigner('log.example', 'ed25519', privateKey);
  const witness = createNoteSigner('witness.example', 'ed25519-cosignature', privateKey);
  return formatSignedNote(signNote(`log.example\n7\n${HASH}\n`, [log, witness], atMs));
}

let close: (() => void) | undefined;
afterEach(() => close?.());

function start(sinks: () => Promise<readonly SinkOverview[]> = async () => []) {
  const storage = openMemoryStorage();
  const metrics = createMetrics(metricCatalogue);
  const time = { nowMs: START_MS };
  const log = createRecordingLogger();
  const collector = createFigureCollector({
    metrics,
    storage,
    sinks,
    runtimes: {
      status: () => ({
        inForce: undefined,
        refused: undefined,
        resources: [],
        identityProviders: [],
        policies: [],
        posture: undefined,
        inputs: [],
        telemetry: { metrics: false, traces: false },
      }),
    },
    version: '1.2.3',
    clock: { nowMs: () => time.nowMs },
    log,
  });
  close = () => collector.close();
  const figures = async (name: string) => {
    await collector.collect();
    return metrics
      .expose()
      .split('\n')
      .filter((line) => line.startsWith(name));
  };
  return { storage, figures, time, log };
}

describe('figures that are read', () => {
  test('say how far the log is behind the record, and since when nobody has witnessed it', async () => {
    const { storage, figures, time } = start();
    expect(await figures('vouchgate_log_seconds')).toEqual(['vouchgate_log_seconds_behind 0']);
    await storage.events.append([event(START_MS - 4_000), event(START_MS - 1_000)]);
    await storage.log.keepWitnessed(witnessed(START_MS - 90_000), 7);
    time.nowMs += 5_000;
    expect(await figures('vouchgate_log')).toEqual([
      'vouchgate_log_size_entries 0',
      'vouchgate_log_seconds_behind 9',
      'vouchgate_log_witnessed_size_entries 7',
      'vouchgate_log_seconds_since_witnessed 95',
    ]);
  });

  test('know the time of a cosignature, and none of a signature of the log alone', () => {
    expect(witnessedAtSeconds(witnessed(START_MS))).toBe(START_MS / 1_000);
    const log = createNoteSigner('log.example', 'ed25519', generateKeyPairSync('ed25519').privateKey);
    const alone = formatSignedNote(signNote(`log.example\n7\n${HASH}\n`, [log], START_MS));
    expect(witnessedAtSeconds(alone)).toBeUndefined();
    expect(witnessedAtSeconds('nonsense')).toBeUndefined();
  });

  test('show each sink of the configuration, and drop one that is gone', async () => {
    let sinks = [sink('siem'), sink('down', { state: 'down' }), sink('removed', { type: undefined })];
    const { figures, time } = start(async () => sinks);
    expect(await figures('vouchgate_sink_')).toEqual(
      expect.arrayContaining([
        'vouchgate_sink_lag_seconds{sink="siem"} 12',
        'vouchgate_sink_events_behind{sink="siem"} 3',
        'vouchgate_sink_parked_events{sink="siem"} 1',
        'vouchgate_sink_up{sink="siem"} 1',
        'vouchgate_sink_up{sink="down"} 0',
      ]),
    );
    sinks = [sink('siem')];
    time.nowMs += 5_000;
    expect((await figures('vouchgate_sink_up')).length).toBe(1);
  });

  test('are there in part when a part cannot be read, and are not read more often than they change', async () => {
    let asked = 0;
    const { figures, log } = start(async () => {
      asked += 1;
      throw new Error('the sinks are away');
    });
    expect(await figures('vouchgate_leases')).toHaveLength(3);
    await Promise.all(Array.from({ length: 20 }, () => figures('vouchgate_leases')));
    expect(asked).toBe(1);
    expect(JSON.stringify(log)).toContain('metrics.not_collected');
  });

  test('say what process this is, and that it has no configuration', async () => {
    const { figures } = start();
    expect(await figures('vouchgate_build_info')).toEqual(['vouchgate_build_info{version="1.2.3"} 1']);
    expect(await figures('vouchgate_configuration_in_force')).toEqual(['vouchgate_configuration_in_force 0']);
    const [cpu = ''] = await figures('process_cpu_seconds_total');
    expect(Number(cpu.split(' ')[1])).toBeGreaterThan(0);
  });

  test('count findings that are neither fixed nor accepted, all severities from the start', async () => {
    const { figures } = start();
    expect(await figures('vouchgate_findings{')).toHaveLength(5);
  });
});
