import type { ScanProblem } from '#findings/finding.ts';
import { messageOf } from '#core/errors.ts';
import { TaintAnalysis } from '#pipeline/github/taint/taint-analysis.ts';
import type { Pipeline } from '#pipeline/model.ts';
import type { ReadFile } from '#pipeline/read-file.ts';
import type { Repository } from '#pipeline/repository.ts';
import type { Rule } from './rule.ts';
import { type FindingDraft, RuleRun, type RunOptions } from './rule-run.ts';

function runOnPipeline(rule: Rule, pipeline: Pipeline, run: RuleRun): void {
  const { source } = pipeline;
  if (!rule.platforms.includes(pipeline.platform)) return;
  run.enter({ source, pipeline });
  rule.pipeline?.(pipeline, run);
  if (rule.job === undefined && rule.step === undefined) return;
  for (const job of pipeline.jobs) {
    run.enter({ source, pipeline, job });
    rule.job?.(job, run);
    if (rule.step === undefined) continue;
    for (const step of job.steps) {
      run.enter({ source, pipeline, job, step });
      rule.step(step, run);
    }
  }
}

function runOnFile(rule: Rule, file: ReadFile, run: RuleRun): void {
  run.enter({ source: file.source });
  rule.file?.(file, run);
  for (const definition of file.definitions) {
    if (definition.kind === 'pipeline') runOnPipeline(rule, definition.pipeline, run);
    else {
      run.enter({ source: file.source });
      if (rule.platforms.includes(definition.configuration.platform)) {
        rule.configuration?.(definition.configuration, run);
      }
    }
  }
}

/** A rule that fails has looked at nothing there: that is a record, and the other rules go on. */
function attempt(rule: Rule, file: string, problems: ScanProblem[], work: () => void): void {
  try {
    work();
  } catch (error) {
    const message = `the rule ${rule.id} failed here (${messageOf(error)}); please report it`;
    problems.push({ file, line: 1, column: 1, message, partial: true });
  }
}

/** Runs rules over everything of one repository. */
export function runRules(
  rules: readonly Rule[],
  repository: Repository,
  options: RunOptions,
): { drafts: FindingDraft[]; problems: ScanProblem[] } {
  const taint = new TaintAnalysis(repository);
  const problems: ScanProblem[] = [];
  const drafts: FindingDraft[] = [];
  for (const rule of rules) {
    const run = new RuleRun(rule, repository, taint, options);
    for (const file of repository.files) {
      attempt(rule, file.source.file, problems, () => runOnFile(rule, file, run));
    }
    run.enter(undefined);
    const [first] = repository.files;
    if (rule.repository !== undefined && first !== undefined) {
      attempt(rule, first.source.file, problems, () => rule.repository?.(repository, run));
    }
    for (const draft of run.drafts) drafts.push(draft);
    if (run.dropped > 0) {
      const message = `${run.dropped} more findings of ${rule.id} are not shown`;
      problems.push({ file: first?.source.file ?? '', line: 1, column: 1, message, partial: true });
    }
  }
  return { drafts, problems };
}
