import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createDecisionProjector } from '#audit/decision-index/project-decisions.ts';
import { startServer } from '#cli/server/start-server.ts';
import { systemClock } from '#core/clock.ts';
import { silentLogger } from '#core/log.ts';
import { openSqliteStorage } from '#storage/sqlite/open-sqlite-storage.ts';
import type { Storage } from '#storage/storage.ts';
import { recordDecisions } from '../../bench/console/record-decisions.ts';
import { recordFindings } from '../../bench/console/record-findings.ts';
import { findFreePort } from '../../e2e/harness/wait.ts';
import { buildConsole } from './built-console.ts';
import type { VisitedSite } from './visitor.ts';

const DECISIONS = 100_000;
const FINDINGS = 20_000;

export interface LargeSite extends VisitedSite {
  close(): Promise<void>;
}

async function fill(storage: Storage): Promise<void> {
  await recordDecisions(storage, DECISIONS, systemClock.nowMs());
  const { decisions: index, events } = storage;
  const project = createDecisionProjector({ index, events, clock: systemClock, server: 'large' });
  for (let before = -1, now = 0; before !== now; ) {
    before = now;
    now = await project();
  }
  await recordFindings(storage, FINDINGS);
}

/** A server over as much as an installation of some years has, on the embedded store. */
export async function openLargeSite(): Promise<LargeSite> {
  const consoleFolder = await buildConsole();
  const folder = await mkdtemp(path.join(tmpdir(), 'vouchgate-large-'));
  const storage = await openSqliteStorage({
    path: path.join(folder, 'store.db'),
    log: silentLogger,
    clock: systemClock,
  });
  await fill(storage);
  const port = await findFreePort();
  const url = `http://127.0.0.1:${port}`;
  const yaml = `version: 1\nurl: ${url}\nidentityProviders:\n  github: { type: github-actions }\n`;
  const server = await startServer({
    storage,
    masterKey: randomBytes(32),
    readFiles: async () => ({ 'vouchgate.yaml': yaml }),
    consoleFolder,
    listen: { host: '127.0.0.1', port },
    tls: undefined,
    env: {},
    clock: systemClock,
    log: silentLogger,
  });
  return {
    url,
    issuers: { people: { issuer: url } },
    newAdminLink: () => server.adminLink(),
    async close() {
      await server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
