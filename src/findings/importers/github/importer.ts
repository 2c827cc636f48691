import { defineImporter } from '../../importer.ts';
import { isObject, type JsonObject, listAt, textAt, valueAt } from '../../json-fields.ts';
import { ReportReading } from '../../report-reading.ts';
import { codeAlertDraft } from './code-alert.ts';
import { dependabotAlertDraft } from './dependabot-alert.ts';
import { secretAlertDraft } from './secret-alert.ts';

type AlertKind = 'code' | 'secret' | 'dependabot';

function kindOfAlert(value: unknown): AlertKind | undefined {
  if (!isObject(value)) return undefined;
  if (isObject(value['rule']) && isObject(value['tool']) && 'most_recent_instance' in value) return 'code';
  if ('secret_type' in value && 'locations_url' in value) return 'secret';
  if (isObject(value['security_advisory']) && isObject(value['dependency'])) return 'dependabot';
  return isObject(value['securityVulnerability']) ? 'dependabot' : undefined;
}

/** Lists of `vulnerabilityAlerts` in a GraphQL answer: of one repository, or of those that a search found. */
function vulnerabilityAlerts(json: unknown): readonly unknown[] | undefined {
  const data = valueAt(json, 'data');
  const repositories = [
    valueAt(data, 'repository'),
    ...listAt(data, 'search', 'nodes'),
    ...listAt(data, 'repository', 'search', 'nodes'),
    ...listAt(data, 'organization', 'repositories', 'nodes'),
  ];
  const lists = repositories.map((repository) => valueAt(repository, 'vulnerabilityAlerts', 'nodes'));
  const found = lists.filter((list) => Array.isArray(list));
  return found.length === 0 ? undefined : found.flat();
}

/** GraphQL says of each list whether it goes on. */
function hasMorePages(json: unknown): boolean {
  const lists = [
    valueAt(json, 'data', 'repository', 'vulnerabilityAlerts'),
    valueAt(json, 'data', 'search'),
    ...listAt(json, 'data', 'search', 'nodes').map((node) => valueAt(node, 'vulnerabilityAlerts')),
  ];
  return lists.some((list) => valueAt(list, 'pageInfo', 'hasNextPage') === true);
}

const drafts = { code: codeAlertDraft, secret: secretAlertDraft, dependabot: dependabotAlertDraft };

function readAlert(alert: JsonObject, at: string, reading: ReportReading): void {
  const kind = kindOfAlert(alert);
  if (kind === undefined) reading.warn(at, 'this is no alert of a known kind');
  else reading.add(drafts[kind](alert));
}

function alertsOf(json: unknown): readonly unknown[] {
  return vulnerabilityAlerts(json) ?? (Array.isArray(json) ? json : [json]);
}

export const importer = defineImporter({
  id: 'github',
  title: 'GitHub alerts',
  formats: [
    'JSON of `GET /repos/{owner}/{repo}/code-scanning/alerts`, `secret-scanning/alerts` and `dependabot/alerts`',
    'JSON of GraphQL’s `vulnerabilityAlerts`',
  ],
  kinds: ['code', 'secret', 'dependency'],
  documentation: 'https://docs.github.com/en/rest/code-scanning/code-scanning',

  recognise({ shape, json }) {
    if (shape !== 'json') return 0;
    if (vulnerabilityAlerts(json) !== undefined) return 2;
    return kindOfAlert(Array.isArray(json) ? json[0] : json) === undefined ? 0 : 2;
  },

  read(content) {
    const reading = new ReportReading(content);
    const { json } = content;
    reading.each(alertsOf(json), 'alerts', (alert, at) => readAlert(alert, at, reading));
    if (hasMorePages(json))
      reading.warn('pageInfo', 'there are further pages, whose alerts are not in this report');
    return reading.finish({
      tool: 'github',
      target: { repository: textAt(json, 'data', 'repository', 'nameWithOwner') },
    });
  },
});
