import fc from 'fast-check';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findPostgres } from '#cli/local-postgres/find-postgres.ts';
import { type LocalPostgres, startLocalPostgres } from '#cli/local-postgres/start-local-postgres.ts';
import { doBlock, quoteIdentifier, quoteLiteral } from './quoting.ts';

const binaries = findPostgres();

/** Texts made of what ends, escapes or comments SQL, between any other characters. */
const hostileText = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        "'",
        '"',
        '\\',
        ';',
        '--',
        '/*',
        '*/',
        '$$',
        '$a$',
        '\n',
        '\r',
        '\t',
        "E'",
        "'';",
        'é',
        '💥',
        '﻿',
      ),
      fc.string({ unit: 'grapheme', maxLength: 4 }),
    ),
    { maxLength: 20 },
  )
  .map((parts) => parts.join('').replaceAll('\0', ''));
const hostileName = hostileText.filter((text) => text !== '' && Buffer.byteLength(text) <= 63);

describe('names and texts as SQL', () => {
  it('refuses a name that PostgreSQL would cut, end or not take', () => {
    for (const name of ['', 'a\0b', 'x'.repeat(64), 'é'.repeat(32)]) {
      expect(() => quoteIdentifier(name)).toThrowError(
        expect.objectContaining({ code: 'backend_misconfigured' }),
      );
    }
    expect(quoteIdentifier('é'.repeat(31))).toBe(`"${'é'.repeat(31)}"`);
  });

  it('refuses a text with a NUL, which would end the statement', () => {
    expect(() => quoteLiteral("a'\0b")).toThrowError(
      expect.objectContaining({ code: 'backend_misconfigured' }),
    );
  });
});

describe.skipIf(binaries === undefined)(
  `names and texts at a real server (${binaries ?? 'SKIPPED: no postgres found; install it or set VOUCHGATE_POSTGRES_BIN'})`,
  { timeout: 60_000 },
  () => {
    let server: LocalPostgres;
    let client: Client;
    beforeAll(async () => {
      server = await startLocalPostgres({ binaries: binaries ?? '', settings: { fsync: 'off' } });
      client = new Client({ connectionString: server.url.reveal(), client_encoding: 'UTF8' });
      await client.connect();
    }, 60_000);
    afterAll(async () => {
      await client?.end();
      await server?.stop();
    });

    it.each(['on', 'off'])('come back unchanged with standard_conforming_strings %s', async (conforming) => {
      await client.query(`SET standard_conforming_strings = ${conforming}`);
      const property = fc.asyncProperty(hostileName, hostileText, async (name, text) => {
        const { rows, fields } = await client.query({
          text: `SELECT ${quoteLiteral(text)} AS ${quoteIdentifier(name)}`,
          rowMode: 'array',
        });
        expect(fields.map((field) => field.name)).toEqual([name.toWellFormed()]);
        expect(rows).toEqual([[text.toWellFormed()]]);
      });
      await fc.assert(property, { numRuns: 300 });
    });

    it('make and remove exactly the role that they name, also from within a block', async () => {
      const listRoles = "SELECT rolname FROM pg_roles WHERE rolname !~ '^pg_' AND rolname <> 'postgres'";
      // Reserved for itself by the server, quoted or not.
      const allowed = hostileName.filter((name) => !/^(pg_|public$|none$)/.test(name));
      const property = fc.asyncProperty(allowed, async (name) => {
        await client.query(doBlock(`BEGIN CREATE ROLE ${quoteIdentifier(name)}; END`));
        await client.query(`COMMENT ON ROLE ${quoteIdentifier(name)} IS ${quoteLiteral(name)}`);
        const { rows } = await client.query<{ rolname: string }>(listRoles);
        expect(rows).toEqual([{ rolname: name.toWellFormed() }]);
        await client.query(`DROP ROLE ${quoteIdentifier(name)}`);
      });
      await fc.assert(property, { numRuns: 150 });
    });
  },
);
