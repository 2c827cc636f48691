import type { Binding } from '../bind/binding.ts';
import type { RepositoryIdentity } from '../bind/repository-identity.ts';
import type { Migration } from '../patch/migration.ts';
import type { StoredCredential } from '../recognise/stored-use.ts';

/** What the other side has to be told, for one name (`aws-production`) and one binding. */
export interface TrustRequest {
  readonly name: string;
  readonly binding: Binding;
  readonly identity: RepositoryIdentity;
}

export interface Trust {
  /** Terraform; undefined where nothing is made by it. */
  readonly terraform: string | undefined;
  /** The same by hand: commands, or what to click. Markdown. */
  readonly steps: string;
}

/** Lets one kind of target accept the identity of a run. */
export interface Target {
  /** Undefined where the target knows nothing better than a stored value. @throws {NeedsHand} for this use of it */
  migrate(credential: StoredCredential): Migration | undefined;
  trust(request: TrustRequest): Trust;
  /** The environment that a job gets where it needs one. */
  readonly environment: 'production' | 'release';
}
