import { expect, it } from 'vitest';
import { maskSecrets } from './mask-secrets.ts';

const TOKEN = `ghp_${'aB3'.repeat(12)}`;

it.each([
  [`  run: curl -H "authorization: ${TOKEN}"`, TOKEN],
  ['      password: hunter2hunter2', 'hunter2'],
  ['  MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj', 'MIIEvQ'],
])('hides the secret in %j and keeps the columns', (line, secret) => {
  const masked = maskSecrets(line);
  expect(masked).not.toContain(secret);
  expect(masked).toHaveLength(line.length);
});

it.each([
  '  password: ${{ secrets.DB_PASSWORD }}',
  '  run: echo "$PASSWORD"',
  '  uses: actions/checkout@v5',
  '',
])('leaves %j as it is', (line) => {
  expect(maskSecrets(line)).toBe(line);
});
