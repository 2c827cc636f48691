import type { PersonSession } from '#api/person.ts';

// In this order: Edge and Opera call themselves Chrome as well, and Chrome calls itself Safari.
const BROWSERS = [
  ['Edg/', 'Edge'],
  ['OPR/', 'Opera'],
  ['Firefox/', 'Firefox'],
  ['Chrome/', 'Chrome'],
  ['Safari/', 'Safari'],
] as const;

const SYSTEMS = [
  ['Android', 'Android'],
  ['iPhone', 'iPhone'],
  ['iPad', 'iPad'],
  ['Windows', 'Windows'],
  ['Mac OS', 'macOS'],
  ['Linux', 'Linux'],
] as const;

function nameIn(text: string, names: readonly (readonly [mark: string, name: string])[]): string | undefined {
  return names.find(([mark]) => text.includes(mark))?.[1];
}

/** What a client says it is, in a few words; it can say anything, so this is a help and no proof. */
export function describeClient({ browser, client }: Pick<PersonSession, 'browser' | 'client'>): string {
  if (!browser) return 'command line';
  const agent = client ?? '';
  const parts = [nameIn(agent, BROWSERS), nameIn(agent, SYSTEMS)].filter((part) => part !== undefined);
  return parts.length === 0 ? 'a browser' : parts.join(' on ');
}
