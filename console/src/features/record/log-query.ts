import { operationQuery } from '../../api/queries.ts';

const REFRESH_MS = 5_000;

export const logStatusQuery = { ...operationQuery('getLogStatus', {}), refetchInterval: REFRESH_MS };
export const sinksQuery = { ...operationQuery('listSinks', {}), refetchInterval: REFRESH_MS };

const NUMBER = new Intl.NumberFormat('en');

export function formatCount(value: number): string {
  return NUMBER.format(value);
}

/** "0.4 s", "12 min", "3 days". */
export function formatLag(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3_600)} h` : `${Math.round(seconds / 86_400)} days`;
}
