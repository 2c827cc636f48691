import { expect, test } from 'vitest';
import { linksIn } from './report-links.ts';

test('addresses are found in HTML, Markdown and prose, each once', () => {
  const html = '<a href="https://a.example/x?y=1">see</a> and (https://b.example/z). https://b.example/z';
  expect(linksIn(html, undefined, '[c](https://c.example)')).toEqual([
    'https://a.example/x?y=1',
    'https://b.example/z',
    'https://c.example',
  ]);
});

test('other schemes are none', () => {
  expect(linksIn('javascript:alert(1) data:text/html,x file:///etc/passwd')).toEqual([]);
});
