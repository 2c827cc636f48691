import type * as CedarModule from '@cedar-policy/cedar-wasm/nodejs';
import v8 from 'node:v8';
import { PolicyError } from './problem.ts';

export type Cedar = typeof CedarModule;

let loading: Promise<Cedar> | undefined;

/**
 * Loads cedar-wasm once per thread, when first needed: it costs about 40 ms and 55 MB. The flag comes first:
 * V8 (seen on Node 20) aborts in the deoptimiser when it has inlined calls into this module in hot code.
 */
export function loadCedar(): Promise<Cedar> {
  loading ??= importCedar();
  return loading;
}

async function importCedar(): Promise<Cedar> {
  v8.setFlagsFromString('--no-turbo-inline-js-wasm-calls');
  return await import('@cedar-policy/cedar-wasm/nodejs');
}

/** Runs one call of the library; a trap leaves its memory unusable, so it is an error and not an answer. */
export function callCedar<T>(call: () => T): T {
  try {
    return call();
  } catch (cause) {
    throw new PolicyError('policy_compiler_failed', 'The Cedar library failed while reading the policies.', {
      remedy: 'Restart the process; if it happens again, simplify the policy that was changed last.',
      cause,
    });
  }
}
