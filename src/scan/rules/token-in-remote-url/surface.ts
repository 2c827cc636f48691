import type { Repository } from '#pipeline/repository.ts';
import type { Report } from '../../rule.ts';
import type { Candidate } from '../../shared/surface-report.ts';
import { nameJobs, type SharedScript, sharedScripts } from '../../shared/surface-jobs.ts';
import { isCredentialName } from '../../shared/surface-credentials.ts';
import { shellLinesOf } from '../../shared/shell-lines.ts';

/** `https://user:$TOKEN@host`; Azure writes `$(TOKEN)`. */
const ADDRESS = /https?:\/\/(?:[\w.${}()-]{1,80}:)?\$(?:[{(](\w{1,80})[})]|(\w{1,80}))@[\w.${-]/;
/** Commands that write the address into a file. */
const KEPT = /\bgit\b.*\b(?:clone|remote\s+(?:add|set-url)|submodule|config)\b|\binsteadOf\b/i;

function findIn({ script, jobs }: SharedScript): Candidate[] {
  if (!script.text.value.includes('://')) return [];
  return shellLinesOf(script.text).flatMap((line) => {
    const match = ADDRESS.exec(line.code);
    const name = match?.[1] ?? match?.[2] ?? '';
    if (match === null || !isCredentialName(name) || !/\bgit\b/.test(line.code)) return [];
    const kept = KEPT.test(line.code);
    const where = nameJobs(jobs).slice(0, 60);
    const report: Omit<Report, 'at'> = {
      message: kept
        ? `$${name} is written to the configuration of Git with the address in ${where}`
        : `$${name} stands in an address on the command line of Git in ${where}`,
      severity: kept ? 'medium' : 'low',
      persona: kept ? 'regular' : 'pedantic',
      confidence: 'medium',
      remedy:
        'Hand the token over for this one command: `git -c http.extraHeader="Authorization: Basic $(printf "x:%s" "$TOKEN" | base64 -w0)" push …`, or use a deploy key that the platform adds.',
      key: `${name} ${kept ? 'kept' : 'shown'}`,
    };
    const span = line.locate(match.index, match.index + match[0].length);
    return [{ source: script.text.source, span, report }];
  });
}

/** The same on the platforms whose jobs say what they hold; one finding for each token of a file. */
export function findOnSurfaces(repository: Repository): Candidate[] {
  return sharedScripts(repository).flatMap(findIn);
}
