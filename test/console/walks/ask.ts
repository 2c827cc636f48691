import { companyRepositories } from '#cli/demo/company/company-repositories.ts';
import { claimsOf } from '#cli/demo/company/job-claims.ts';
import type { PlannedJob } from '#cli/demo/company/plan.ts';
import { TokenError, TokenResponse } from '#api/token-exchange.ts';
import { systemClock } from '#core/clock.ts';
import type { ConsoleSite } from '../harness/console-site.ts';

const COMMIT = 'c0ffee'.repeat(6).padEnd(40, '0');

export type Answer =
  | { readonly ok: true; readonly decision: string }
  | { readonly ok: false; readonly refused: TokenError };

/** A job of the company asks for a resource, now: by default a push to main, in that environment. */
export async function askNow(
  site: ConsoleSite,
  wanted: Pick<PlannedJob, 'resource'> & Partial<Omit<PlannedJob, 'repository'>> & { repository: string },
): Promise<Answer> {
  const repository = companyRepositories.find(({ name }) => name === wanted.repository);
  if (repository === undefined) throw new Error(`the company has no ${wanted.repository}`);
  const commit = { repository, branch: 'main', atMs: Date.now(), author: 'ann', message: '', files: [] };
  const job: PlannedJob = {
    commit,
    workflow: 'deploy',
    trigger: 'push',
    ref: 'refs/heads/main',
    run: 99_000,
    ...wanted,
    repository,
  };
  const token = site.issuers[repository.platform].issueToken({
    ...claimsOf(job, COMMIT, systemClock),
    aud: site.url,
  });
  const response = await fetch(`${site.url}/oauth2/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      subject_token: token,
      subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
      audience: job.resource,
    }),
    signal: AbortSignal.timeout(20_000),
  });
  const body: unknown = await response.json();
  if (response.ok) return { ok: true, decision: TokenResponse.parse(body).decision };
  return { ok: false, refused: TokenError.parse(body) };
}
