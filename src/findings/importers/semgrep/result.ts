import { cweNumbers, type FindingDraft, type PlaceDraft } from '../../build-reported-finding.ts';
import { listAt, positionAt, textAt, textsAt, valueAt } from '../../json-fields.ts';
import { packageReference } from '../../make-package-url.ts';
import { advisoryNames } from '../../report-advisory.ts';
import { severityOfWord } from '../../report-severity.ts';
import type { FindingKind } from '../../reported-finding.ts';
import type { Confidence } from '../../severity.ts';

/** What Semgrep writes where it shows a thing only to those who have logged in. */
const NOT_SHOWN = 'requires login';
const FLOW_MAX = 20;

/** Of the rule's id and metadata: which engine, and which technology. */
export function kindOfRule(ruleId: string | undefined, metadata: unknown, extra?: unknown): FindingKind {
  if (valueAt(extra, 'sca_info') !== undefined) return 'dependency';
  const id = ruleId?.toLowerCase() ?? '';
  const technologies = textsAt(metadata, 'technology').map((each) => each.toLowerCase());
  if (
    /(?:^|\.)secrets?\./.test(id) ||
    technologies.includes('secrets') ||
    valueAt(metadata, 'secret_type') !== undefined
  )
    return 'secret';
  if (/(?:github-actions|gitlab-ci|ci)\.security/.test(id) || technologies.includes('github-actions'))
    return 'pipeline';
  if (/^(?:terraform|dockerfile|yaml\.(?:kubernetes|docker-compose))\./.test(id)) return 'infrastructure';
  const category = textAt(metadata, 'category')?.toLowerCase();
  return category === 'security' || category === undefined ? 'code' : 'quality';
}

export function confidenceOfWord(word: string | undefined): Confidence | undefined {
  const lower = word?.toLowerCase();
  return lower === 'high' || lower === 'medium' || lower === 'low' ? lower : undefined;
}

/** The last part of the rule's id as words: `dangerous-subprocess-use`. */
function titleOf(ruleId: string | undefined): string | undefined {
  return ruleId?.slice(0, 500).split('.').at(-1)?.replaceAll(/[-_]+/g, ' ');
}

function placeOfSpan(location: unknown): PlaceDraft {
  return {
    file: textAt(location, 'path'),
    line: positionAt(location, 'start', 'line'),
    column: positionAt(location, 'start', 'col'),
    endLine: positionAt(location, 'end', 'line'),
    endColumn: positionAt(location, 'end', 'col'),
  };
}

/** `["CliLoc", [location, text]]`, or `{location, content}` of what is between. */
function flowOf(extra: unknown): PlaceDraft[] {
  const trace = valueAt(extra, 'dataflow_trace');
  const source = valueAt(trace, 'taint_source', 1, 0);
  const between = listAt(trace, 'intermediate_vars')
    .slice(0, FLOW_MAX)
    .map((each) => valueAt(each, 'location'));
  return [source, ...between].map(placeOfSpan).filter(({ file }) => file !== undefined);
}

function packageOf(extra: unknown): PlaceDraft['package'] {
  const match = valueAt(extra, 'sca_info', 'dependency_match');
  const found = valueAt(match, 'found_dependency');
  return packageReference({
    ecosystem: textAt(found, 'ecosystem') ?? textAt(match, 'dependency_pattern', 'ecosystem'),
    name: textAt(found, 'package'),
    version: textAt(found, 'version'),
  });
}

/** Semgrep's documentation: ERROR is high, WARNING medium, INFO low; newer rules say CRITICAL to LOW themselves. */
function severityOf(word: string | undefined): FindingDraft['severity'] {
  return word?.toUpperCase() === 'INFO' ? 'low' : (severityOfWord(word) ?? 'medium');
}

export function draftOfResult(result: unknown): FindingDraft {
  const extra = valueAt(result, 'extra');
  const metadata = valueAt(extra, 'metadata');
  const ruleId = textAt(result, 'check_id');
  const kind = kindOfRule(ruleId, metadata, extra);
  const lines = textAt(extra, 'lines');
  const fingerprint = textAt(extra, 'fingerprint');
  const word = textAt(extra, 'severity');
  const source = textAt(metadata, 'source');
  const validation = textAt(extra, 'validation_state');
  const message = textAt(extra, 'message');
  const cwe = cweNumbers(textsAt(metadata, 'cwe'));
  // CWE-259, 321, 798: what is found is a credential, whatever the rule is about.
  const isSecret = kind === 'secret' || cwe.some((number) => [259, 321, 798].includes(number));
  const fix = isSecret ? undefined : textAt(extra, 'fix');
  const found = packageOf(extra);
  return {
    tool: 'semgrep',
    kind,
    ruleId,
    title: found === undefined ? titleOf(ruleId) : `${found.name}: ${message?.split('\n', 1)[0] ?? ruleId}`,
    description: isSecret ? undefined : message,
    severity: severityOf(word),
    severityText: word,
    confidence: confidenceOfWord(textAt(metadata, 'confidence')),
    verified: validation === 'CONFIRMED_VALID' ? true : undefined,
    cwe,
    aliases: advisoryNames([
      ...textsAt(metadata, 'sca-vuln-database-identifier'),
      ...textsAt(metadata, 'cve'),
    ]),
    place: { ...placeOfSpan(result), package: found },
    otherPlaces: flowOf(extra),
    snippet: lines === NOT_SHOWN || isSecret ? undefined : lines,
    remedy: fix === undefined ? undefined : `Write instead:\n\n${fix}`,
    references: [...(source === undefined ? [] : [source]), ...textsAt(metadata, 'references')],
    toolFingerprint: fingerprint === NOT_SHOWN ? undefined : fingerprint,
    decision:
      valueAt(extra, 'is_ignored') === true
        ? { state: 'accepted', reason: 'ignored by a `nosemgrep` comment' }
        : undefined,
    attributes: {
      category: textAt(metadata, 'category'),
      owasp: textsAt(metadata, 'owasp').join(', '),
      validation,
      reachable: textAt(extra, 'sca_info', 'reachable'),
    },
  };
}
