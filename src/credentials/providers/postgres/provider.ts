import { CredentialError } from '../../credential-error.ts';
import type {
  CredentialProvider,
  CredentialProviderContext,
  CredentialProviderKind,
  CredentialRequest,
  Handle,
  IssuedCredential,
} from '../../provider.ts';
import { Backend } from './backend.ts';
import { sqlState, toCredentialError } from './backend-failure.ts';
import { checkBackend } from './check-backend.ts';
import { type DynamicRole, parseHandle, planDynamicRole } from './dynamic-role.ts';
import { jobCredential } from './job-credential.ts';
import { quoteIdentifier } from './quoting.ts';
import { removeRole } from './remove-role.ts';
import { creation, extension, recreation, type RoleSpecification } from './role-statements.ts';
import { deriveScramVerifier, newPassword } from './scram-verifier.ts';
import { PostgresParameters, PostgresSettings } from './settings.ts';
import { listRoles, sweepRoles, toHandle } from './sweep-roles.ts';

const DUPLICATE_OBJECT = '42710';

function createProvider(
  settings: PostgresSettings,
  context: CredentialProviderContext,
): CredentialProvider<PostgresParameters> {
  const backend = new Backend(settings, context);
  const server = `${settings.host}:${settings.port}/${settings.database}`;

  async function attempt<T>(doing: string, roles: readonly string[], work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw toCredentialError(error, { server, doing, remedyWhenDenied: privilegesFor(settings, roles) });
    }
  }

  async function makeRole(specification: RoleSpecification, signal: AbortSignal): Promise<void> {
    await backend.withSession(backend.mainDatabase, signal, async (session) => {
      try {
        await session.run(...creation(specification, session.serverVersion));
      } catch (error) {
        if (sqlState(error) !== DUPLICATE_OBJECT) throw error;
        await session.run(...recreation(specification, session.serverVersion));
      }
    });
  }

  function remove(role: DynamicRole, signal: AbortSignal): Promise<void> {
    const owners = role.reassignOwnedTo === undefined ? [] : [role.reassignOwnedTo];
    return attempt(`Removing role ${role.role}`, owners, () => removeRole(backend, role, signal));
  }

  async function issue(
    request: CredentialRequest<PostgresParameters>,
    handle: Handle,
    signal: AbortSignal,
  ): Promise<IssuedCredential> {
    const role = parseHandle(handle);
    const { parameters, decisionId: decision, resource } = request;
    const password = newPassword();
    const expiresAtMs = request.issuedAtMs + request.ttlSeconds * 1_000;
    const specification: RoleSpecification = {
      mark: { issuer: context.signer.issuer, decision, resource, handle: role },
      memberOf: parameters.memberOf,
      connectionLimit: parameters.connectionLimit,
      scramVerifier: await deriveScramVerifier(password),
      expiresAtMs,
    };
    await attempt(`Making role ${role.role}`, parameters.memberOf, () => makeRole(specification, signal));
    return jobCredential(settings, parameters, { username: role.role, password, expiresAtMs });
  }

  return {
    plan: (request) => toHandle(planDynamicRole(request, settings.ownerRole)),
    issue,
    renew: async (handle, expiresAtMs, signal) => {
      const role = parseHandle(handle);
      await attempt(`Renewing role ${role.role}`, [], () =>
        backend.withSession(backend.mainDatabase, signal, (session) =>
          session.run(...extension(role, expiresAtMs)),
        ),
      );
    },
    revoke: async (handle, signal) => remove(parseHandle(handle), signal),
    sweepOrphans: (isLive, signal) =>
      sweepRoles(
        {
          log: context.log,
          isLive,
          list: (afterRole) =>
            attempt('Listing roles', [], () => listRoles(backend, context.signer.issuer, afterRole, signal)),
          remove: (role) => remove(role, signal),
        },
        signal,
      ),
    check: async (signal) => {
      try {
        return await attempt('Asking the server', [], () =>
          checkBackend(backend, settings, context.clock, signal),
        );
      } catch (error) {
        if (!(error instanceof CredentialError)) throw error;
        return [`PostgreSQL at ${server}: ${error.message}. ${error.remedy ?? 'See the server’s log.'}`];
      }
    },
    close: () => backend.close(),
  };
}

/** The statements that a superuser runs, once, for the administrator to be allowed what was denied. */
function privilegesFor(settings: PostgresSettings, roles: readonly string[]): string {
  const admin = quoteIdentifier(settings.adminUser);
  const grants = roles.map((role) => `GRANT ${quoteIdentifier(role)} TO ${admin} WITH ADMIN OPTION;`);
  return ['As a superuser:', `ALTER ROLE ${admin} CREATEROLE;`, ...grants].join(' ');
}

/** Roles of a PostgreSQL server that live as long as their lease. */
export const provider: CredentialProviderKind<PostgresSettings, PostgresParameters> = {
  id: 'postgres',
  title: 'PostgreSQL role',
  description:
    'Makes a login role for each lease, a member of the group roles that the resource names, and removes it, its sessions and its objects when the lease ends.',
  settings: PostgresSettings,
  parameters: PostgresParameters,
  effect: 'external',
  revocable: true,
  renewable: true,
  stored: false,
  ttlSeconds: { default: 900, min: 30, max: 43_200 },
  issuedTokenType: 'urn:vouchgate:params:oauth:token-type:credential',
  securityConsiderations: [
    'The administrator needs CREATEROLE and ADMIN OPTION on each granted role, nothing else: no superuser, no rights on data. Use PostgreSQL 16 or later: before, CREATEROLE may grant every role but a superuser, which comes near to one.',
    'Groups with the powers of a superuser, of CREATEROLE, replication, BYPASSRLS or of a predefined role that reaches files, programs or other sessions are refused at each issuing, also where they are reached through other groups.',
    'The server never sees the password, only its SCRAM-SHA-256 verifier, which may stand in its log (log_statement = ddl). With 256 random bits behind it, it cannot be guessed back.',
    'VALID UNTIL stops new logins only, by the server’s clock; sessions end when the lease is revoked or swept. Keep both clocks synchronised.',
    'Before PostgreSQL 16 a job may SET ROLE to its groups, and what it makes as such a group stays. From 16 on it may not.',
    'What the job’s own role made is dropped with it. With ownerRole or reassignOwnedTo it is kept, code included: a SECURITY DEFINER function then runs with the rights of the new owner, so it must have no more than memberOf gives.',
    'Any role may connect to every database that PUBLIC may: REVOKE CONNECT ON DATABASE … FROM PUBLIC where a server is shared. Objects are removed in whichever databases the server records some.',
    'Connect to the server itself, not through a transaction pooler. Jobs with ssl.mode verify-full need the certificate authority where their client looks for it.',
  ],
  create: createProvider,
};
