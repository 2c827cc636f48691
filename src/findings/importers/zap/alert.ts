import { cweNumbers, type FindingDraft, type PlaceDraft } from '../../build-reported-finding.ts';
import { type JsonObject, listAt, numberAt, textAt } from '../../json-fields.ts';
import { isLeak } from '../../mask-credentials.ts';
import { htmlToText } from '../../plain-report-text.ts';
import { advisoryNames } from '../../report-advisory.ts';
import { linksIn } from '../../report-links.ts';
import type { Confidence, Severity } from '../../severity.ts';

/** ZAP's `Alert.RISK_*`: 0 informational, 1 low, 2 medium, 3 high. */
const RISKS: readonly Severity[] = ['info', 'low', 'medium', 'high'];
/** ZAP's `Alert.CONFIDENCE_*`: 0 false positive, 1 low, 2 medium, 3 high, 4 confirmed by a user. */
const CONFIDENCES: readonly Confidence[] = ['low', 'low', 'medium', 'high', 'high'];
const CONFIDENCE_WORDS = ['False Positive', 'Low', 'Medium', 'High', 'Confirmed'];
const RISK_WORDS = ['Informational', 'Low', 'Medium', 'High'];
const FALSE_POSITIVE = 0;
const CONFIRMED = 4;

/** Where an alert was raised; the API has it in the alert itself. */
export function placeOfInstance(instance: JsonObject, host: string | undefined): PlaceDraft {
  const url = textAt(instance, 'uri') ?? textAt(instance, 'url');
  return { url, method: textAt(instance, 'method'), parameter: textAt(instance, 'param'), host };
}

/** Number of a word or of a text like `2`. */
function codeOf(code: number | undefined, word: string | undefined, words: readonly string[]) {
  if (code !== undefined) return code;
  const at = words.indexOf(word ?? '');
  return at < 0 ? undefined : at;
}

function cweOf(alert: JsonObject): readonly number[] {
  const tags = listAt(alert, 'tags').map((tag) => textAt(tag, 'tag'));
  const number = numberAt(alert, 'cweid');
  return [...(number === undefined ? [] : [number]), ...cweNumbers(tags)];
}

function textOf(alert: JsonObject, ...keys: readonly string[]): string | undefined {
  const html = keys.map((key) => textAt(alert, key)).find((text) => text !== undefined);
  return html === undefined ? undefined : htmlToText(html);
}

/** One alert, with the places where it was raised; headers and bodies of requests stay out, as they hold sessions. */
export function alertDraft(
  alert: JsonObject,
  instances: readonly JsonObject[],
  host: string | undefined,
): FindingDraft {
  const places = instances.map((instance) => placeOfInstance(instance, host));
  const [place = { host }, ...otherPlaces] = places;
  const risk = codeOf(numberAt(alert, 'riskcode'), textAt(alert, 'risk'), RISK_WORDS);
  const confidence = codeOf(numberAt(alert, 'confidence'), textAt(alert, 'confidence'), CONFIDENCE_WORDS);
  const first = instances[0];
  const cwe = cweOf(alert);
  const name = textOf(alert, 'name', 'alert');
  const reference = textAt(alert, 'reference');
  return {
    tool: 'zap',
    ruleId: textAt(alert, 'alertRef') ?? textAt(alert, 'pluginid') ?? textAt(alert, 'pluginId') ?? name,
    kind: 'web',
    title: name,
    // More information on what leaked shows it: "Bank Identification Number: …".
    description: [
      textOf(alert, 'desc', 'description'),
      isLeak(cwe) ? undefined : textOf(alert, 'otherinfo', 'other'),
    ]
      .filter((text) => text !== undefined)
      .join('\n\n'),
    severity: RISKS[risk ?? -1] ?? 'medium',
    severityText: textAt(alert, 'riskdesc') ?? textAt(alert, 'risk'),
    confidence: CONFIDENCES[confidence ?? -1],
    verified: confidence === CONFIRMED ? true : undefined,
    decision: confidence === FALSE_POSITIVE ? { state: 'false-positive' } : undefined,
    cwe,
    aliases: advisoryNames([name, reference]),
    place,
    otherPlaces,
    snippet: textAt(first, 'evidence'),
    remedy: textOf(alert, 'solution'),
    references: linksIn(reference?.replaceAll('</p>', ' ')),
    attributes: {
      pluginId: textAt(alert, 'pluginid') ?? textAt(alert, 'pluginId'),
      wasc: textAt(alert, 'wascid'),
      // The report keeps a part of the instances of systemic alerts only; this is how many there were.
      instances: textAt(alert, 'count') ?? String(Math.max(1, instances.length)),
      attack: textAt(first, 'attack'),
    },
  };
}
