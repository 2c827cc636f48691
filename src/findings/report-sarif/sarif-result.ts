import { cweNumbers, type FindingDraft, type PlaceDraft } from '../build-reported-finding.ts';
import {
  firstText,
  type JsonObject,
  listAt,
  numberAt,
  objectAt,
  textAt,
  textsAt,
  valueAt,
} from '../json-fields.ts';
import { maskCredentials } from '../mask-credentials.ts';
import { otherNames } from '../report-advisory.ts';
import { createRedactor } from '../report-secret.ts';
import { severityOfScore, severityOfWord } from '../report-severity.ts';
import type { FindingKind, ReportedDecision } from '../reported-finding.ts';
import type { Confidence, Severity } from '../severity.ts';
import { ownerOfRule } from '../tool-family.ts';
import { kindOfResult, showsSecret } from './sarif-kind.ts';
import { resolveMessage } from './sarif-message.ts';
import { packageOfMessage } from './sarif-package.ts';
import { type SarifPlaces, snippetOf } from './sarif-place.ts';
import { type SarifRule, type SarifRules, securitySeverity, weaknessesOf } from './sarif-rule.ts';

/** What all results of a run share. */
export interface SarifRun {
  readonly tool: string;
  readonly driver: JsonObject | undefined;
  readonly rules: SarifRules;
  readonly places: SarifPlaces;
  readonly kind: FindingKind | undefined;
}

/** §3.27.9: other kinds than these say that nothing is wrong; a result without one has failed. */
const FAILING_KINDS = new Set(['fail', 'review', 'open']);
const TITLE_CHARS_MAX = 200;
const FLOW_PLACES_MAX = 50;
/** Each location is a finding: a result of half a million of them would be an attack. */
export const LOCATIONS_MAX = 1_000;
const SECRET_FIELDS = ['offender', 'secret', 'match', 'Secret', 'Match', 'rawSecret', 'line', 'raw'] as const;
/** Ids that name one finding; other partial fingerprints (§3.27.18) do so only with rule and file. */
const WHOLE_FINGERPRINTS = ['vouchgateFingerprint/v1', 'matchBasedId/v1', 'snyk/identity/v1'] as const;
const FINGERPRINT = /^[\w:+/=.|@-]{6,500}$/;

/** §3.27.10: the level of the result, else of the rule, else `warning`. GitHub shows `error` as high. */
const LEVELS: Readonly<Record<string, Severity>> = {
  error: 'high',
  warning: 'medium',
  note: 'low',
  none: 'info',
};

function severityOf(result: unknown, rule: SarifRule, kind: FindingKind): Severity {
  const properties = valueAt(result, 'properties');
  const words = ['severity', 'issue_severity', 'Severity', 'problem.severity'];
  // Gitleaks writes no level: that of a secret is not the one of a warning.
  const level = textAt(result, 'level') ?? rule.level ?? (kind === 'secret' ? 'error' : 'warning');
  return (
    securitySeverity(properties).severity ??
    severityOfScore(numberAt(properties, 'cvssv3_baseScore')) ??
    severityOfWord(firstText(properties, words)) ??
    rule.severity ??
    (Object.hasOwn(LEVELS, level) ? LEVELS[level] : undefined) ??
    'medium'
  );
}

function confidenceOf(result: unknown, rule: SarifRule): Confidence | undefined {
  const word = firstText(valueAt(result, 'properties'), ['confidence', 'issue_confidence'])?.toLowerCase();
  return word === 'low' || word === 'medium' || word === 'high' ? word : rule.confidence;
}

/** §3.35: one that is under review or rejected does not suppress. §3.27.24: `absent` was there before. */
function decisionOf(result: unknown): ReportedDecision | undefined {
  if (textAt(result, 'baselineState') === 'absent')
    return { state: 'fixed', reason: 'not there any more since the baseline of the tool' };
  const suppressions = listAt(result, 'suppressions');
  const isOpen = suppressions.some((each) =>
    ['underReview', 'rejected'].includes(textAt(each, 'status') ?? ''),
  );
  if (suppressions.length === 0 || isOpen) return undefined;
  const reason = textAt(suppressions[0], 'justification');
  const by = textAt(suppressions[0], 'properties', 'owner');
  return {
    state: 'accepted',
    reason:
      reason ?? (textAt(suppressions[0], 'kind') === 'inSource' ? 'suppressed in the source' : 'suppressed'),
    ...(by === undefined ? {} : { by }),
  };
}

function usable(value: string | undefined): string | undefined {
  return value !== undefined && FINGERPRINT.test(value) ? value : undefined;
}

function fingerprintOf(result: unknown, ruleId: string, file: string | undefined): string | undefined {
  const whole = objectAt(result, 'fingerprints') ?? {};
  const partial = objectAt(result, 'partialFingerprints') ?? {};
  for (const key of WHOLE_FINGERPRINTS) {
    const found = usable(textAt(whole, key) ?? textAt(partial, key));
    if (found !== undefined) return found;
  }
  const [first] = Object.keys(whole).sort();
  const ofTool = first === undefined ? undefined : usable(textAt(whole, first));
  const ofLine = usable(textAt(partial, 'primaryLocationLineHash'));
  return ofTool ?? (ofLine === undefined ? undefined : `${ruleId}|${file ?? ''}|${ofLine}`);
}

/** §3.36: the way of the data, then what the message points to. */
function otherPlacesOf(result: unknown, places: SarifPlaces): PlaceDraft[] {
  const flow = listAt(result, 'codeFlows', 0, 'threadFlows')
    .slice(0, FLOW_PLACES_MAX)
    .flatMap((thread) => listAt(thread, 'locations').slice(0, FLOW_PLACES_MAX));
  const related = listAt(result, 'relatedLocations').slice(0, FLOW_PLACES_MAX);
  const all = [...flow.map((each) => valueAt(each, 'location')), ...related]
    .map((each) => places.read(each))
    .filter(({ file, url }) => file !== undefined || url !== undefined);
  return all.length < 2 ? all : [...new Map(all.map((each) => [JSON.stringify(each), each])).values()];
}

/** The words of the result, its own first: what a rule says in general explains it. */
function wordsOf(message: string | undefined, rule: SarifRule) {
  const line = message?.split('\n', 1)[0]?.trim();
  const isTitle = message !== undefined && line === message.trim() && message.length <= TITLE_CHARS_MAX;
  if (isTitle) return { title: line, description: rule.description === line ? '' : rule.description };
  const title = rule.title ?? line;
  if (message === undefined) return { title, description: rule.description };
  const isSaid = rule.description === '' || message.includes(rule.description);
  return { title, description: isSaid ? message : `${message}\n\n${rule.description}` };
}

function isSamePlace(left: PlaceDraft, right: PlaceDraft): boolean {
  const keys = ['file', 'url', 'line', 'column', 'endLine', 'symbol'] as const;
  return keys.every((key) => left[key] === right[key]);
}

/**
 * Most results have one location. §3.27.12 means several to be mended together, but the tools that write several
 * (mobsfscan, njsscan) mean one each, so each is a finding.
 */
function locationsOf(result: unknown, places: SarifPlaces) {
  const read = listAt(result, 'locations')
    .slice(0, LOCATIONS_MAX)
    .map((location) => ({ location, place: places.read(location) }));
  if (read.length > 1) {
    const seen = new Set<string>();
    return read.filter(({ place }) => {
      const key = JSON.stringify(place);
      return seen.has(key) ? false : seen.add(key);
    });
  }
  return read.length === 1 ? read : [{ location: undefined, place: {} }];
}

/** Gitleaks 7 names its rule in the message alone. */
function ruleIdOf(result: unknown, rule: SarifRule, { tool }: SarifRun): string | undefined {
  const written = textAt(result, 'ruleId') ?? textAt(result, 'rule', 'id') ?? rule.id;
  if (written !== undefined || tool !== 'gitleaks') return written;
  return /^(.{1,200}) secret detected$/.exec(textAt(result, 'message', 'text')?.slice(0, 300) ?? '')?.[1];
}

/** The findings of one result; none when it says that nothing is wrong. */
export function draftsOfResult(result: unknown, run: SarifRun): readonly FindingDraft[] {
  if (!FAILING_KINDS.has(textAt(result, 'kind') ?? 'fail')) return [];
  const rule = run.rules.of(result);
  const writtenId = ruleIdOf(result, rule, run);
  const { tool, ruleId } =
    run.tool === 'vouchgate' ? ownerOfRule(writtenId) : { tool: run.tool, ruleId: writtenId };
  const properties = valueAt(result, 'properties');
  const kind = run.kind ?? kindOfResult(tool, ruleId, rule);
  const message = resolveMessage(valueAt(result, 'message'), rule.raw, run.driver);
  const tags = textsAt(properties, 'tags');
  const cwe = [
    ...rule.cwe,
    ...cweNumbers([...tags, ...textsAt(properties, 'cwe'), ...textsAt(properties, 'CWE')]),
    ...weaknessesOf(listAt(result, 'taxa')),
  ];
  if (kind === 'secret' && cwe.length === 0) cwe.push(798);
  const isSecret = kind === 'secret' || showsSecret(ruleId, rule);
  const all = locationsOf(result, run.places);
  const related = otherPlacesOf(result, run.places).slice(0, FLOW_PLACES_MAX + 1);
  const viewer = textAt(result, 'hostedViewerUri');
  const words = wordsOf(message, rule);
  const severity = severityOf(result, rule, kind);
  return all.map(({ location, place }) => {
    const snippet = snippetOf(location);
    const shown = isSecret ? [snippet, ...SECRET_FIELDS.map((field) => textAt(properties, field))] : [];
    const redact = createRedactor(shown);
    const draft: FindingDraft = {
      tool,
      kind,
      ruleId,
      title: redact(words.title),
      description: redact(words.description),
      severity,
      severityText: firstText(properties, ['severity', 'issue_severity']),
      confidence: confidenceOf(result, rule),
      cwe,
      aliases: [...rule.aliases, ...otherNames(ruleId, [...tags, ...textsAt(properties, 'cve')])],
      place: {
        ...place,
        package: packageOfMessage(message),
        commit: textAt(properties, 'commit') ?? textAt(result, 'partialFingerprints', 'commitSha'),
      },
      otherPlaces: related.filter((other) => !isSamePlace(other, place)),
      snippet,
      remedy: rule.remedy,
      references: viewer === undefined ? rule.references : [...rule.references, viewer],
      toolFingerprint: all.length === 1 ? fingerprintOf(result, ruleId ?? '', place.file) : undefined,
      decision: decisionOf(result),
      attributes: {
        baselineState: textAt(result, 'baselineState'),
        tags: rule.tags.length === 0 ? undefined : rule.tags.join(', '),
      },
    };
    // A rule about credentials may be one about code, and shows the credential all the same.
    return isSecret ? { ...maskCredentials({ ...draft, kind: 'secret' }), kind } : draft;
  });
}
