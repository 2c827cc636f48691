import type { Pipeline } from '#pipeline/model.ts';
import { asScalar, findValue, itemsOf } from '#pipeline/yaml/access.ts';
import type { RuleContext } from '../../rule.ts';

/** `Area/City` and the few words without an area. The data of the runtime that scans knows which exist. */
function isTimeZone(name: string): boolean {
  try {
    return Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** Time zones of schedules that do not exist. */
export function checkSchedule(pipeline: Pipeline, context: RuleContext): void {
  for (const item of itemsOf(findValue(findValue(pipeline.node, 'on'), 'schedule'))) {
    const zone = asScalar(findValue(item, 'timezone'));
    if (zone === undefined || zone.value === '' || zone.value.length > 60 || isTimeZone(zone.value)) continue;
    context.report({
      at: zone,
      message: `there is no time zone "${zone.value.slice(0, 60)}"`,
      remedy: 'Write a name of the IANA time zone database: `Europe/Berlin`, `UTC`.',
    });
  }
}
