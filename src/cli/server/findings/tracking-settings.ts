import { weekdayNumber, type FindingsSection } from '#broker/configuration/findings-section.ts';
import type { Severity } from '#findings/severity.ts';
import { defaultTrackingSettings, type TrackingSettings } from '#findings/tracking/settings.ts';

function minutesOf(offset: string): number {
  const [hours = 0, minutes = 0] = offset.slice(1).split(':').map(Number);
  return (offset.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}

/** What the configuration says about findings; before there is one, what we think is sensible. */
export function trackingSettingsOf(section: FindingsSection | undefined): TrackingSettings {
  if (section === undefined) return defaultTrackingSettings;
  const { serviceLevel, trustedDecisions, reopenDays } = section;
  const { businessDays, holidays, weekend, utcOffset } = serviceLevel;
  const days: Partial<Record<Severity, number>> = {};
  for (const [severity, count] of Object.entries(serviceLevel.days)) {
    if (count !== undefined) Object.assign(days, { [severity]: count });
  }
  return {
    serviceLevel: {
      days,
      businessDays,
      weekend: weekend.map(weekdayNumber).toSorted((a, b) => a - b),
      holidays: new Set(holidays),
      utcOffsetMinutes: minutesOf(utcOffset),
    },
    trustedDecisions: new Set(trustedDecisions),
    reopenDays,
  };
}
