import type { Attack } from '#findings/attack.ts';
import type { Confidence } from '#findings/severity.ts';
import type { JobSurface, Start } from '#pipeline/surface.ts';
import { isOutsider } from '#pipeline/trigger.ts';
import { credentialsOf, nameCredential } from './surface-credentials.ts';
import type { SurfaceJob } from './surface-jobs.ts';

/** How far somebody without rights gets into a job. */
export interface Exposure {
  readonly reach: /** Outsiders start it, and it runs with what the project gave it. */
    | 'full'
    /** Outsiders start it; credentials stay away from it. */
    | 'bare'
    /** Only people with rights start it. */
    | 'members'
    /** The file does not say what starts it: a template, a task. */
    | 'unknown';
  /** The start that makes it so. */
  readonly start: Start | undefined;
}

/** The code of a pull request or a fork, before anybody took it in. */
export function runsForeignCode({ code }: Start): boolean {
  return code === 'head' || code === 'merge';
}

function openness({ actor, authority, setting }: Start): number {
  if (!isOutsider(actor)) return 0;
  // What only a setting opens comes behind what the file alone opens, whatever it may do.
  return (setting === undefined ? 4 : 1) + (authority === 'full' ? 2 : 0) + (actor === 'anyone' ? 0.5 : 0);
}

/** The worst way in, of all or of those that are asked for. */
export function exposureOf(
  { starts }: JobSurface,
  isMeant: (start: Start) => boolean = () => true,
): Exposure {
  if (starts.length === 0) return { reach: 'unknown', start: undefined };
  const [worst] = starts.filter(isMeant).toSorted((left, right) => openness(right) - openness(left));
  if (worst === undefined || !isOutsider(worst.actor)) return { reach: 'members', start: worst };
  return { reach: worst.authority === 'full' ? 'full' : 'bare', start: worst };
}

/** Less sure where a setting that is not in the file decides. */
export function confidenceOf({ start }: Exposure): Confidence {
  if (start === undefined) return 'low';
  return start.setting === undefined ? 'high' : 'medium';
}

/** What is left open, for the end of a message; empty when the file alone decides. */
export function describeSetting({ start }: Exposure): string {
  return start?.setting === undefined ? '' : `, if ${start.setting.slice(0, 60)} is on`;
}

/** What it takes and what it gives, when an outsider gets in. */
export function attackOf({ job, surface }: SurfaceJob, { start, reach }: Exposure): Attack | undefined {
  if (start === undefined || (reach !== 'full' && reach !== 'bare')) return undefined;
  const waits = start.actor !== 'anyone' || surface.approvals.length > 0;
  const gains = reach === 'full' ? credentialsOf(surface) : [];
  return {
    complexity: waits ? 'medium' : 'low',
    reaches: gains.slice(0, 5).map((credential) => nameCredential(credential, job.pipeline.platform)),
    ...(start.setting === undefined ? {} : { partial: start.setting.slice(0, 100) }),
  };
}
