import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { formatCheckpoint } from '#audit/log/checkpoint-text.ts';
import { deriveLogKey } from '#audit/log/log-key.ts';
import { createNoteSigner, formatVerifierKey, parseVerifierKey } from '#audit/log/note-key.ts';
import { confirmNote, formatSignedNote, parseSignedNote, signNote } from '#audit/log/signed-note.ts';
import { buildGoProgram } from './go-programs/build-go-program.ts';

const ORIGIN = 'vouchgate.example/log';
const TIME_SECONDS = 1_700_000_000;
const cosigner = buildGoProgram('cosigner');

function run(program: string, args: readonly string[], input: string) {
  const { status, stdout } = spawnSync(program, args, { input, encoding: 'utf8', timeout: 20_000 });
  return { status, stdout };
}

describe('ML-DSA-44 cosignatures, by the implementation of transparency-dev', () => {
  const signer = createNoteSigner(
    ORIGIN,
    'ml-dsa-44-cosignature',
    deriveLogKey(Buffer.alloc(32, 1), 'log', 'ml-dsa-44'),
  );
  const text = formatCheckpoint({ origin: ORIGIN, size: 70_000, root: Buffer.alloc(32, 9) });
  const ours = formatSignedNote(signNote(text, [signer], TIME_SECONDS * 1_000));

  it('are accepted there when they are ours, and refused when a byte differs', {
    timeout: 300_000,
  }, (context) => {
    if ('missing' in cosigner) {
      process.stderr.write(`SKIPPED: ${cosigner.missing}\n`);
      context.skip(cosigner.missing);
      return;
    }
    const key = formatVerifierKey(signer);
    expect(run(cosigner.path, ['verify', key], ours)).toEqual({ status: 0, stdout: `${TIME_SECONDS}\n` });
    const changed = ours.replace('70000', '70001');
    expect(run(cosigner.path, ['verify', key], changed).status).not.toBe(0);
  });

  it('of theirs are accepted here, and refused when a byte differs', { timeout: 60_000 }, (context) => {
    if ('missing' in cosigner) {
      context.skip(cosigner.missing);
      return;
    }
    const { stdout } = run(cosigner.path, ['sign', 'witness.example'], ours);
    const split = stdout.indexOf('\n\n');
    const [key, note] = [parseVerifierKey(stdout.slice(0, split)), stdout.slice(split + 2)];
    expect(key?.algorithm).toBe('ml-dsa-44-cosignature');
    const confirm = (each: string) => {
      const parsed = parseSignedNote(each);
      return key && parsed && confirmNote(parsed, [signer, key]);
    };
    expect(confirm(note)?.map(({ verifier }) => verifier.name)).toEqual([ORIGIN, 'witness.example']);
    expect(confirm(note.replace('70000', '70001'))).toBeUndefined();
  });
});
