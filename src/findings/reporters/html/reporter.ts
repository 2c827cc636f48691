import { hash } from 'node:crypto';
import type { Finding, ScanProblem } from '../../finding.ts';
import type { RuleDescription } from '../../rule-description.ts';
import { severities } from '../../severity.ts';
import { escapeMarkup } from '../markup.ts';
import { plural } from '../plain-text.ts';
import type { Reporter, ReportOptions, ScanReport } from '../reporter.ts';
import { renderFinding, renderSentence } from './finding.ts';
import { renderGraph } from './graph.ts';
import { STYLE } from './style.ts';

/** Nothing is loaded, run, framed or sent, even if a name of a scanned file got past the escaping. */
const POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${hash('sha256', STYLE, 'base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

function renderFilters(shown: readonly Finding[]): string {
  const boxes = severities.toReversed().flatMap((severity) => {
    const count = shown.filter((finding) => finding.severity === severity).length;
    if (count === 0) return [];
    return [
      `<label class="${severity}"><input type="checkbox" id="show-${severity}" checked> <span class="tag">${count} ${severity}</span></label>`,
    ];
  });
  return boxes.length === 0 ? '' : `<fieldset><legend>Show</legend>${boxes.join('')}</fieldset>\n`;
}

function renderFiles(findings: readonly Finding[]): string {
  return [...Map.groupBy(findings, ({ locations }) => locations[0].file)]
    .map(
      ([file, list]) =>
        `<section><h2>${escapeMarkup(file)}</h2>\n${list.map(renderFinding).join('')}</section>\n`,
    )
    .join('');
}

function renderProblems(problems: readonly ScanProblem[]): string {
  if (problems.length === 0) return '';
  const rows = problems.map(
    ({ file, line, column, message, partial }) =>
      `<li><b>${partial ? 'read in part' : 'not read'}</b> <code>${escapeMarkup(`${file}:${line}:${column}`)}</code> ${renderSentence(message)}</li>`,
  );
  return `<h2>Not looked at</h2><ul>${rows.join('')}</ul>\n`;
}

function renderSuppressed(findings: readonly Finding[]): string {
  if (findings.length === 0) return '';
  return `<h2>Left to stand</h2><details><summary>${plural(findings.length, 'finding')} that somebody decided to live with</summary>${renderFiles(findings)}</details>\n`;
}

function renderRules(rules: readonly RuleDescription[], shown: readonly Finding[]): string {
  const rows = rules.map(({ id, title, persona, standards }) => {
    const count = shown.filter(({ ruleId }) => ruleId === id).length;
    const names = [...standards.cicdSec, ...standards.cwe].join(', ');
    const cells = [
      `<b>${escapeMarkup(id)}</b>`,
      renderSentence(title),
      persona,
      escapeMarkup(names),
      String(count),
    ];
    return `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
  });
  const head = ['rule', 'what', 'for', 'standards', 'found'].map((name) => `<th scope="col">${name}</th>`);
  return `<h2>Rules</h2><details><summary>${plural(rules.length, 'rule')} ran</summary><table><thead><tr>${head.join('')}</tr></thead><tbody>${rows.join('')}</tbody></table></details>\n`;
}

function renderSummary(report: ScanReport, shown: readonly Finding[], options: ReportOptions): string {
  const kinds = Object.entries(report.fileKinds).map(([kind, count]) => `${count} ${kind}`);
  const what = shown.length === 0 ? 'Nothing found' : plural(shown.length, 'finding');
  const files = `${plural(report.filesScanned, 'file')}${kinds.length === 0 ? '' : ` (${kinds.join(', ')})`}`;
  const when = new Date(options.timeMs).toISOString().replace(/\.\d+Z$/, 'Z');
  const notes = report.notes.map((note) => `<p class="dim">${renderSentence(note)}</p>`).join('');
  return `<header><h1>Pipeline scan</h1><p>${escapeMarkup(`${what} in ${files}`)}</p><p class="dim">vouchgate ${escapeMarkup(options.toolVersion)}, <time datetime="${when}">${when}</time></p>${notes}</header>\n`;
}

function render(report: ScanReport, options: ReportOptions): string {
  const shown = report.findings.filter(({ suppression }) => suppression === undefined);
  const suppressed = report.findings.filter(({ suppression }) => suppression !== undefined);
  const body = [
    renderSummary(report, shown, options),
    renderGraph(report.graph),
    renderFilters(shown),
    renderFiles(shown),
    renderProblems(report.problems),
    renderSuppressed(suppressed),
    renderRules(report.rules, shown),
  ].join('');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>Pipeline scan</title>
<style>${STYLE}</style>
</head>
<body>
${body}</body>
</html>
`;
}

export const reporter: Reporter = {
  format: 'html',
  summary: 'one page for people: filters, source, why, how to mend it; loads and runs nothing',
  render,
};
