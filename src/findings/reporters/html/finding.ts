import { describeGain, describeNeed } from '../../attack.ts';
import type { Finding, Location } from '../../finding.ts';
import { escapeMarkup } from '../markup.ts';

/** A sentence with names between backticks, as messages of rules have them. */
export function renderSentence(text: string): string {
  const parts = text.split(/`([^`]+)`/);
  return parts
    .map((part, index) => (index % 2 === 1 ? `<code>${escapeMarkup(part)}</code>` : escapeMarkup(part)))
    .join('');
}

function placeOf({ file, start }: Location): string {
  return `<code>${escapeMarkup(`${file}:${start.line}:${start.column}`)}</code>`;
}

/** One line with the part in question marked. Cut before it is escaped: escapes are longer than what they stand for. */
function renderLine(line: string, number: number, { start, end }: Location): string {
  const inside = number >= start.line && number <= end.line;
  const from = number === start.line ? start.column - 1 : line.length - line.trimStart().length;
  const to = number === end.line ? end.column - 1 : line.length;
  if (!inside || to <= from) return escapeMarkup(line);
  const [before, marked, after] = [line.slice(0, from), line.slice(from, to), line.slice(to)];
  return `${escapeMarkup(before)}<mark>${escapeMarkup(marked)}</mark>${escapeMarkup(after)}`;
}

function renderExcerpt(location: Location): string {
  const { firstLine, lines } = location.excerpt;
  const width = String(firstLine + lines.length).length;
  const rows = lines.map((line, index) => {
    const number = firstLine + index;
    return `<i>${String(number).padStart(width)} │ </i>${renderLine(line, number, location)}`;
  });
  return `<pre>${rows.join('\n')}</pre>`;
}

function renderAttack(attack: Finding['attack']): string {
  if (attack === undefined) return '';
  return `<p>It reaches ${renderSentence(describeGain(attack))}. What it takes: ${renderSentence(describeNeed(attack))}.</p>`;
}

function renderPath({ path = [], attack }: Finding): string {
  if (path.length === 0) return '';
  const hops = path.map(
    ({ label, location }) =>
      `<li>${renderSentence(label)} <span class="dim">at</span> ${placeOf(location)}</li>`,
  );
  return `<dt>The way of an attack</dt><dd><ol>${hops.join('')}</ol>${renderAttack(attack)}</dd>`;
}

function renderRelated({ locations }: Finding): string {
  const others = locations
    .slice(1)
    .map(
      (location) =>
        `<li>${placeOf(location)} ${renderSentence(location.label ?? '')}${renderExcerpt(location)}</li>`,
    );
  return others.length === 0 ? '' : `<dt>See also</dt><dd><ul>${others.join('')}</ul></dd>`;
}

function renderFixes({ fixes }: Finding): string {
  const items = fixes.map(({ title, safety }) => {
    const flag = safety === 'safe' ? '--fix' : '--fix=unsafe';
    return `<li><code>vouchgate scan ${flag}</code>: ${renderSentence(title)}</li>`;
  });
  return items.length === 0 ? '' : `<dt>Can be mended for you</dt><dd><ul>${items.join('')}</ul></dd>`;
}

function renderSuppression({ suppression }: Finding): string {
  if (suppression === undefined) return '';
  const { kind, justification, owner, expires } = suppression;
  const facts = [
    kind,
    justification ?? 'no reason given',
    ...(owner === undefined ? [] : [`by ${owner}`]),
    ...(expires === undefined ? [] : [`until ${expires}`]),
  ];
  return `<dt>Suppressed</dt><dd>${escapeMarkup(facts.join(', '))}</dd>`;
}

export function renderFinding(finding: Finding): string {
  const { severity, confidence, ruleId, message, explanation, remedy, locations } = finding;
  const [place] = locations;
  const sure = confidence === 'high' ? '' : ` <span class="dim">(${confidence} confidence)</span>`;
  const head = `<span class="tag">${severity}</span> <b>${escapeMarkup(ruleId)}</b> <span class="dim">line ${place.start.line}</span> ${renderSentence(message)}${sure}`;
  const facts = [
    `<dt>Why</dt><dd>${renderSentence(explanation)}</dd>`,
    `<dt>Mend</dt><dd>${renderSentence(remedy)}</dd>`,
    finding.owner === undefined ? '' : `<dt>Whose it is</dt><dd>${escapeMarkup(finding.owner)}</dd>`,
    renderPath(finding),
    renderRelated(finding),
    renderFixes(finding),
    renderSuppression(finding),
  ].join('');
  return `<details class="finding ${severity}"><summary>${head}</summary>${renderExcerpt(place)}<p>${placeOf(place)}</p><dl>${facts}</dl></details>\n`;
}
