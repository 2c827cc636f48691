import type { FindingDraft, PlaceDraft } from './build-reported-finding.ts';

/**
 * CWE-259, 321, 798: hard-coded password, key, credentials. 13, 256, 260, 312, 522, 526, 540, 555, 615: in
 * configuration, in clear text, in the environment, in source and its comments.
 */
const CREDENTIAL_CWES = new Set([13, 256, 259, 260, 312, 321, 522, 526, 540, 555, 615, 798]);
/** What a web scanner shows as evidence of these is the very thing that leaked. */
const LEAK_CWES = new Set([200, 201, 209, 319, 359, 497, 522, 523, 532, 538, 548, 598]);
const NAMES =
  /passw(?:or)?d|secret|credential|token|(?:api|access|private|encryption|secret|crypto\w{0,10})[-_ ]?key/i;
/** Words that say that the thing itself is there, not that something is wrong with how it is handled. */
const PRESENCE =
  /hard[-_ ]?coded|plain[-_ ]?text|clear[-_ ]?text|detected|found|exposed|leak|disclos|should not be|version control|in (?:the )?(?:source|code|comment|url|config|propert|file|env|image|repo|docker)/i;

function speaksOfCredential({ kind, cwe = [], ruleId = '', title = '' }: FindingDraft): boolean {
  if (kind === 'secret' || cwe.some((number) => CREDENTIAL_CWES.has(number))) return true;
  const words = `${ruleId.slice(0, 200)} ${title.slice(0, 500)}`.replaceAll('_', ' ');
  return NAMES.test(words) && PRESENCE.test(words);
}

function maskQuoted(text: string | undefined): string | undefined {
  return text
    ?.replaceAll(/(["'`])[^"'`\n]{1,1000}\1/g, '$1[masked]$1')
    .replaceAll(/\bAKIA[0-9A-Z]{12,}|\beyJ[\w-]{10,}(?:\.[\w-]*){0,2}|\bgh[opsu]_\w{20,}/g, '[masked]');
}

/** What a web scanner shows, or an address holds, is what leaked: `?token=…`. */
export function isLeak(cwe: readonly number[]): boolean {
  return cwe.some((number) => LEAK_CWES.has(number));
}

function withoutQuery(place: PlaceDraft): PlaceDraft {
  return place.url === undefined ? place : { ...place, url: place.url.split(/[?#]/, 1)[0] };
}

function maskLeak(draft: FindingDraft): FindingDraft {
  const { place, otherPlaces } = draft;
  return {
    ...draft,
    snippet: undefined,
    ...(place === undefined ? {} : { place: withoutQuery(place) }),
    ...(otherPlaces === undefined ? {} : { otherPlaces: otherPlaces.map(withoutQuery) }),
  };
}

/**
 * A tool that finds a hard-coded credential shows it: in the lines of code, and often in its message
 * (`Possible hardcoded password: '…'`). Neither may be kept, so the code goes and quoted texts are masked.
 */
export function maskCredentials(draft: FindingDraft): FindingDraft {
  if (speaksOfCredential(draft))
    return {
      ...draft,
      title: maskQuoted(draft.title),
      description: maskQuoted(draft.description),
      snippet: undefined,
    };
  return draft.kind === 'web' && isLeak(draft.cwe ?? []) ? maskLeak(draft) : draft;
}
