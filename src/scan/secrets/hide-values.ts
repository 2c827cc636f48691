import type { Finding, Location } from '#findings/finding.ts';

const CHARS_MIN = 6;

function hide(text: string, values: readonly string[]): string {
  let shown = text;
  for (const value of values)
    if (shown.includes(value)) shown = shown.replaceAll(value, '*'.repeat(value.length));
  return shown;
}

function hideIn(location: Location, values: readonly string[]): Location {
  const { excerpt } = location;
  return { ...location, excerpt: { ...excerpt, lines: excerpt.lines.map((line) => hide(line, values)) } };
}

/**
 * A finding of another rule, without secrets that are known to stand in its file: a report shows the line for another
 * reason, and must not give away what is on it. A fix that would is left out of the report.
 */
export function hideValues(finding: Finding, all: readonly string[]): Finding {
  const values = all.filter((value) => value.length >= CHARS_MIN);
  const text = JSON.stringify(finding);
  if (!values.some((value) => text.includes(JSON.stringify(value).slice(1, -1)))) return finding;
  const [first, ...others] = finding.locations;
  return {
    ...finding,
    message: hide(finding.message, values),
    explanation: hide(finding.explanation, values),
    remedy: hide(finding.remedy, values),
    locations: [hideIn(first, values), ...others.map((each) => hideIn(each, values))],
    ...(finding.path === undefined
      ? {}
      : {
          path: finding.path.map(({ label, location }) => ({
            label: hide(label, values),
            location: hideIn(location, values),
          })),
        }),
    fixes: finding.fixes.filter(
      ({ title, edits }) =>
        !values.some(
          (value) => title.includes(value) || edits.some(({ replacement }) => replacement.includes(value)),
        ),
    ),
  };
}
