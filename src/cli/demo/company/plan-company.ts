import { definitionsAt } from './company-definitions.ts';
import { type CompanyRepository, companyRepositories, DATABASE_RESOURCE } from './company-repositories.ts';
import { configurationChanges } from './company-configuration.ts';
import { atShare, MINUTE_MS, type Plan, type PlannedStep, type PlayedSpan } from './plan.ts';
import { planInspections, planReports } from './plan-reports.ts';
import { planTriage } from './plan-triage.ts';
import { planTrouble } from './plan-trouble.ts';
import { planDay, WorkPlan } from './plan-work.ts';
import { SeededChance } from './seeded-chance.ts';

/** Jobs still have what they were given when the play ends; nothing begins in its last minute. */
const QUIET_MS = MINUTE_MS;
const DATABASE_QUIET_MS = 60 * MINUTE_MS;

function planBeginning(plan: WorkPlan, repository: CompanyRepository): void {
  const { span } = plan;
  const atMs = span.startMs;
  const files = definitionsAt(repository, span, atMs);
  plan.commit({
    repository,
    branch: 'main',
    atMs,
    author: repository.people[0],
    message: 'as it was',
    files,
  });
}

/** All that happens at the company in that time. The same seed and span give the same plan. */
export function planCompany(span: PlayedSpan, seed: number, options: { hasDatabase: boolean }): Plan {
  const plan = new WorkPlan(span, new SeededChance(seed));
  for (const repository of companyRepositories) planBeginning(plan, repository);
  for (const dayMs of plan.days()) planDay(plan, companyRepositories, dayMs);
  planTrouble(plan, companyRepositories);
  planReports(plan, companyRepositories);
  planInspections(plan, companyRepositories);
  planTriage(plan);
  configurationChanges.forEach(({ share }, version) => {
    if (version > 0) plan.steps.push({ kind: 'configure', version, atMs: atShare(span, share) });
  });
  const isPlayed = ({ atMs }: { atMs: number }): boolean =>
    atMs >= span.startMs && atMs <= span.endMs - QUIET_MS;
  // At the end nothing of the company is left in the database: the scenes that follow look at what is there.
  const databaseEndMs = options.hasDatabase ? span.endMs - DATABASE_QUIET_MS : 0;
  const isPossible = (step: PlannedStep): boolean =>
    !('job' in step) || step.job.resource !== DATABASE_RESOURCE || step.atMs < databaseEndMs;
  return {
    commits: plan.commits.filter(isPlayed),
    steps: plan.steps
      .filter((step) => isPlayed(step) && isPossible(step))
      .toSorted((left, right) => left.atMs - right.atMs),
  };
}
