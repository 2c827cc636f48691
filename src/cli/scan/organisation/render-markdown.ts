import { codeSpan, escapeSentence } from '#findings/reporters/markdown/escape.ts';
import { plural } from '#findings/reporters/plain-text.ts';
import type { OrganisationSummary } from '#scan/organisation/summarise.ts';
import { describeCounts } from './describe-counts.ts';

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', `## ${title}`, '', ...lines];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return [];
  const row = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [row(head), row(head.map(() => '---')), ...rows.map(row)];
}

/** The summary for a page of a platform. Words of others never act as markup. */
export function renderMarkdown(summary: OrganisationSummary): string {
  const { repositories, files, bySeverity, acrossRepositories, worst, byRule, byOwner, notLookedAt } =
    summary;
  const lines = [
    '# Pipelines of the organisation',
    '',
    `${describeCounts(bySeverity)} in ${plural(repositories.all, 'repository', 'repositories')} (${plural(files, 'file')}), as of ${summary.asOf}.`,
    ...section(
      'Across repositories',
      acrossRepositories.map(
        ({ severity, message, why, remedy }) =>
          `- **${severity}** — ${escapeSentence(message)}. ${escapeSentence(why)} **Mend it:** ${escapeSentence(remedy)}`,
      ),
    ),
    ...section(
      'Repositories to begin with',
      table(
        ['Repository', 'Findings', 'The worst'],
        worst.map((each) => [
          codeSpan(each.name),
          describeCounts(each.bySeverity),
          escapeSentence(each.findings[0]?.message ?? ''),
        ]),
      ),
    ),
    ...section(
      'By rule',
      table(
        ['Rule', 'Findings', 'Repositories'],
        byRule.map((row) => [codeSpan(row.rule), `${row.findings}`, `${row.repositories}`]),
      ),
    ),
    ...section(
      'By owner',
      table(
        ['Owner', 'Findings', 'Repositories'],
        byOwner.map((row) => [codeSpan(row.owner), `${row.findings}`, `${row.repositories}`]),
      ),
    ),
    ...section(
      'Not, or not fully, looked at',
      notLookedAt.map(({ name, reasons }) => `- ${codeSpan(name)}: ${escapeSentence(reasons.join('; '))}`),
    ),
    ...section(
      'Not known',
      summary.unknown.map((each) => `- ${escapeSentence(each)}`),
    ),
  ];
  return `${lines.join('\n')}\n`;
}
