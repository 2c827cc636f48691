import { createServer, type Server, type TLSSocket } from 'node:tls';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { certificateExample } from '#server/certificate.fake.ts';
import { silentLogger } from '#core/log.ts';
import { Secret } from '#core/secret.ts';
import { toDocument } from '../../mapping/document.ts';
import { makeEvent, ORIGIN } from '../../outbox/delivery.fake.ts';
import { openProvenLog } from '../proven-log.fake.ts';
import type { SinkContext } from '../sink.ts';
import { formatMessage } from './format-message.ts';
import { SyslogSettings } from './settings.ts';
import { sink } from './sink.ts';

/** Octet counting (RFC 5425 §4.3): undefined when the frames do not come out even. */
function readFrames(bytes: Buffer): string[] | undefined {
  const frames: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const space = bytes.indexOf(32, at);
    const length = Number(bytes.toString('latin1', at, space));
    if (space < 0 || !Number.isInteger(length) || space + 1 + length > bytes.length) return undefined;
    frames.push(bytes.toString('utf8', space + 1, space + 1 + length));
    at = space + 1 + length;
  }
  return frames;
}

/** A receiver that reads to the end and closes, or breaks off. */
class FakeSyslog {
  readonly messages: string[] = [];
  readonly folder = mkdtempSync(join(tmpdir(), 'vouchgate-syslog-'));
  breaksOff = 0;
  /** It will not have us, and says so by closing in order, as rsyslog does. */
  refuses = false;
  readonly #server: Server;
  #port = 0;

  constructor() {
    const { certPem, keyPem } = certificateExample();
    writeFileSync(join(this.folder, 'ca.pem'), certPem);
    this.#server = createServer({ cert: certPem, key: keyPem }, (socket) => this.#serve(socket));
    this.#server.on('tlsClientError', () => {});
  }

  #serve(socket: TLSSocket): void {
    const chunks: Buffer[] = [];
    socket.on('error', () => {});
    if (this.refuses) return void socket.resume().end();
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      if (this.breaksOff === 0) return;
      this.breaksOff -= 1;
      socket.destroy();
    });
    socket.on('end', () => {
      const frames = readFrames(Buffer.concat(chunks));
      if (frames !== undefined) this.messages.push(...frames);
      socket.end();
    });
  }

  async listen(): Promise<object> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const address = this.#server.address();
    this.#port = typeof address === 'object' && address !== null ? address.port : 0;
    return {
      host: '127.0.0.1',
      port: this.#port,
      serverName: 'localhost',
      caFile: join(this.folder, 'ca.pem'),
    };
  }

  context(change: Partial<SinkContext> = {}): SinkContext {
    return {
      clock: { nowMs: () => 1_800_000_000_000 },
      log: silentLogger,
      fetch: () => Promise.reject(new Error('syslog is no HTTP')),
      allowPrivateHosts: [`127.0.0.1:${this.#port}`],
      resolveSecret: async () => new Secret(''),
      sleep: async () => {},
      ...change,
    };
  }

  async close(): Promise<void> {
    rmSync(this.folder, { recursive: true, force: true });
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

let receiver: FakeSyslog;
let given: object;
beforeEach(async () => {
  receiver = new FakeSyslog();
  given = await receiver.listen();
});
afterEach(() => receiver.close());

const COUNT = 300;
const { signal } = new AbortController();

async function batchOf(log: Awaited<ReturnType<typeof openProvenLog>>) {
  const documents = log.events.map((event, index) => {
    const text = JSON.stringify(toDocument('vouchgate', event, { origin: ORIGIN, index }));
    return { event, index, text, bytes: Buffer.byteLength(text) };
  });
  return { origin: ORIGIN, documents, checkpoint: undefined };
}

describe('sink syslog', () => {
  it('brings every event over TLS, whatever is in it, and the copy is proven by the log', async () => {
    const log = await openProvenLog(COUNT, (at) => ({ body: { text: `ü "\\]\n\r\t\u2028 😀 ${at}` } }));
    const opened = await sink.open(sink.settings.parse(given), receiver.context());
    expect(await opened.send(await batchOf(log), signal)).toEqual({ settled: COUNT, rejected: [] });
    expect(receiver.messages).toHaveLength(COUNT);
    const copy = (async function* () {
      yield* receiver.messages;
    })();
    expect(await log.compare(copy)).toMatchObject({ proven: COUNT, faultsAll: 0 });
  });

  it('counts nothing as sent when the receiver breaks off, and sends it again', async () => {
    const log = await openProvenLog(COUNT, () => ({ body: { text: 'x'.repeat(5_000) } }));
    const opened = await sink.open(sink.settings.parse(given), receiver.context());
    receiver.breaksOff = 1;
    expect(await opened.send(await batchOf(log), signal)).toMatchObject({
      settled: 0,
      trouble: { kind: 'retry' },
    });
    expect(await opened.send(await batchOf(log), signal)).toMatchObject({ settled: COUNT });
    expect(receiver.messages).toHaveLength(COUNT);
  });

  it('counts nothing as sent when the receiver closes before we have said that it was all', async () => {
    const opened = await sink.open(sink.settings.parse(given), receiver.context());
    receiver.refuses = true;
    expect(await opened.send(await batchOf(await openProvenLog(2)), signal)).toMatchObject({
      settled: 0,
      trouble: { kind: 'retry' },
    });
  });

  it('goes to no private address that was not allowed, and to no receiver that it cannot trust', async () => {
    const log = await openProvenLog(3);
    const guarded = await sink.open(sink.settings.parse(given), receiver.context({ allowPrivateHosts: [] }));
    expect(await guarded.send(await batchOf(log), signal)).toMatchObject({
      trouble: { kind: 'refused', code: 'fetch_address_forbidden' },
    });
    const untrusted = await sink.open(
      sink.settings.parse({ ...given, caFile: undefined }),
      receiver.context(),
    );
    expect(await untrusted.send(await batchOf(log), signal)).toMatchObject({ trouble: { kind: 'refused' } });
    const otherName = { ...given, serverName: 'siem.acme.example' };
    const misnamed = await sink.open(sink.settings.parse(otherName), receiver.context());
    expect(await misnamed.send(await batchOf(log), signal)).toMatchObject({ trouble: { kind: 'refused' } });
    expect(receiver.messages).toEqual([]);
  });
});

describe('a message', () => {
  const settings = SyslogSettings.parse({ host: 'siem.acme.example' });

  it('is that of RFC 5424, in ASCII, framed by its length', () => {
    const event = makeEvent(2, { id: 'evt_"]\\ü', type: 'lease.revocation_failed' });
    const text = JSON.stringify({ vouchgate: { index: 2 }, word: 'über\n' });
    const message = formatMessage({ event, index: 2, text, bytes: text.length }, settings);
    expect(message).toMatchInlineSnapshot(
      `"189 <108>1 2027-01-15T08:00:00.002Z vouchgate vouchgate - lease.revocation_failed [vouchgate@32473 id="evt_\\"\\]\\\\\\\\u00fc" index="2" sequence="11"] {"vouchgate":{"index":2},"word":"\\u00fcber\\n"}"`,
    );
  });

  it('says by its severity whether something was refused', () => {
    const priority = (type: 'server.started' | 'decision.denied') =>
      /<(\d+)>/.exec(
        formatMessage({ event: makeEvent(1, { type }), index: 1, text: '{}', bytes: 2 }, settings),
      )?.[1];
    expect([priority('server.started'), priority('decision.denied')]).toEqual(['110', '108']);
  });
});
