import { asScalar, findEntry, findValue, itemsOf } from '#pipeline/yaml/access.ts';
import type { Rule } from '../../rule.ts';

interface Field {
  readonly name: string;
  readonly least: number;
  readonly most: number;
  readonly words: readonly string[];
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const FIELDS: readonly Field[] = [
  { name: 'minute', least: 0, most: 59, words: [] },
  { name: 'hour', least: 0, most: 23, words: [] },
  { name: 'day of the month', least: 1, most: 31, words: [] },
  { name: 'month', least: 1, most: 12, words: MONTHS },
  { name: 'day of the week', least: 0, most: 7, words: DAYS },
];
const PART = /^(?:\*|(\w+)(?:-(\w+))?)(?:\/(\d+))?$/;

function toNumber(word: string, field: Field): number | undefined {
  if (/^\d{1,2}$/.test(word)) return Number(word);
  const index = field.words.indexOf(word.toLowerCase());
  return index === -1 ? undefined : index + field.least;
}

function isValidPart(part: string, field: Field): boolean {
  const match = PART.exec(part);
  if (match === null) return false;
  const [, first, last, step] = match;
  if (step !== undefined && Number(step) === 0) return false;
  if (first === undefined) return true;
  const from = toNumber(first, field);
  const to = last === undefined ? from : toNumber(last, field);
  if (from === undefined || to === undefined) return false;
  return from >= field.least && to <= field.most && from <= field.most && to >= field.least;
}

/** GitHub starts a schedule every five minutes at most. */
const MINUTES_LEAST = 5;

/** Minutes of the hour that a field stands for, in their order; the field was found valid before. */
function minutesOf(text: string, field: Field): number[] {
  const minutes = new Set<number>();
  for (const part of text.split(',')) {
    const [, first, last, step] = PART.exec(part) ?? [];
    const from = first === undefined ? field.least : (toNumber(first, field) ?? field.least);
    const open = first === undefined || (last === undefined && step !== undefined);
    const to = open ? field.most : last === undefined ? from : (toNumber(last, field) ?? from);
    for (let minute = from; minute <= to; minute += Number(step ?? 1)) minutes.add(minute);
  }
  return [...minutes].sort((a, b) => a - b);
}

/** Minutes between two starts; undefined when they are far enough apart. */
function findHurry(cron: string): number | undefined {
  const [field] = FIELDS;
  const [text] = cron.trim().split(/\s+/);
  if (field === undefined || text === undefined) return undefined;
  const minutes = minutesOf(text, field);
  const gaps = minutes.slice(1).map((minute, index) => minute - (minutes[index] ?? minute));
  const least = Math.min(...gaps, 60);
  return least < MINUTES_LEAST ? least : undefined;
}

/** What is wrong with a schedule; undefined when nothing is. */
function findFault(cron: string): string | undefined {
  const fields = cron.trim().split(/\s+/);
  if (fields.length !== FIELDS.length) {
    const named = cron.trim().startsWith('@');
    return named ? 'names like @daily are not known' : `it has ${fields.length} fields instead of 5`;
  }
  for (const [index, field] of FIELDS.entries()) {
    const wrong = fields[index]?.split(',').find((part) => !isValidPart(part, field));
    if (wrong !== undefined) return `"${wrong.slice(0, 40)}" is no ${field.name}`;
  }
  return undefined;
}

export const rule: Rule = {
  id: 'invalid-schedule',
  title: 'A schedule that cannot be read',
  severity: 'medium',
  confidence: 'high',
  persona: 'regular',
  platforms: ['github'],
  standards: { cicdSec: ['CICD-SEC-7'], cwe: ['CWE-1286'], cis: [] },
  description: 'Looks for `cron` entries that are not five fields in their ranges.',
  why: 'GitHub refuses the whole file: what should run every night never does, and nobody is told.',
  remedy:
    'Write five fields, minute, hour, day, month and day of the week: `cron: "30 4 * * 1-5"`. Times are UTC.',
  references: [
    'https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows#schedule',
  ],
  aliases: ['actionlint/events'],

  pipeline(pipeline, context) {
    if (pipeline.kind !== 'workflow') return;
    for (const item of itemsOf(findValue(findValue(pipeline.node, 'on'), 'schedule'))) {
      const cron = asScalar(findEntry(item, 'cron')?.value);
      if (cron === undefined || cron.value.trim() === '') continue;
      const fault = findFault(cron.value);
      const hurry = fault === undefined ? findHurry(cron.value) : undefined;
      if (hurry !== undefined) {
        context.report({
          at: cron,
          message: `the schedule "${cron.value.slice(0, 60).replaceAll('\n', ' ')}" starts every ${hurry} minutes, and GitHub every ${MINUTES_LEAST} at most`,
          severity: 'low',
          persona: 'pedantic',
          remedy: 'Write `*/5` for the minutes, or more.',
        });
      }
      if (fault === undefined) continue;
      context.report({
        at: cron,
        message: `GitHub cannot read the schedule "${cron.value.slice(0, 60).replaceAll('\n', ' ')}": ${fault}`,
      });
    }
  },
};
