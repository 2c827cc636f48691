import type { Finding, Location } from '#findings/finding.ts';

function prefixLocation(location: Location, prefix: string): Location {
  return { ...location, file: `${prefix}${location.file}` };
}

/** The finding with `prefix` in front of every file name. */
export function prefixFinding(finding: Finding, prefix: string): Finding {
  const [first, ...others] = finding.locations;
  return {
    ...finding,
    locations: [prefixLocation(first, prefix), ...others.map((each) => prefixLocation(each, prefix))],
    ...(finding.path === undefined
      ? {}
      : { path: finding.path.map((hop) => ({ ...hop, location: prefixLocation(hop.location, prefix) })) }),
    fixes: finding.fixes.map((fix) => ({
      ...fix,
      edits: fix.edits.map((edit) => ({ ...edit, file: `${prefix}${edit.file}` })),
    })),
  };
}
