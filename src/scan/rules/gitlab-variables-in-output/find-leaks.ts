import type { GitlabJob } from '#pipeline/gitlab/model.ts';
import type { Span } from '#pipeline/source.ts';
import type { Text } from '#pipeline/text.ts';
import { shellLinesOf } from '../../shared/shell-lines.ts';

export interface Leak {
  readonly kind: 'all-in-log' | 'all-in-artifact' | 'one-in-log' | 'one-encoded' | 'one-in-artifact';
  /** The variable, or the file. */
  readonly name: string;
  readonly text: Text;
  readonly at: Span;
}

/**
 * Names that people give to what nobody else may see. `KEY_ID` and `KEY_PATH` are something else, and kubeconfigs and
 * keys of service accounts are most often variables of the type file: those hold a path.
 */
const SECRET =
  /(?:^|_)(?:password|passwd|passphrase|secret|token|api_?key|private_?key|access_?key|secret_?key)$/i;
/** Known to everybody, or masked by GitLab and over with the job. */
const HARMLESS = /^(?:CI_JOB_TOKEN|CI_REGISTRY_PASSWORD|CI_DEPENDENCY_PROXY_PASSWORD)$/;

const DUMP =
  /(?:^|[;&|(]\s*)((?:\/usr\/bin\/)?(?:env|printenv|export -p|declare -[xp]{1,2}))(?=\s*(?:$|[;&|>)]|\d>))/;
const PRINT = /(?:^|[;&|(]\s*)((?:echo|printf)\s[^;&]{1,600})/;
const VARIABLE = /\$(?:(\w{1,80})|\{(\w{1,80})\})/g;
const INTO = /(?:>>?|\|\s*tee(?:\s+-a)?)\s*["']?([\w./${}-]{1,200})/;

/** What a part of a script names that is secret by its name. */
function secretIn(text: string): string | undefined {
  for (const [, bare, braced] of text.matchAll(VARIABLE)) {
    const name = bare ?? braced ?? '';
    if (SECRET.test(name) && !HARMLESS.test(name)) return name;
  }
  return undefined;
}

function clean(file: string): string {
  return file.replace(/^(?:\.\/|\$\{?CI_PROJECT_DIR\}?\/)+/, '').replace(/\/(?:\*\*?)?$/, '');
}

function isKept(file: string, job: GitlabJob): boolean {
  const written = clean(file);
  const reports = job.reports.flatMap(({ kind, paths }) => (kind === 'dotenv' ? paths : []));
  const paths = [...(job.artifacts?.paths.map(({ value }) => value) ?? []), ...reports].map(clean);
  if (job.artifacts?.excludes.some((each) => clean(each) === written) === true) return false;
  return paths.some((each) => each !== '' && (written === each || written.startsWith(`${each}/`)));
}

function readDump(code: string, job: GitlabJob): Omit<Leak, 'text' | 'at'> | undefined {
  const match = DUMP.exec(code);
  if (match === null) return undefined;
  const rest = code.slice(match.index);
  const file = INTO.exec(rest)?.[1];
  if (file !== undefined) {
    return isKept(file, job) ? { kind: 'all-in-artifact', name: file } : undefined;
  }
  // What is picked out of it is most often meant; the rest of a pipe is a program that reads it.
  return /^[^|]*(?:\|\s*sort\b[^|]*)?$/.test(rest) ? { kind: 'all-in-log', name: match[1] ?? '' } : undefined;
}

function readPrint(code: string, job: GitlabJob): Omit<Leak, 'text' | 'at'> | undefined {
  const printed = PRINT.exec(code)?.[1];
  if (printed === undefined) return undefined;
  const [words = '', ...pipes] = printed.split('|');
  const name = secretIn(words.split('>')[0] ?? '');
  if (name === undefined || /\$\(/.test(code)) return undefined;
  const file = INTO.exec(printed)?.[1];
  if (file !== undefined) return isKept(file, job) ? { kind: 'one-in-artifact', name } : undefined;
  if (pipes.length === 0) return printed.includes('>') ? undefined : { kind: 'one-in-log', name };
  const encodes = pipes.every((pipe) =>
    /^\s*(?:base64(?!\s+(?:-d|-D|--decode))|rev|xxd|od|hexdump)\b/.test(pipe),
  );
  return encodes ? { kind: 'one-encoded', name } : undefined;
}

/** Places of a job where values of variables get where others can read them. */
export function findLeaks(job: GitlabJob): Leak[] {
  return job.steps.flatMap(({ work }) => {
    if (work.kind !== 'script') return [];
    return shellLinesOf(work.text).flatMap((line) => {
      const leak = readDump(line.code, job) ?? readPrint(line.code, job);
      const start = line.code.length - line.code.trimStart().length;
      return leak === undefined
        ? []
        : [{ ...leak, text: work.text, at: line.locate(start, line.code.length) }];
    });
  });
}
