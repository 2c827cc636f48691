import { expect, it } from 'vitest';
import { isSecretName, mentionsInText } from './secret-variables.ts';

it('tells secrets by the words that people put into their names', () => {
  const secrets = [
    'NPM_TOKEN',
    'AWS_SECRET_ACCESS_KEY',
    'db_password',
    'GH_PAT',
    'SLACK_WEBHOOK_URL',
    'STRIPE_API_KEY',
    'SIGNING_KEY',
    'GOOGLE_APPLICATION_CREDENTIALS',
    'apiToken',
    'dbPassword',
    'stripeApiKey',
    'awsSecretAccessKey',
  ];
  expect(secrets.filter((name) => !isSecretName(name))).toEqual([]);
});

it('takes no place, name or number for a secret', () => {
  const others = [
    'AWS_ACCESS_KEY_ID',
    'TOKEN_URL',
    'PATH',
    'PATTERN',
    'KEYBOARD',
    'COMPASS',
    'SECRET_NAME',
    'PASSWORD_FILE',
    'AUTHOR',
    'CACHE_KEY',
    'CIRCLE_BRANCH',
    'tokenUrl',
    'passThrough',
    'authMode',
    'cacheKey',
    'compass',
    'secretName',
  ];
  expect(others.filter((name) => isSecretName(name))).toEqual([]);
});

it('finds variables with and without braces, and leaves escaped ones alone', () => {
  const text = 'use "$A" ${B:-x} \\$C $D_1 $$ $1';
  expect(mentionsInText(text).map(({ name, start, end }) => [name, text.slice(start, end)])).toEqual([
    ['A', '$A'],
    ['B', '${B'],
    ['D_1', '$D_1'],
  ]);
});
