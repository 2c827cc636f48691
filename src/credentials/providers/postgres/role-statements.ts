import { type DynamicRole, formatMark, markPrefix, type RoleMark } from './dynamic-role.ts';
import { GUARD } from './backend-failure.ts';
import { doBlock, quoteIdentifier, quoteLiteral } from './quoting.ts';

/** From here on a grant says what it gives, and CREATEROLE rules only over what it was given. */
const GRANT_OPTIONS_VERSION = 160_000;

/**
 * Predefined roles that give rights on data and statistics only. All others lead to the server's files and
 * programs or to other sessions, and those of coming versions are refused until somebody looked at them.
 */
const HARMLESS_PREDEFINED = [
  'pg_database_owner',
  'pg_maintain',
  'pg_monitor',
  'pg_read_all_data',
  'pg_read_all_settings',
  'pg_read_all_stats',
  'pg_stat_scan_tables',
  'pg_write_all_data',
];

/** All that one dynamic role is made of. */
export interface RoleSpecification {
  mark: RoleMark;
  memberOf: readonly string[];
  connectionLimit: number;
  scramVerifier: string;
  expiresAtMs: number;
}

function literals(texts: readonly string[]): string {
  return texts.map(quoteLiteral).join(', ');
}

function validUntil(expiresAtMs: number): string {
  return `VALID UNTIL ${quoteLiteral(new Date(expiresAtMs).toISOString())}`;
}

/**
 * Refuses group roles that lead to more than rights on objects, also by way of other groups: superuser,
 * making of roles (which would outlive the lease), replication, the server's files; or that may be handed on.
 */
export function memberGuard(memberOf: readonly string[]): string {
  return doBlock(`
DECLARE problem record;
BEGIN
  SELECT wanted.name INTO problem FROM unnest(ARRAY[${literals(memberOf)}]::text[]) AS wanted(name)
    WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname::text = wanted.name) LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION USING ERRCODE = '${GUARD.roleMissing}', MESSAGE = format('there is no role %I', problem.name);
  END IF;
  SELECT member.rolname AS member, reached.rolname AS reached INTO problem
    FROM pg_roles AS member JOIN pg_roles AS reached ON pg_has_role(member.oid, reached.oid, 'MEMBER')
    WHERE member.rolname::text IN (${literals(memberOf)}) AND (
      reached.rolsuper OR reached.rolcreaterole OR reached.rolreplication OR reached.rolbypassrls
      OR (starts_with(reached.rolname::text, 'pg_')
          AND reached.rolname::text NOT IN (${literals(HARMLESS_PREDEFINED)}))
      OR EXISTS (SELECT FROM pg_auth_members WHERE pg_auth_members.member = reached.oid AND admin_option))
    ORDER BY member.oid = reached.oid DESC LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION USING ERRCODE = '${GUARD.roleDangerous}', MESSAGE = format(
      'role %I has the powers of %I: superuser, roles, replication, row security, server files or grants to others',
      problem.member, problem.reached);
  END IF;
END`);
}

/** Stops the transaction unless the role is there and carries the mark of this lease. */
function ownGuard({ role, lease }: DynamicRole): string {
  return doBlock(`
DECLARE mark text;
BEGIN
  SELECT shobj_description(oid, 'pg_authid') INTO mark FROM pg_roles WHERE rolname = ${quoteLiteral(role)};
  IF NOT FOUND THEN
    RAISE EXCEPTION USING ERRCODE = '${GUARD.roleGone}', MESSAGE = ${quoteLiteral(`role ${role} is gone`)};
  END IF;
  IF NOT starts_with(coalesce(mark, ''), ${quoteLiteral(markPrefix(lease))}) THEN
    RAISE EXCEPTION USING ERRCODE = '${GUARD.roleForeign}', MESSAGE = ${quoteLiteral(`role ${role} was not made for this lease`)};
  END IF;
END`);
}

/** On 16 and later without SET: what the job makes then belongs to its own role, and goes with it. */
function grant(memberOf: readonly string[], role: string, serverVersion: number): string {
  const options = serverVersion >= GRANT_OPTIONS_VERSION ? ' WITH INHERIT TRUE, SET FALSE' : '';
  // Sorted: two transactions that lock the same groups in another order would wait for each other.
  const groups = [...memberOf].sort().map(quoteIdentifier).join(', ');
  return `GRANT ${groups} TO ${quoteIdentifier(role)}${options}`;
}

function comment(mark: RoleMark): string {
  return `COMMENT ON ROLE ${quoteIdentifier(mark.handle.role)} IS ${quoteLiteral(formatMark(mark))}`;
}

/** Fails with 42710 when the role is there already. */
export function creation(specification: RoleSpecification, serverVersion: number): string[] {
  const { mark, memberOf, connectionLimit, scramVerifier, expiresAtMs } = specification;
  const { role } = mark.handle;
  return [
    memberGuard(memberOf),
    `CREATE ROLE ${quoteIdentifier(role)} LOGIN INHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS` +
      ` CONNECTION LIMIT ${connectionLimit} PASSWORD ${quoteLiteral(scramVerifier)} ${validUntil(expiresAtMs)}`,
    grant(memberOf, role, serverVersion),
    comment(mark),
  ];
}

/** Two transactions that alter one role at once fail with "tuple concurrently updated"; the second waits instead. */
function oneAtATime(role: string): string {
  return doBlock(`BEGIN PERFORM pg_advisory_xact_lock(hashtextextended(${quoteLiteral(role)}, 0)); END`);
}

/** For a role that an earlier try made: its password was lost with the answer, so it gets a new one. */
export function recreation(specification: RoleSpecification, serverVersion: number): string[] {
  const { mark, memberOf, connectionLimit, scramVerifier, expiresAtMs } = specification;
  const { role } = mark.handle;
  return [
    oneAtATime(role),
    memberGuard(memberOf),
    ownGuard(mark.handle),
    `ALTER ROLE ${quoteIdentifier(role)} LOGIN CONNECTION LIMIT ${connectionLimit}` +
      ` PASSWORD ${quoteLiteral(scramVerifier)} ${validUntil(expiresAtMs)}`,
    grant(memberOf, role, serverVersion),
    comment(mark),
  ];
}

export function extension(role: DynamicRole, expiresAtMs: number): string[] {
  return [ownGuard(role), `ALTER ROLE ${quoteIdentifier(role.role)} ${validUntil(expiresAtMs)}`];
}

/**
 * Shuts the role out, and makes us its member where we are no superuser: only members may end its sessions and
 * remove its objects. Nothing happens when the role is gone.
 */
export function disarming({ role, lease }: DynamicRole, serverVersion: number): string {
  const name = quoteIdentifier(role);
  const options = serverVersion >= GRANT_OPTIONS_VERSION ? ' WITH INHERIT TRUE, SET TRUE' : '';
  return doBlock(`
DECLARE mark text;
BEGIN
  SELECT shobj_description(oid, 'pg_authid') INTO mark FROM pg_roles WHERE rolname = ${quoteLiteral(role)};
  IF NOT FOUND THEN RETURN; END IF;
  IF NOT starts_with(coalesce(mark, ''), ${quoteLiteral(markPrefix(lease))}) THEN
    RAISE EXCEPTION USING ERRCODE = '${GUARD.roleForeign}', MESSAGE = ${quoteLiteral(`role ${role} was not made for this lease`)};
  END IF;
  ALTER ROLE ${name} NOLOGIN PASSWORD NULL CONNECTION LIMIT 0 VALID UNTIL '-infinity';
  IF current_setting('is_superuser') = 'off' THEN GRANT ${name} TO CURRENT_USER${options}; END IF;
END`);
}

/** Ends its sessions and says how many there were, which databases hold what is its own, and what it prepared. */
export function terminationAndRemains(role: string): string[] {
  const name = quoteLiteral(role);
  return [
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = ${name}`,
    // Database 0 stands for shared objects, which any database will do for.
    `SELECT DISTINCT coalesce(datname, current_database())::text AS database FROM pg_shdepend
       LEFT JOIN pg_database ON pg_database.oid = dbid
       WHERE refclassid = 'pg_authid'::regclass
         AND refobjid = (SELECT oid FROM pg_roles WHERE rolname = ${name})`,
    `SELECT gid, database::text FROM pg_prepared_xacts WHERE owner = ${name}`,
  ];
}

export function disowning({ role, reassignOwnedTo }: DynamicRole): string[] {
  const name = quoteIdentifier(role);
  const drop = `DROP OWNED BY ${name}`;
  if (reassignOwnedTo === undefined) return [drop];
  return [`REASSIGN OWNED BY ${name} TO ${quoteIdentifier(reassignOwnedTo)}`, drop];
}

/** Each is a message of its own: ROLLBACK PREPARED is not allowed inside a transaction, and only for its owner. */
export function preparedRollback(role: string, gid: string): string[] {
  return [`SET ROLE ${quoteIdentifier(role)}`, `ROLLBACK PREPARED ${quoteLiteral(gid)}`, 'RESET ROLE'];
}

export function removal(role: string): string {
  return `DROP ROLE IF EXISTS ${quoteIdentifier(role)}`;
}

/** Our roles after `afterRole`, in order; by their name only, the comment decides. */
export function listing(prefix: string, afterRole: string, limit: number): string {
  return `SELECT rolname::text AS role, shobj_description(oid, 'pg_authid') AS comment FROM pg_roles
    WHERE starts_with(rolname::text, ${quoteLiteral(prefix)}) AND rolname::text > ${quoteLiteral(afterRole)}
    ORDER BY rolname::text LIMIT ${limit}`;
}
