const CHARS_MAX = 2_000;
const ADVISORY =
  /\b(?:CVE-\d{4}-\d{4,10}|GHSA(?:-[0-9a-z]{4}){3}|RUSTSEC-\d{4}-\d{4}|GO-\d{4}-\d{4,6}|PYSEC-\d{4}-\d{1,6}|OSV-\d{4}-\d{1,6}|SNYK-[A-Z0-9]{2,20}-[A-Z0-9]{1,60}-\d{1,12})\b/gi;

function spell(name: string): string {
  return /^ghsa-/i.test(name) ? `GHSA-${name.slice(5).toLowerCase()}` : name.toUpperCase();
}

/** Names of advisories in texts, each once, in the spelling of those who give them out. */
export function advisoryNames(texts: readonly (string | undefined)[]): readonly string[] {
  const names = texts.flatMap((text) =>
    [...(text?.slice(0, CHARS_MAX).matchAll(ADVISORY) ?? [])].map(([name]) => spell(name)),
  );
  return [...new Set(names)];
}

/** Those names without the one under which the finding stands already. */
export function otherNames(
  ruleId: string | undefined,
  texts: readonly (string | undefined)[],
): readonly string[] {
  return advisoryNames(texts).filter((name) => name.toLowerCase() !== ruleId?.toLowerCase());
}
