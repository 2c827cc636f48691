import { STYLE } from '#findings/reporters/html/style.ts';
import { escapeMarkup } from '#findings/reporters/markup.ts';
import { plural } from '#findings/reporters/plain-text.ts';
import type { OrganisationSummary } from '#scan/organisation/summarise.ts';
import { describeCounts } from './describe-counts.ts';

function section(title: string, body: string): string {
  return body === '' ? '' : `<h2>${title}</h2>\n${body}\n`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const cells = (tag: string, row: readonly string[]) =>
    row.map((cell) => `<${tag}>${cell}</${tag}>`).join('');
  const body = rows.map((row) => `<tr>${cells('td', row)}</tr>`).join('\n');
  return `<table><thead><tr>${cells('th', head)}</tr></thead><tbody>\n${body}\n</tbody></table>`;
}

const code = (text: string): string => `<code>${escapeMarkup(text)}</code>`;

function across({ acrossRepositories }: OrganisationSummary): string {
  return acrossRepositories
    .map(
      ({ severity, message, why, remedy, from, to }) =>
        `<details class="finding ${severity}"><summary><span class="tag">${severity}</span> ${escapeMarkup(message)}</summary>` +
        `<p>${escapeMarkup(why)}</p><p><b>Mend it:</b> ${escapeMarkup(remedy)}</p>` +
        `<p class="dim">From ${from.map(code).join(', ')} to ${to.map(code).join(', ')}</p></details>`,
    )
    .join('\n');
}

/** The summary as one page: no script, nothing loaded from elsewhere. */
export function renderHtml(summary: OrganisationSummary): string {
  const { repositories, files, bySeverity, worst, byRule, byOwner, notLookedAt, unknown } = summary;
  const counts = (rows: readonly { name: string; findings: number; repositories: number }[]) =>
    rows.map(({ name, findings, repositories: count }) => [code(name), `${findings}`, `${count}`]);
  const list = (items: readonly string[]) =>
    items.length === 0 ? '' : `<ul>${items.map((each) => `<li>${each}</li>`).join('\n')}</ul>`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Pipelines of the organisation</title><style>${STYLE}</style></head><body>
<h1>Pipelines of the organisation</h1>
<p>${describeCounts(bySeverity)} in ${plural(repositories.all, 'repository', 'repositories')} (${plural(files, 'file')}), as of ${summary.asOf}.</p>
${section('Across repositories', across(summary))}${section(
  'Repositories to begin with',
  table(
    ['Repository', 'Findings', 'The worst'],
    worst.map((each) => [
      code(each.name),
      describeCounts(each.bySeverity),
      escapeMarkup(each.findings[0]?.message ?? ''),
    ]),
  ),
)}${section('By rule', table(['Rule', 'Findings', 'Repositories'], counts(byRule.map(({ rule: name, ...row }) => ({ name, ...row })))))}${section(
  'By owner',
  table(
    ['Owner', 'Findings', 'Repositories'],
    counts(byOwner.map(({ owner: name, ...row }) => ({ name, ...row }))),
  ),
)}${section(
  'Not, or not fully, looked at',
  list(notLookedAt.map(({ name, reasons }) => `${code(name)}: ${escapeMarkup(reasons.join('; '))}`)),
)}${section('Not known', list(unknown.map(escapeMarkup)))}</body></html>
`;
}
