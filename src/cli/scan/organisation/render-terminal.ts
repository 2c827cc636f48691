import { plural, visible, wrap } from '#findings/reporters/plain-text.ts';
import type { OrganisationSummary } from '#scan/organisation/summarise.ts';
import { describeCounts } from './describe-counts.ts';

const SHOWN_MAX = 10;
const FAILED_SHOWN_MAX = 20;

function heading(title: string): string[] {
  return ['', title];
}

function showMore(all: number, shown: number, where: string): string[] {
  return all > shown ? [`  … and ${all - shown} more ${where}`] : [];
}

function across(summary: OrganisationSummary, columns: number): string[] {
  const { acrossRepositories: found, acrossRepositoriesLeft: left } = summary;
  if (found.length === 0) return [];
  const lines = found
    .slice(0, SHOWN_MAX)
    .flatMap(({ severity, kind, message, remedy }) => [
      `  ${severity}  ${kind}`,
      ...wrap(message, columns - 4).map((line) => `    ${line}`),
      ...wrap(remedy, columns - 6).map((line, index) => `    ${index === 0 ? '→' : ' '} ${line}`),
    ]);
  return [
    ...heading('Across repositories'),
    ...lines,
    ...showMore(found.length + left, Math.min(found.length, SHOWN_MAX), 'in the JSON summary'),
  ];
}

function worst(summary: OrganisationSummary, columns: number): string[] {
  if (summary.worst.length === 0) return [];
  const lines = summary.worst
    .slice(0, SHOWN_MAX)
    .flatMap(({ name, bySeverity, findings }) => [
      `  ${visible(name)}  ${describeCounts(bySeverity)}`,
      ...findings
        .slice(0, 1)
        .flatMap(({ ruleId, message, file, line }) =>
          wrap(`${file}:${line} ${message} (${ruleId})`, columns - 4).map((each) => `    ${each}`),
        ),
    ]);
  return [...heading('Repositories to begin with'), ...lines];
}

function table(
  title: string,
  rows: readonly { readonly name: string; readonly findings: number; readonly repositories: number }[],
): string[] {
  if (rows.length === 0) return [];
  const shown = rows.slice(0, SHOWN_MAX);
  const width = Math.max(...shown.map(({ name }) => visible(name).length));
  const lines = shown.map(
    ({ name, findings, repositories }) =>
      `  ${visible(name).padEnd(width)}  ${plural(findings, 'finding')} in ${plural(repositories, 'repository', 'repositories')}`,
  );
  return [...heading(title), ...lines, ...showMore(rows.length, shown.length, 'in the JSON summary')];
}

function notLookedAt({ notLookedAt: failed }: OrganisationSummary): string[] {
  if (failed.length === 0) return [];
  const lines = failed
    .slice(0, FAILED_SHOWN_MAX)
    .map(({ name, reasons }) => `  ${visible(name)}: ${visible(reasons[0] ?? 'unknown')}`);
  return [
    ...heading('Not, or not fully, looked at'),
    ...lines,
    ...showMore(failed.length, FAILED_SHOWN_MAX, 'in the JSON summary'),
  ];
}

/** The summary for people at a terminal, in lines of at most `columns` where words allow it. */
export function renderTerminal(summary: OrganisationSummary, columns: number): string {
  const { repositories, files, bySeverity, byRule, byOwner, unknown } = summary;
  const all = plural(repositories.all, 'repository', 'repositories');
  const lines = [
    `${describeCounts(bySeverity)} in ${all} (${plural(files, 'file')}; ${repositories.empty} without pipelines, ${repositories.failed} not fully looked at)`,
    ...across(summary, columns),
    ...worst(summary, columns),
    ...table(
      'By rule',
      byRule.map(({ rule, ...row }) => ({ name: rule, ...row })),
    ),
    ...table(
      'By owner',
      byOwner.map(({ owner, ...row }) => ({ name: owner, ...row })),
    ),
    ...notLookedAt(summary),
    ...(unknown.length === 0 ? [] : heading('Not known')),
    ...unknown.flatMap((each) => wrap(each, columns - 2).map((line) => `  ${line}`)),
  ];
  return `${lines.join('\n')}\n`;
}
