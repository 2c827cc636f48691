import type { LogStanding } from '#audit/log/log-standing.ts';
import type { InventoryTotals, RepositoryAttack } from '#inventory/ports.ts';
import type { OverviewFacts } from './overview-facts.ts';
import type { RecordFacts } from './record-facts.ts';

export const DAY_MS = 86_400_000;
export const NOW_MS = Date.UTC(2026, 4, 30, 12);

export const NO_TOTALS: InventoryTotals = {
  repositories: 0,
  pipelines: 0,
  openPipelines: 0,
  attackedPipelines: 0,
  attackPaths: 0,
  staticCredentials: 0,
  replaceableCredentials: 0,
  findings: { info: 0, low: 0, medium: 0, high: 0, critical: 0 },
};

/** One witness has signed all that there is. */
export function makeLogStanding(changes: Partial<LogStanding> = {}): LogStanding {
  return {
    size: 12,
    root: undefined,
    signedAtMs: NOW_MS - 60_000,
    sealedThrough: 12,
    recordedThrough: 12,
    waitingSinceMs: undefined,
    quorum: 1,
    witnessedSize: 12,
    witnesses: [
      { name: 'w.example', key: 'k', url: 'https://w.example', cosigned: { size: 12, timeMs: NOW_MS } },
    ],
    ...changes,
  };
}

export function makeRecordFacts(changes: Partial<RecordFacts> = {}): RecordFacts {
  return {
    leases: [],
    privileged: new Set(),
    log: makeLogStanding(),
    sinks: [
      {
        name: 'siem',
        type: 'file',
        state: 'idle',
        firstIndex: 0,
        nextIndex: 12,
        behind: 0,
        oldestUnsentAgeSeconds: 0,
        parked: 0,
        failures: 0,
        nextAttemptAtMs: undefined,
        lastSuccessAtMs: NOW_MS,
        lastError: undefined,
      },
    ],
    ...changes,
  };
}

/** One repository was looked at, by us and by one tool, and nothing was found. */
export function makeOverviewFacts(changes: Partial<OverviewFacts> = {}): OverviewFacts {
  return {
    nowMs: NOW_MS,
    standing: [],
    trend: [],
    urgent: new Map(),
    reporting: {
      tools: [{ tool: 'semgrep', repositories: 1, lastReportMs: NOW_MS - DAY_MS }],
      testedRepositories: 1,
    },
    totals: { ...NO_TOTALS, repositories: 1, pipelines: 1 },
    attacks: [],
    resources: [],
    usesByDay: [],
    storedUsesByDay: [],
    hasDecisions: true,
    record: makeRecordFacts(),
    ...changes,
  };
}

export function makeAttack(changes: Partial<RepositoryAttack> = {}): RepositoryAttack {
  return {
    id: 'f1',
    repository: 'acme/shop',
    ruleId: 'template-injection',
    severity: 'critical',
    title: 'The title of a pull request runs next to the deploy key',
    explanation: '',
    pipeline: '.github/workflows/label.yml',
    pipelines: ['.github/workflows/label.yml'],
    place: { file: '.github/workflows/label.yml', line: 9, column: 1, endLine: 9, endColumn: 9 },
    startedBy: 'anyone opens a pull request',
    complexity: 'low',
    needs: 'an account',
    reaches: ['secret DEPLOY_KEY', 'write to the repository'],
    stations: [],
    changes: [],
    ...changes,
  };
}
