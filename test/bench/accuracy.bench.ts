import { rules } from '#scan/rules.generated.ts';
import { compareWithCodeql } from './accuracy/codeql.ts';
import { openLabelledCorpus } from './accuracy/corpus.ts';
import { judgeIncidents } from './accuracy/incidents.ts';
import { comparePermissions } from './accuracy/permissions.ts';
import { compareWithZizmor } from './accuracy/zizmor.ts';
import type { BenchReport } from './report.ts';

function under(prefix: string, rows: BenchReport['rows']): BenchReport['rows'] {
  return rows.map(({ label, value }) => ({ label: `${prefix}: ${label}`, value }));
}

/** How often the scanner says what others say of the same files, and what it says of repositories that were broken into. */
export async function run(_options: { quick: boolean }): Promise<BenchReport> {
  const name = `accuracy of ${rules.length} rules`;
  const corpus = openLabelledCorpus();
  if (corpus === undefined) {
    const missing = 'no labelled corpus: VOUCHGATE_BENCH_CORPUS names a folder with LABELS.jsonl and open/';
    return { name, rows: [], notes: [missing] };
  }
  return {
    name,
    rows: [
      ...under('CodeQL', compareWithCodeql(corpus)),
      ...under('zizmor', compareWithZizmor(corpus)),
      ...under('incident', judgeIncidents(corpus)),
      ...under('permissions', comparePermissions(corpus.folder)),
    ],
    notes: [
      'files: recall without what only auditors see; precision of what everybody sees, in folders whose tests CodeQL ran that query on',
      'found, lines: one of our findings of that kind, for any persona, spans the line that is labelled',
      'agreed: at that line, or in the step, job or block that begins there; explained: with a reason in zizmor-differences.ts',
      'ours it knows: of our findings for the regular persona, those in files where the other has that kind',
      'CodeQL by the platforms’ rules of 2026-01, zizmor of 2026-11, incidents of their own day',
      'incidents: only rules that look for what was used; a build fails from high on, for the regular persona',
      'the labels are what other tools say, not the truth: zizmor’s lower levels also name what no outsider can use',
      'permissions: what is inferred for a job against what StepSecurity’s own tests write; scopes have to be the same, to the letter',
      'not compared: actionlint, KICS and Semgrep labels; GitLab, which has none',
    ],
  };
}
