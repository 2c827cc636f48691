import { defaultServiceLevel, type ServiceLevel } from './service-level.ts';

/** What a team decides about its findings. */
export interface TrackingSettings {
  readonly serviceLevel: ServiceLevel;
  /** Tools whose own decisions (suppressed, accepted, false positive) count here; others are only shown. */
  readonly trustedDecisions: ReadonlySet<string>;
  /** How long after it was fixed a finding that comes back is the same one. */
  readonly reopenDays: number;
}

export const defaultTrackingSettings: TrackingSettings = {
  serviceLevel: defaultServiceLevel,
  trustedDecisions: new Set(),
  reopenDays: 90,
};
