import type { Clock } from '#core/clock.ts';
import { type DevelopmentIssuer, startDevelopmentIssuer } from '#identity/emulator/development-issuer.ts';
import { type PeopleProvider, startPeopleProvider } from '#identity/emulator/people/people-provider.ts';
import { companyStaff, STAFF_CLIENT_ID } from './company-staff.ts';

/** Who vouches for the jobs and the people of the company. */
export interface CompanyIssuers {
  readonly github: DevelopmentIssuer;
  readonly gitlab: DevelopmentIssuer;
  readonly people: PeopleProvider;
  close(): Promise<void>;
}

/** Starts all three on loopback. `url` is where people are sent back to. */
export async function startCompanyIssuers(url: string, clock: Clock): Promise<CompanyIssuers> {
  const client = { clientId: STAFF_CLIENT_ID, redirectUris: [`${url}/auth/callback`] };
  const [github, gitlab, people] = await Promise.all([
    startDevelopmentIssuer({ port: 0, clock }),
    startDevelopmentIssuer({ port: 0, clock }),
    startPeopleProvider({ port: 0, clock, client, people: companyStaff }),
  ]);
  return {
    github,
    gitlab,
    people,
    async close() {
      await Promise.all([github.close(), gitlab.close(), people.close()]);
    },
  };
}
