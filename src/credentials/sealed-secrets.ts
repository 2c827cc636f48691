import { z } from 'zod';
import type { Clock } from '#core/clock.ts';
import { AppError } from '#core/errors.ts';
import type { Logger } from '#core/log.ts';
import type { Secret } from '#core/secret.ts';
import type { SealedSecretReader, SealedSecretStore } from './ports.ts';
import type { Sealer } from './sealing/envelope.ts';

export type SealedSecretErrorCode =
  | 'secret_name_invalid'
  | 'secret_value_invalid'
  /** The date by which it must be rotated has passed already. */
  | 'secret_rotate_by_invalid';

export class SealedSecretError extends AppError<SealedSecretErrorCode> {}

const VALUE_BYTES_MAX = 32_768;
const WARNING_INTERVAL_MS = 3_600_000;
const WARNINGS_MAX = 1_000;

export const SealedSecretName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,127}$/, 'Small letters, digits and `._-`, at most 128.');

/** What may be shown of a sealed secret. */
export interface SealedSecretSummary {
  name: string;
  updatedAtMs: number;
  rotateByMs: number | undefined;
  overdue: boolean;
}

/** Static values, encrypted at rest. There is no way to read one over the network. */
export interface SealedSecrets extends SealedSecretReader {
  /**
   * Adds or replaces one.
   * @throws {SealedSecretError} when name, value or date cannot be taken.
   */
  put(name: string, value: Secret, rotateByMs?: number): Promise<void>;
  list(): Promise<SealedSecretSummary[]>;
}

const contextOf = (name: string) => `sealed-secret/${name}`;

function checkName(name: string): void {
  if (SealedSecretName.safeParse(name).success) return;
  throw new SealedSecretError('secret_name_invalid', 'This is not a name for a sealed secret.', {
    remedy: 'Use small letters, digits and `._-`, beginning with a letter or digit; at most 128.',
  });
}

function checkValue(value: Secret): void {
  const text = value.reveal();
  if (text !== '' && text.isWellFormed() && Buffer.byteLength(text) <= VALUE_BYTES_MAX) return;
  throw new SealedSecretError(
    'secret_value_invalid',
    `A sealed secret is text of 1 to ${VALUE_BYTES_MAX} bytes.`,
    { remedy: 'Encode a binary value as base64.' },
  );
}

export function createSealedSecrets(options: {
  store: SealedSecretStore;
  sealer: Sealer;
  clock: Clock;
  log: Logger;
}): SealedSecrets {
  const { store, sealer, clock, log } = options;
  const warnedAtMs = new Map<string, number>();

  const isOverdue = (rotateByMs: number | undefined) =>
    rotateByMs !== undefined && rotateByMs <= clock.nowMs();

  // Once an hour for each secret: a warning with every job would be switched off.
  const warnOnce = (name: string, rotateByMs: number | undefined) => {
    const nowMs = clock.nowMs();
    if (nowMs - (warnedAtMs.get(name) ?? Number.NEGATIVE_INFINITY) < WARNING_INTERVAL_MS) return;
    if (warnedAtMs.size >= WARNINGS_MAX) warnedAtMs.clear();
    warnedAtMs.set(name, nowMs);
    log.warn('sealed_secret.overdue', {
      secret: name,
      rotateBy: new Date(rotateByMs ?? nowMs).toISOString(),
    });
  };

  return {
    async put(name, value, rotateByMs) {
      checkName(name);
      checkValue(value);
      const nowMs = clock.nowMs();
      if (rotateByMs !== undefined && !(Number.isSafeInteger(rotateByMs) && rotateByMs > nowMs)) {
        throw new SealedSecretError('secret_rotate_by_invalid', 'The date to rotate by has passed already.', {
          remedy: 'Give a date in the future.',
        });
      }
      const sealedValue = sealer.seal(value, contextOf(name));
      await store.put({ name, sealedValue, updatedAtMs: nowMs, rotateByMs });
    },
    async list() {
      const rows = await store.list();
      return rows.map(({ name, updatedAtMs, rotateByMs }) => ({
        name,
        updatedAtMs,
        rotateByMs,
        overdue: isOverdue(rotateByMs),
      }));
    },
    async read(name) {
      checkName(name);
      const row = await store.get(name);
      if (row === undefined) return undefined;
      if (isOverdue(row.rotateByMs)) warnOnce(name, row.rotateByMs);
      return sealer.open(row.sealedValue, contextOf(name));
    },
  };
}
