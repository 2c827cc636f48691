import { type CompanyRepository, PREVIEW_OPENED_AT_SHARE } from './company-repositories.ts';
import { atShare, MINUTE_MS } from './plan.ts';
import { lastCommit, type WorkPlan } from './plan-work.ts';
import { companyFlaws } from './reports/company-flaws.ts';

/** Scans run every week or so, and once more shortly before now. */
const REPORTED_AT_SHARES = [0.02, 0.35, 0.7, 0.95];

/** All pipelines are inspected in the first days, in the middle and shortly before now; these when they have changed. */
const INSPECTED_AT_SHARES = [0.01, 0.5, 0.96];
const INSPECTED_AFTER_CHANGE: Readonly<Record<string, number>> = {
  'acme/shop': PREVIEW_OPENED_AT_SHARE + 0.03,
  'acme/infrastructure': 0.38,
};

/** Pipelines are inspected anew when they were changed: the findings follow. */
export function planInspections(plan: WorkPlan, repositories: readonly CompanyRepository[]): void {
  repositories.forEach((repository, index) => {
    const changed = INSPECTED_AFTER_CHANGE[repository.name];
    for (const share of changed === undefined ? INSPECTED_AT_SHARES : [...INSPECTED_AT_SHARES, changed]) {
      const atMs = atShare(plan.span, share) + index * MINUTE_MS;
      const commit = lastCommit(plan, repository, atMs);
      if (commit !== undefined) plan.steps.push({ kind: 'inspect', atMs, commit });
    }
  });
}

/** The reports of the company's tools: what is mended is no longer in the next one. */
export function planReports(plan: WorkPlan, repositories: readonly CompanyRepository[]): void {
  for (const share of REPORTED_AT_SHARES) {
    companyFlaws.forEach(({ repository: name, tool, flaws }, index) => {
      const atMs = atShare(plan.span, share) + index * MINUTE_MS;
      const repository = repositories.find((each) => each.name === name);
      const commit = repository === undefined ? undefined : lastCommit(plan, repository, atMs);
      if (commit === undefined) return;
      const seen = flaws.filter(({ from, until }) => from <= share && share < until);
      plan.steps.push({ kind: 'report', atMs, commit, tool, flaws: seen });
    });
  }
}
