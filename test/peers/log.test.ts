import { spawn, spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCosigning } from '#audit/log/cosign-log.ts';
import { parseSignedCheckpoint } from '#audit/log/checkpoint.ts';
import { textsOf } from '#audit/log/event-texts.fake.ts';
import { EMPTY_ROOT } from '#audit/log/merkle-hash.ts';
import { MemoryLogStore } from '#audit/log/memory-log-store.fake.ts';
import { createNoteSigner, formatVerifierKey, parseVerifierKey } from '#audit/log/note-key.ts';
import { createSealer } from '#audit/log/sealer.ts';
import { confirmNote } from '#audit/log/signed-note.ts';
import { splitHashes } from '#audit/log/tile.ts';
import { createTransparencyLog } from '#audit/log/transparency-log.ts';
import { silentLogger } from '#core/log.ts';
import { installFromGo } from './scanners/install-scanner.ts';

const ENTRIES = 30_000;
const TORCHWOOD = 'v0.9.0';

const signer = createNoteSigner(
  'vouchgate.example/log',
  'ed25519',
  generateKeyPairSync('ed25519').privateKey,
);

const NO_EVENTS = { list: async () => [] };

async function buildLog(store: MemoryLogStore, count: number): Promise<void> {
  const sealer = createSealer({
    store,
    origin: signer.name,
    signers: () => [signer],
    clock: { nowMs: () => 1_700_000_000_000 },
    events: textsOf({
      list: async ({ afterSequence, limit }) =>
        Array.from({ length: Math.min(limit, count - afterSequence) }, (_, at) => ({
          id: `evt_${afterSequence + at}`,
          sequence: afterSequence + at + 1,
          timeMs: at,
          type: 'server.started' as const,
          actor: { kind: 'server' as const, id: 's' },
          body: {},
        })),
    }),
  });
  while ((await sealer.seal()).outcome === 'sealed');
}

/** The log as a server shows it: C2SP tlog-tiles over HTTP. */
async function serve(store: MemoryLogStore): Promise<{ url: string; server: Server }> {
  const log = createTransparencyLog({ store, events: NO_EVENTS, key: signer });
  const answer = async (path: string) =>
    path === 'checkpoint' ? Buffer.from((await log.checkpoint()) ?? '') : await log.tile(path);
  const server = createServer((request, response) => {
    const reply = async () => {
      const bytes = await answer((request.url ?? '').replace(/^\//, ''));
      response.writeHead(bytes === undefined ? 404 : 200).end(bytes);
    };
    void reply();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return { url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/`, server };
}

const fsck = installFromGo('github.com/transparency-dev/tessera/cmd/fsck', 'v1.0.2');

describe("the checker of tessera's makers", () => {
  let folder: string;
  let served: Awaited<ReturnType<typeof serve>>;
  const store = new MemoryLogStore();
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'vouchgate-fsck-'));
    writeFileSync(join(folder, 'key'), formatVerifierKey(signer));
    await buildLog(store, ENTRIES);
    served = await serve(store);
  }, 60_000);
  afterAll(() => {
    served.server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Its exit code is 0 whatever it found: only its words count. */
  const check = (program: string) =>
    new Promise<string>((resolve) => {
      // A worker ends with the first fault that it finds; with one alone nobody would be left to go on.
      const args = ['--storage_url', served.url, '--public_key', join(folder, 'key'), '--ui=false', '--N=8'];
      const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'], timeout: 60_000 });
      let said = '';
      child.stderr.on('data', (text) => (said += String(text)));
      child.once('exit', () => resolve(said));
    });

  it('finds nothing wrong with a log of 30,000 entries, and a changed tile', {
    timeout: 240_000,
  }, async (context) => {
    if ('missing' in fsck) {
      process.stderr.write(`SKIPPED: ${fsck.missing}\n`);
      context.skip(fsck.missing);
      return;
    }
    expect(await check(fsck.path)).toContain('Successfully');
    store.tiles.get('0/100')?.fill(7, 0, 32);
    const said = await check(fsck.path);
    expect(said).toContain('fsck failed');
    expect(said).not.toContain('Successfully');
  });
});

const litewitness = installFromGo('filippo.io/torchwood/cmd/litewitness', TORCHWOOD);
const AGENT = ['/usr/bin/ssh-agent', '/bin/ssh-agent'].find((file) => existsSync(file));

describe('a witness of others', () => {
  const children: ReturnType<typeof spawn>[] = [];
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'vgw-'));
  });
  afterAll(() => {
    for (const child of children) child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  const start = (program: string, args: readonly string[]) => {
    const child = spawn(program, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
    children.push(child);
    return child;
  };
  const until = async (ready: () => boolean | Promise<boolean>) => {
    for (let tries = 0; tries < 100; tries += 1) {
      if (await Promise.resolve(ready()).catch(() => false)) return;
      await delay(100);
    }
    throw new Error('it did not become ready');
  };

  it('signs our checkpoints as the log grows, by its own protocol', { timeout: 120_000 }, async (context) => {
    const missing = 'missing' in litewitness ? litewitness.missing : 'there is no ssh-agent on this machine';
    if ('missing' in litewitness || AGENT === undefined) {
      process.stderr.write(`SKIPPED: ${missing}\n`);
      context.skip(missing);
      return;
    }
    const socket = join(folder, 's');
    start(AGENT, ['-a', socket, '-D']);
    await until(() => existsSync(socket));
    const env = { ...process.env, SSH_AUTH_SOCK: socket };
    spawnSync('ssh-keygen', ['-t', 'ed25519', '-N', '', '-q', '-f', join(folder, 'key')]);
    expect(spawnSync('ssh-add', ['-q', join(folder, 'key')], { env }).status).toBe(0);
    const listed = spawnSync('ssh-add', ['-l'], { env, encoding: 'utf8' }).stdout;
    const fingerprint = /SHA256:\S+/.exec(listed)?.[0] ?? '';
    const origin = signer.name;
    const db = join(folder, 'litewitness.db');
    const port = 17_380 + (process.pid % 1_000);
    const listen = `127.0.0.1:${port}`;
    const options = `-db ${db} -ssh-agent ${socket} -key ${fingerprint} -name witness.example -listen ${listen}`;
    const witness = start(litewitness.path, options.split(' '));
    let output = '';
    for (const stream of [witness.stdout, witness.stderr])
      stream?.on('data', (text) => (output += String(text)));
    const url = `http://${listen}`;
    await until(async () => (await fetch(url)).ok);
    const page = await (await fetch(url)).text();
    const vkey = /witness\.example\+[0-9a-f]{8}\+[A-Za-z0-9+/=]+/.exec(`${page}${output}`)?.[0] ?? '';
    const verifier = parseVerifierKey(vkey);
    expect(verifier?.algorithm).toBe('ed25519-cosignature');
    if (verifier === undefined) return;

    // What `witnessctl add-log` and `add-key` do; it cannot be built where the module of Sigsum is not to be had.
    const database = new DatabaseSync(db);
    const empty = EMPTY_ROOT.toString('base64');
    database.prepare('INSERT INTO log (origin, tree_size, tree_hash) VALUES (?, 0, ?)').run(origin, empty);
    database.prepare('INSERT INTO key (origin, key) VALUES (?, ?)').run(origin, formatVerifierKey(signer));
    database.close();

    const store = new MemoryLogStore();
    const cosign = createCosigning({
      store,
      log: silentLogger,
      witnesses: () => [{ key: verifier, url }],
      quorum: () => 1,
      readTile: async (level, number, width) =>
        splitHashes(Buffer.from((await store.tile(level, number)) ?? []).subarray(0, width * 32), width) ??
        [],
      post: async (to, body) => {
        const answer = await fetch(to, { method: 'POST', body });
        return { status: answer.status, body: await answer.text() };
      },
    });
    for (const size of [3, 300, 5_000]) {
      await buildLog(store, size);
      await cosign();
      const signed = parseSignedCheckpoint((await store.witnessed()) ?? '');
      expect(signed?.checkpoint.size).toBe(size);
      expect(signed && confirmNote(signed.note, [signer, verifier])).toHaveLength(2);
    }
  });
});
