import type { Severity } from '#findings/severity.ts';
import type { Figures, RepositorySummary } from '#inventory/ports.ts';
import { readInteger, readOptionalText, readText, type SqlValue } from '../sql-value.ts';

/** As they are numbered in columns; 0 stands for none. */
const SEVERITIES: readonly Severity[] = ['info', 'low', 'medium', 'high', 'critical'];

export function severityNumber(severity: Severity | undefined): number {
  return severity === undefined ? 0 : SEVERITIES.indexOf(severity) + 1;
}

export const wordsOf = (text: string): string[] => text.split(' ');

export const FIGURES = [
  'pipelines',
  'infos',
  'lows',
  'mediums',
  'highs',
  'criticals',
  'attacks',
  'credentials',
] as const;

export function figuresOf({ pipelines, findings, attackPaths, staticCredentials }: Figures): number[] {
  const { info, low, medium, high, critical } = findings;
  return [pipelines, info, low, medium, high, critical, attackPaths, staticCredentials];
}

/** From the values of the columns {@link FIGURES}. */
export function figuresFrom(values: readonly SqlValue[]): Figures {
  const [pipelines, info, low, medium, high, critical, attackPaths, staticCredentials] = values;
  return {
    pipelines: readInteger(pipelines),
    findings: {
      info: readInteger(info),
      low: readInteger(low),
      medium: readInteger(medium),
      high: readInteger(high),
      critical: readInteger(critical),
    },
    attackPaths: readInteger(attackPaths),
    staticCredentials: readInteger(staticCredentials),
  };
}

export const REPOSITORY_COLUMNS = [
  ...wordsOf('name inspection rank platforms worst branch commit_id at_ms by_whom'),
  ...FIGURES,
].join(', ');

export function repositoryFromRow(row: readonly SqlValue[]): {
  readonly rank: number;
  readonly summary: RepositorySummary;
} {
  const [name, id, rank, platforms, worst, branch, commit, atMs, by, ...figures] = row;
  const summary = {
    repository: readText(name),
    id: readText(id),
    platforms: readText(platforms)
      .split(',')
      .filter((each) => each !== ''),
    worst: SEVERITIES[readInteger(worst) - 1],
    branch: readOptionalText(branch),
    commit: readText(commit),
    atMs: readInteger(atMs),
    by: readText(by),
    ...figuresFrom(figures),
  };
  return { rank: readInteger(rank), summary };
}
