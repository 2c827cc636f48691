import type { UseSource } from '#broker/access-use/use-source.ts';
import type {
  Configuration,
  ConfigurationFiles,
  ConfigurationLoad,
} from '#broker/configuration/configuration.ts';
import type { ProposalManager } from '#broker/configuration/manage-proposals.ts';
import type { FreezeSnapshot } from '#broker/freeze/freeze-guard.ts';
import type { FreezeManager } from '#broker/freeze/manage-freezes.ts';
import type { Person } from '../ports.ts';
import { RequestProblem } from '../request-problem.ts';

/** What the pages about access need beside the broker. */
export interface AccessDependencies {
  configuration(): Configuration | undefined;
  /** Whether files would be put in force here. */
  check(files: ConfigurationFiles): Promise<ConfigurationLoad>;
  uses: UseSource;
  proposals: ProposalManager;
  /** `checkout`: what is approved is a patch for somebody to commit. */
  appliedBy: 'server' | 'checkout';
  freezes: FreezeManager & Pick<FreezeSnapshot, 'inForce'>;
  /** Unified diff of one file that was there before and is there after. */
  formatDiff: (path: string, before: string, after: string) => string;
}

export function requireConfiguration({
  configuration,
}: Pick<AccessDependencies, 'configuration'>): Configuration {
  const current = configuration();
  if (current !== undefined) return current;
  throw new RequestProblem('configuration_missing', 'No valid configuration is in force.');
}

/** The configuration is that of all repositories: it belongs to none, so to those who see all. */
export function requireWholeScope({ scope }: Person): void {
  if (scope.kind === 'all') return;
  throw new RequestProblem('access_denied', 'The configuration is shown to those who see every repository.', {
    remedy: 'Ask an owner for a role that is not bound to some repositories.',
  });
}
