import type { Party } from './party.ts';
import type { Patch } from './pin-patches.ts';
import type { Update } from './updates/update.ts';

/** Where advisories came from, and how far that goes. */
export interface OsvReport {
  readonly from: 'files' | 'api';
  readonly advisories: number;
  readonly unreadable: number;
  /** Packages that the service was asked about. */
  readonly packages?: number;
  /** Why this is not all that is known; nothing is said of what is missing, and never that there is none. */
  readonly missing?: string;
}

export interface Inventory {
  /** The riskiest first. */
  readonly parties: readonly Party[];
  /** Undefined without `--with osv=…`. */
  readonly osv?: OsvReport;
  /** Whether `--with mirror=…` was there to tell impostors. */
  readonly mirror: boolean;
  /** Repositories that `--with github=…` has answers about; undefined without it. */
  readonly github?: number;
  readonly updates: readonly Update[];
  /** Definitions with what has a known mistake moved up, and with actions pinned where the mirror knows their commits. */
  readonly patches: readonly Patch[];
}
