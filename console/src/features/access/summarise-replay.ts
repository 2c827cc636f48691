import type { Replay, ReplayedUse } from '#api/replay.ts';

export function plural(count: number, one: string, many: string): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}

function runsOf(uses: readonly ReplayedUse[]): number {
  return uses.reduce((sum, { runs }) => sum + runs, 0);
}

/** In one sentence: whom the change would have hit. */
export function summariseReplay(replay: Pick<Replay, 'lose' | 'gain' | 'unclear' | 'runs' | 'days'>): string {
  const { lose, gain, unclear, runs, days } = replay;
  const hit = [...lose, ...gain, ...unclear];
  if (hit.length === 0) {
    return `Nobody loses and nobody gains access, in ${plural(runs, 'run', 'runs')} of ${days} days.`;
  }
  const parts = [
    lose.length === 0
      ? 'Nobody would lose access'
      : `${plural(lose.length, 'job', 'jobs')} would lose access`,
    gain.length === 0 ? undefined : `${plural(gain.length, 'job', 'jobs')} would gain it`,
    unclear.length === 0 ? undefined : `for ${plural(unclear.length, 'job', 'jobs')} nobody can say`,
  ];
  const said = parts.filter((part) => part !== undefined).join(', ');
  return `${said}: ${runsOf(hit).toLocaleString('en')} of ${plural(runs, 'run', 'runs')} in ${days} days.`;
}
