import type { Trigger } from '#pipeline/trigger.ts';
import { asMapping, findValue, isNull, pairsOf, scalarsOf } from '#pipeline/yaml/access.ts';
import type { YamlNode } from '#pipeline/yaml/node.ts';
import type { Rule, RuleContext } from '../../rule.ts';
import { isForOtherServer } from '../../shared/other-servers.ts';
import { suggest } from '../../shared/nearest-word.ts';
import { EVENTS, type EventForm } from './events.ts';

function checkActivities(
  event: string,
  form: EventForm,
  types: YamlNode | undefined,
  context: RuleContext,
): void {
  const { activities } = form;
  if (activities === undefined) return;
  for (const type of scalarsOf(types)) {
    if (activities.includes(type.value)) continue;
    context.report({
      at: type,
      message: `${event} has no activity "${type.value.slice(0, 60)}"${suggest(type.value, activities)}`,
      key: `${event}: ${type.value}`,
    });
  }
}

function checkFilters(event: string, form: EventForm, details: YamlNode, context: RuleContext): void {
  const pairs = pairsOf(details);
  const { keys } = form;
  if (keys === undefined) return;
  for (const [key] of pairs) {
    if (keys.includes(key.value) || key.value === '') continue;
    context.report({
      at: key,
      message: `${event} knows no "${key.value.slice(0, 60)}"${suggest(key.value, keys)}`,
      key: `${event}: ${key.value}`,
    });
  }
  for (const [key] of pairs) {
    const other = `${key.value}-ignore`;
    if (!keys.includes(other) || !pairs.some(([each]) => each.value === other)) continue;
    context.report({
      at: key,
      message: `${event} has both "${key.value}" and "${other}", and GitHub takes only one of them`,
      remedy: `Keep "${key.value}" and write what to leave out with \`!\` in front, behind the others.`,
      key: `${event}: both ${key.value}`,
    });
  }
}

/** What an event is nothing without. */
const NEEDED: ReadonlyMap<string, string> = new Map([['workflow_run', 'workflows']]);

function checkNeeded(
  event: string,
  node: Trigger['node'],
  details: YamlNode | undefined,
  context: RuleContext,
): void {
  const needed = NEEDED.get(event);
  // `on: schedule` has no times; where it has some, their own rules look at them.
  const timeless = event === 'schedule' && (details === undefined || isNull(details));
  if (timeless) {
    context.report({ at: node, message: 'schedule has no "cron", so that it never fires', key: event });
  }
  if (needed === undefined || findValue(details, needed) !== undefined) return;
  context.report({
    at: node,
    message: `${event} does not say "${needed}", so that it never fires`,
    remedy: `Name under \`${needed}\` what it waits for.`,
    key: `${event} ${needed}`,
  });
}

function checkTrigger({ event, node }: Trigger, on: YamlNode | undefined, context: RuleContext): void {
  if (event.includes('${{') || event === '') return;
  const form = EVENTS.get(event);
  if (form === undefined) {
    const hint = suggest(event, [...EVENTS.keys()]);
    const confidence = hint === '' ? 'medium' : 'high';
    const name = event.slice(0, 60);
    context.report({ at: node, message: `GitHub has no event "${name}"${hint}`, confidence, key: event });
    return;
  }
  const details = asMapping(on) === undefined ? undefined : findValue(on, event);
  checkNeeded(event, node, details, context);
  if (details === undefined || isNull(details) || asMapping(details) === undefined) return;
  checkFilters(event, form, details, context);
  checkActivities(event, form, findValue(details, 'types'), context);
}

export const rule: Rule = {
  id: 'unknown-event',
  title: 'A trigger that never fires',
  severity: 'medium',
  confidence: 'high',
  persona: 'regular',
  platforms: ['github'],
  standards: { cicdSec: ['CICD-SEC-7'], cwe: ['CWE-1286'], cis: [] },
  description:
    'Looks for events, activities and filters under `on:` that GitHub does not know, and for filters that exclude each other.',
  why: 'GitHub refuses the whole file, or the workflow never runs for what it was written for: a check that does not run stops nobody.',
  remedy: 'Write the event, its activities and its filters as the list of events has them.',
  references: [
    'https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows',
  ],
  aliases: ['actionlint/events'],

  pipeline(pipeline, context) {
    if (pipeline.kind !== 'workflow' || isForOtherServer(pipeline)) return;
    const on = findValue(pipeline.node, 'on');
    for (const trigger of pipeline.triggers) checkTrigger(trigger, on, context);
  },
};
