import { describe, expect, it } from 'vitest';
import { createFailureThrottle } from './failure-throttle.ts';

function throttleAt(time: { nowMs: number }) {
  return createFailureThrottle({ clock: { nowMs: () => time.nowMs }, failuresMax: 3, failuresPerMinute: 6 });
}

describe('createFailureThrottle', () => {
  it('makes an address wait after its last allowed failure, and forgives with time', () => {
    const time = { nowMs: 0 };
    const throttle = throttleAt(time);
    for (let failure = 0; failure < 3; failure += 1) {
      expect(throttle.waitSeconds('192.0.2.1')).toBe(0);
      throttle.fail('192.0.2.1');
    }
    expect(throttle.waitSeconds('192.0.2.1')).toBe(10);
    expect(throttle.waitSeconds('192.0.2.2')).toBe(0);
    time.nowMs = 10_000;
    expect(throttle.waitSeconds('192.0.2.1')).toBe(0);
  });

  it('never makes anybody wait longer because they tried while waiting', () => {
    const throttle = throttleAt({ nowMs: 0 });
    for (let failure = 0; failure < 100; failure += 1) throttle.fail('192.0.2.1');
    expect(throttle.waitSeconds('192.0.2.1')).toBe(10);
  });

  it('counts a /64 as one address, however it is spelled', () => {
    const throttle = throttleAt({ nowMs: 0 });
    for (const tail of ['::1', ':0:0:0:2', '::ffff']) throttle.fail(`2001:db8:0:1${tail}`);
    expect(throttle.waitSeconds('2001:DB8:0000:1::9')).toBe(10);
    expect(throttle.waitSeconds('2001:db8:0:2::9')).toBe(0);
  });

  it('stays bounded when every failure has another address', () => {
    const throttle = throttleAt({ nowMs: 0 });
    for (let failure = 0; failure < 3; failure += 1) throttle.fail('192.0.2.1');
    for (let index = 0; index < 10_000; index += 1) throttle.fail(`10.0.${index >> 8}.${index & 255}`);
    expect(throttle.waitSeconds('192.0.2.1')).toBe(0);
  });
});
