/** What one benchmark found. Values carry their units; notes say how to read them and how to repeat them. */
export interface BenchReport {
  name: string;
  rows: { label: string; value: string }[];
  notes: string[];
}

/** A report as text in 80 columns, figures aligned. */
export function formatReport(report: BenchReport): string {
  const width = Math.max(0, ...report.rows.map(({ label }) => label.length));
  const rows = report.rows.map(({ label, value }) => `  ${label.padEnd(width)}  ${value}`);
  return [report.name, ...rows, ...report.notes.map((note) => `  · ${note}`), ''].join('\n');
}
