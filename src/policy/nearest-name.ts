import { nearestWord } from '#core/nearest.ts';

/** The candidate that was most likely meant; `project_id`, `projectId` and `project.id` are one name to it. */
export function nearestName(wrong: string, candidates: Iterable<string>): string | undefined {
  const byPlainName = new Map<string, string>();
  for (const candidate of candidates) byPlainName.set(plain(candidate), candidate);
  const nearest = nearestWord(plain(wrong), byPlainName.keys());
  return nearest === undefined ? undefined : byPlainName.get(nearest);
}

function plain(name: string): string {
  return name.replaceAll(/[-_.]/g, '');
}
