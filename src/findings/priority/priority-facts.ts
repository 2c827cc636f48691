import type { ReportedFinding } from '../reported-finding.ts';
import type { ExploitFeeds } from './exploit-feeds.ts';
import type { Exposure, PriorityFacts, Reach } from './priority.ts';

const TEST_FILE =
  /(?:^|\/)(?:tests?|__tests__|specs?|fixtures?|testdata|mocks?|examples?)\/|[._-](?:test|spec)\.[a-z]{1,4}$/i;
const DEVELOPMENT_SCOPES = new Set(['dev', 'development', 'devdependencies', 'test', 'build', 'provided']);

function isOfDevelopment({ attributes }: ReportedFinding): boolean {
  const scope = attributes['scope'] ?? attributes['dependencyType'];
  return scope !== undefined && DEVELOPMENT_SCOPES.has(scope.toLowerCase());
}

/** From what the tool says: a web scanner reached it; a file of tests or a development dependency is not delivered. */
export function exposureOf(finding: ReportedFinding): Exposure {
  const { kind, place, verified } = finding;
  if (kind === 'web') return verified === true ? 'confirmed' : 'internet';
  // A secret in a test works as well as any other.
  if (kind !== 'secret' && place.file !== undefined && TEST_FILE.test(place.file)) return 'test';
  return isOfDevelopment(finding) ? 'development' : 'unknown';
}

/** What is known of a finding, with what the feeds and the scan of the pipelines add. */
export function priorityFactsOf(
  finding: ReportedFinding,
  reach: Reach,
  { epss, exploited }: ExploitFeeds = {},
): PriorityFacts {
  const names = [finding.ruleId, ...finding.aliases];
  const probabilities = [finding.epss, ...names.map((name) => epss?.get(name))].filter(
    (each) => each !== undefined,
  );
  return {
    severity: finding.severity,
    confidence: finding.confidence,
    verified: finding.verified === true,
    exploited: finding.exploited === true || names.some((name) => exploited?.has(name) === true),
    epss: probabilities.length === 0 ? undefined : Math.max(...probabilities),
    exposure: exposureOf(finding),
    reach,
  };
}
