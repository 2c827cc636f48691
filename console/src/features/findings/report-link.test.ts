import { describe, expect, it } from 'vitest';
import { webAddress } from './report-link.tsx';

describe('a link of a report', () => {
  it.each(['https://acme.example/a', 'http://acme.example'])(
    'is one when it is for a browser: %s',
    (text) => {
      expect(webAddress(text)).toMatch(/^https?:\/\/acme\.example\//);
    },
  );

  it.each([
    ['java', 'script:alert(1)'].join(''),
    'data:text/html,<script>alert(1)</script>',
    ' vbscript:x',
    'file:///etc/passwd',
    '//acme.example',
    'CWE-79',
    '',
  ])('is only text otherwise: %j', (text) => {
    expect(webAddress(text)).toBe(undefined);
  });
});
