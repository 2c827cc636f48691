import { setTimeout as delay } from 'node:timers/promises';
import type { Issued } from '../client/exchange-answer.ts';
import { secretValuesOf } from '../client/secret-values.ts';
import { PlatformError, type LogMasking } from '../platform/platform.ts';
import { createRedactingStream } from '../platform/redactor.ts';
import { secretForms } from '../platform/secret-forms.ts';

export type RedactMode = 'always' | 'auto' | 'never';
type RedactingStream = ReturnType<typeof createRedactingStream>;

/** Keeps what was issued out of the log: by the platform where it can, else by reading what the child prints. */
export interface SecretGuard {
  /** Must resolve before anything that knows the values may print. */
  hide(issued: Issued): Promise<void>;
  /** Streams for the child's output; undefined when the child may write to ours itself. */
  redaction(): { stdout: RedactingStream; stderr: RedactingStream } | undefined;
}

export interface SecretGuardOptions {
  masking: LogMasking;
  mode: RedactMode;
  /** True when a person looks on: nothing is recorded there, and programs want to see the terminal. */
  isTty: boolean;
  say: (line: string) => void;
}

export function createSecretGuard({ masking, mode, isTty, say }: SecretGuardOptions): SecretGuard {
  const values: string[] = [];
  const streams: RedactingStream[] = [];
  let isMaskedByPlatform = masking.id !== 'none';

  const tellPlatform = async (fresh: readonly string[]) => {
    try {
      await masking.mask(fresh);
      await delay(masking.settleMs);
    } catch (error) {
      if (!(error instanceof PlatformError)) throw error;
      isMaskedByPlatform = false;
      say(`${error.message}; the output is redacted here instead`);
    }
  };

  return {
    async hide(issued) {
      const fresh = secretValuesOf(issued);
      values.push(...fresh);
      if (isMaskedByPlatform) await tellPlatform(fresh);
      const forms = streams.length === 0 ? [] : secretForms(values);
      for (const stream of streams) stream.usePatterns(forms);
    },
    redaction() {
      const isNeeded = mode === 'always' || (mode === 'auto' && !isMaskedByPlatform && !isTty);
      if (!isNeeded) return undefined;
      const forms = secretForms(values);
      const pair = { stdout: createRedactingStream(forms), stderr: createRedactingStream(forms) };
      streams.push(pair.stdout, pair.stderr);
      return pair;
    },
  };
}
