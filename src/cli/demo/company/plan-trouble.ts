import { definitionPath, type CompanyRepository } from './company-repositories.ts';
import { definitionsAt, readDefinition } from './company-definitions.ts';
import { atShare, DAY_MS, MINUTE_MS, type PlannedCommit, type PlannedJob } from './plan.ts';
import { lastCommit, type WorkPlan } from './plan-work.ts';

const MAIN = 'refs/heads/main';
const REPLAYED_AT_SHARES = [0.31, 0.62, 0.9];
const POISONED_AT_SHARE = 0.82;

function find(repositories: readonly CompanyRepository[], name: string): CompanyRepository {
  const found = repositories.find((repository) => repository.name === name);
  if (found === undefined) throw new Error(`the company has no repository ${name}`);
  return found;
}

function ask(plan: WorkPlan, atMs: number, job: Omit<PlannedJob, 'run' | 'commit'>): PlannedJob | undefined {
  const commit = lastCommit(plan, job.repository, atMs);
  if (commit === undefined) return undefined;
  const planned = { ...job, commit, run: plan.nextRun() };
  plan.ask(atMs, planned, 4);
  return planned;
}

/** Mistakes of every day: honest people, and policies that say no. */
function planMistakes(plan: WorkPlan, repositories: readonly CompanyRepository[], dayMs: number): void {
  const { chance } = plan;
  const [shop, mobile, search] = ['acme/shop', 'acme/mobile', 'acme/search'].map((name) =>
    find(repositories, name),
  );
  if (shop === undefined || mobile === undefined || search === undefined) return;
  const at = (): number => plan.momentOf(dayMs);
  const onPullRequest = { trigger: 'pull_request', ref: `refs/pull/${200 + chance.below(200)}/merge` };
  const pushes = { repository: shop, workflow: 'deploy', resource: 'container-registry', ...onPullRequest };
  ask(plan, at(), pushes);
  if (chance.chance(0.6))
    ask(plan, at(), {
      repository: shop,
      workflow: 'deploy',
      trigger: 'push',
      ref: 'refs/heads/faster-basket',
      environment: 'staging',
      resource: 'shop-staging',
    });
  if (chance.chance(0.5))
    ask(plan, at(), {
      repository: shop,
      workflow: 'deploy',
      trigger: 'workflow_dispatch',
      ref: MAIN,
      environment: 'production',
      resource: 'shop-production',
    });
  if (chance.chance(0.7))
    ask(plan, at(), {
      repository: mobile,
      workflow: 'release',
      trigger: 'push',
      ref: 'refs/heads/new-camera',
      environment: 'beta',
      resource: 'app-signing',
    });
  if (chance.chance(0.4))
    ask(plan, at(), {
      repository: search,
      workflow: 'deploy',
      trigger: 'web',
      ref: 'refs/heads/reindex',
      environment: 'production',
      resource: 'search-production',
    });
  if (chance.chance(0.25))
    ask(plan, at(), {
      repository: shop,
      workflow: 'deploy',
      trigger: 'push',
      ref: MAIN,
      resource: 'package-mirror',
      flaw: chance.chance(0.5) ? 'stale' : 'for-somebody-else',
    });
}

/** Somebody got hold of a token in a log, and tries it. */
function planReplays(plan: WorkPlan, shop: CompanyRepository): void {
  for (const share of REPLAYED_AT_SHARES) {
    const atMs = atShare(plan.span, share);
    const job = ask(plan, atMs, {
      repository: shop,
      workflow: 'deploy',
      trigger: 'push',
      ref: MAIN,
      environment: 'staging',
      resource: 'shop-staging',
    });
    if (job !== undefined) plan.steps.push({ kind: 'replay', atMs: atMs + 2 * MINUTE_MS, job });
  }
}

/**
 * A pull request changes the pipeline itself, so that a job which policies let have a preview sends away what it was
 * given. It asks for more, too.
 */
function planPoisonedPullRequest(plan: WorkPlan, payments: CompanyRepository): PlannedCommit {
  const { span } = plan;
  const atMs = atShare(span, POISONED_AT_SHARE);
  const path = definitionPath(payments, 'deploy');
  const files = [
    ...definitionsAt(payments, span, atMs).filter((file) => file.path !== path),
    { path, text: readDefinition(payments, 'deploy.poisoned') },
  ];
  const author = 'quick-fix-bot';
  const commit = plan.commit({
    repository: payments,
    branch: 'speed-up-tests',
    atMs,
    author,
    message: 'speed up the tests',
    files,
  });
  const job = {
    repository: payments,
    commit,
    workflow: 'deploy',
    trigger: 'pull_request',
    ref: 'refs/pull/318/merge',
    environment: 'preview',
  };
  const run = plan.nextRun();
  ['payments-preview', 'payments-staging', 'payments-production'].forEach((resource, index) =>
    plan.ask(atMs + (2 + index) * MINUTE_MS, { ...job, resource, run }, 3),
  );
  plan.ask(atMs + 40 * MINUTE_MS, { ...job, resource: 'payments-preview', run: plan.nextRun() }, 3);
  return commit;
}

/** All that goes wrong: mistakes, a copied token, an attack, and an emergency that ends what was given out. */
export function planTrouble(plan: WorkPlan, repositories: readonly CompanyRepository[]): void {
  const shop = find(repositories, 'acme/shop');
  for (const dayMs of plan.days()) {
    const isWeekend = [0, 6].includes(new Date(dayMs).getUTCDay());
    if (!isWeekend) planMistakes(plan, repositories, dayMs);
  }
  planReplays(plan, shop);
  planPoisonedPullRequest(plan, find(repositories, 'acme/payments'));
  // A name that no resource has, until somebody reads the log of the job.
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const atMs = atShare(plan.span, 0.12) + attempt * 7 * MINUTE_MS;
    ask(plan, atMs, {
      repository: shop,
      workflow: 'deploy',
      trigger: 'push',
      ref: MAIN,
      environment: 'staging',
      resource: 'shop-stagin',
    });
  }
  plan.steps.push({
    kind: 'revoke-all',
    resource: 'payments-preview',
    atMs: atShare(plan.span, POISONED_AT_SHARE) + 50 * MINUTE_MS,
  });
  plan.steps.push({
    kind: 'seal',
    name: 'partner-sftp-password',
    rotateBy: dayOf(atShare(plan.span, 0.7)),
    atMs: plan.span.startMs,
  });
  plan.steps.push({
    kind: 'seal',
    name: 'app-store-key',
    rotateBy: dayOf(plan.span.endMs + 40 * DAY_MS),
    atMs: plan.span.startMs,
  });
}

function dayOf(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 10);
}
