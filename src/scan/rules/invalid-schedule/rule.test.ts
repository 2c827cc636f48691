import { expect, it } from 'vitest';
import { findingsOf } from '../../testing/scan-text.ts';

const messages = (cron: string) =>
  findingsOf('invalid-schedule', `on:\n  schedule:\n    - cron: '${cron}'\njobs: {}\n`).map(
    ({ message }) => message.split(': ')[1],
  );

it.each([
  '0 0 * * *',
  '*/15 2-6 1,15 JAN-mar MON-FRI',
  '30 4 * * 1,3',
  '0 0 * * 7',
  '5/15 * * * *',
  ' 0  0 * * 0 ',
])('reads %s', (cron) => {
  expect(messages(cron)).toEqual([]);
});

it.each([
  ['0 24 * * *', '"24" is no hour'],
  ['0 0 * *', 'it has 4 fields instead of 5'],
  ['@daily', 'names like @daily are not known'],
  ['*/0 * * * *', '"*/0" is no minute'],
  ['0 0 0 * *', '"0" is no day of the month'],
  ['0 0 * * MONDAY', '"MONDAY" is no day of the week'],
  ['0 0 ? * *', '"?" is no day of the month'],
])('refuses %s', (cron, fault) => {
  expect(messages(cron)).toEqual([fault]);
});

it.each([
  ['* * * * *', 1],
  ['*/3 1 * * *', 3],
  ['0,2 * * * *', 2],
  ['10-20/4 * * * *', 4],
])('says that %s is too often', (cron, minutes) => {
  const text = `on:\n  schedule:\n    - cron: '${cron}'\njobs: {}\n`;
  expect(findingsOf('invalid-schedule', text).map(({ persona, message }) => [persona, message])).toEqual([
    ['pedantic', `the schedule "${cron}" starts every ${minutes} minutes, and GitHub every 5 at most`],
  ]);
});
