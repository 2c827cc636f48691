import type { Clock } from '#core/clock.ts';
import type { EventStore } from '#audit/ports.ts';
import type { Logger } from '#core/log.ts';
import type { ApiTokenStore, SessionStore } from '#people/ports.ts';
import type { PeopleInForce } from '#people/settings.ts';
import type { SignIn } from '#people/sign-in/sign-in.ts';
import type { AccessDependencies } from '../access/access-dependencies.ts';
import type { ConsoleFiles } from '../console-files.ts';

export interface PeopleDependencies {
  /** What the configuration says of people right now. */
  inForce(): Promise<PeopleInForce>;
  readonly apiTokens: ApiTokenStore;
  readonly signIn: SignIn;
  /** Undefined where the console was not built. */
  readonly consoleFiles: ConsoleFiles | undefined;
  /** Of this program. */
  readonly version: string;
}

/** What the files of this folder need of the server. */
export interface PeopleServices {
  /** Rejects when a durable write is not possible now. */
  readonly readiness: () => Promise<void>;
  readonly access: Pick<AccessDependencies, 'configuration'>;
  readonly people: PeopleDependencies;
  readonly sessions: SessionStore;
  readonly events: EventStore;
  readonly publicUrl: string;
  readonly clock: Clock;
  readonly log: Logger;
}
