import { describe, expect, it } from 'vitest';
import { describeClient } from './describe-client.ts';

describe('a client', () => {
  it.each([
    [
      'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36',
      'Chrome on Linux',
    ],
    [
      'Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0',
      'Edge on Windows',
    ],
    [
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1 Version/18.0 Safari/605.1',
      'Safari on macOS',
    ],
    ['<script>alert(1)</script>', 'a browser'],
    [null, 'a browser'],
  ])('%s is %s', (client, expected) => {
    expect(describeClient({ browser: true, client })).toBe(expected);
  });

  it('without a browser is the command line', () => {
    expect(describeClient({ browser: false, client: 'Firefox/1.0' })).toBe('command line');
  });
});
