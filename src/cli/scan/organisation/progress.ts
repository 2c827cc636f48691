import type { OrganisationProgress } from '#scan/organisation/scan-organisation.ts';
import type { CommandStreams } from '../../command.ts';
import { formatDuration } from '../../output.ts';

const REDRAW_MS = 200;
const QUIET_MS = 1_000;

/** How far it is, how fast it goes and how long it will take, in one line. */
export function describeProgress({ done, all, findings }: OrganisationProgress, elapsedMs: number): string {
  const perSecond = elapsedMs === 0 ? 0 : (done / elapsedMs) * 1000;
  const left = perSecond === 0 ? '' : `, ${formatDuration((all - done) / perSecond)} left`;
  return `scanning: ${done} of ${all} repositories, ${findings} findings, ${perSecond.toFixed(0)} a second${left}`;
}

/** A line on a terminal's stderr; silent elsewhere. */
export function createOrganisationProgress({ stderr, clock }: CommandStreams, quiet: boolean) {
  if (quiet || stderr.isTTY !== true) return { update: () => {}, clear: () => {} };
  let startMs = clock.nowMs();
  let drawnMs = 0;
  let last = 0;
  return {
    update(progress: OrganisationProgress): void {
      const nowMs = clock.nowMs();
      // The second round, over those that call one another, counts anew.
      if (progress.done < last) startMs = nowMs;
      last = progress.done;
      if (nowMs - startMs < QUIET_MS || nowMs - drawnMs < REDRAW_MS) return;
      drawnMs = nowMs;
      stderr.write(`\r\u001b[K${describeProgress(progress, nowMs - startMs)}`);
    },
    clear(): void {
      if (drawnMs > 0) stderr.write('\r\u001b[K');
    },
  };
}
