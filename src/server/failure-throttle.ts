import { isIP } from 'node:net';
import type { Clock } from '#core/clock.ts';

const ADDRESSES_MAX = 10_000;

interface Bucket {
  /** Failures that still count; leaks away with time. */
  level: number;
  atMs: number;
}

/** A household has a /64, so one that fails is one bucket, not 2^64. */
function keyOf(address: string | undefined): string {
  if (address === undefined) return 'unknown';
  if (isIP(address) !== 6) return address;
  const [head = '', tail] = address.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length);
  const groups = [...left, ...Array.from({ length: zeros }, () => '0'), ...right];
  return groups
    .slice(0, 4)
    .map((group) => group.toLowerCase().replace(/^0+(?=.)/, ''))
    .join(':');
}

/** A leaky bucket per source address: what fails too often must wait before it is looked at again. */
export interface FailureThrottle {
  /** Whole seconds to wait; 0 when the address may try. */
  waitSeconds(address: string | undefined): number;
  fail(address: string | undefined): void;
}

export function createFailureThrottle(options: {
  clock: Clock;
  failuresMax: number;
  failuresPerMinute: number;
}): FailureThrottle {
  const buckets = new Map<string, Bucket>();
  const perMs = options.failuresPerMinute / 60_000;
  const levelOf = (bucket: Bucket | undefined) =>
    bucket === undefined ? 0 : Math.max(0, bucket.level - (options.clock.nowMs() - bucket.atMs) * perMs);
  return {
    waitSeconds(address) {
      const excess = levelOf(buckets.get(keyOf(address))) - options.failuresMax + 1;
      return excess <= 0 ? 0 : Math.ceil(excess / perMs / 1_000);
    },
    fail(address) {
      const key = keyOf(address);
      const level = Math.min(levelOf(buckets.get(key)) + 1, options.failuresMax);
      buckets.delete(key);
      // The map is in order of the last failure, so the first one has waited longest.
      const oldest = buckets.size >= ADDRESSES_MAX ? buckets.keys().next().value : undefined;
      if (oldest !== undefined) buckets.delete(oldest);
      buckets.set(key, { level, atMs: options.clock.nowMs() });
    },
  };
}
