import type { Variable } from '#pipeline/model.ts';
import type { Repository } from '#pipeline/repository.ts';
import type { Span } from '#pipeline/source.ts';
import type { Text } from '#pipeline/text.ts';
import { maskSecrets } from '../../mask-secrets.ts';
import { jobsOf, surfacePipelines } from '../../shared/surface-jobs.ts';
import { isCredentialName } from '../../shared/surface-credentials.ts';
import type { Candidate } from '../../shared/surface-report.ts';
import { isPlaceholder, tokenShapes } from '../../token-shapes.ts';

/** Of a database that the job starts for itself, and throws away. */
const OF_A_SERVICE =
  /^(?:TEST_|CI_)?(?:POSTGRES|PG|MYSQL|MARIADB|MONGO|RABBITMQ|REDIS|MINIO|DB|DATABASE|MSSQL|SA)/i;
const HARMLESS = /test|dummy|fake|secret|password|local|none|null|true|false|not|changeme|example/i;

/** The rule finds these by their form. */
function hasKnownForm(value: string): boolean {
  return tokenShapes.some(({ pattern }) => value.search(pattern) !== -1);
}

/** Random texts have letters and digits, no words, no spaces; a path, an address or a version has its own signs. */
function looksRandom(value: string): boolean {
  if (value.length < 16 || value.length > 400 || /[\s$/\\@:<>{}()]/.test(value)) return false;
  if (!/[A-Za-z]/.test(value) || !/\d/.test(value)) return false;
  if (HARMLESS.test(value) || isPlaceholder(value)) return false;
  return new Set(value).size >= 10;
}

/** Where it can be shown without its value: at the name when that has a line of its own, else where the excerpt hides it. */
function findShowable({ key }: Variable, { source, node, value }: Text): Span | undefined {
  const lines = [key.start, node.start].map((at) => source.position(at).line);
  const [ofKey = 0, ofValue] = lines;
  if (ofKey !== ofValue) return key;
  const hidden = !maskSecrets(source.line(ofKey)).includes(value);
  return hidden ? { start: node.start, end: node.start + 1 } : undefined;
}

function check(variable: Variable): Candidate[] {
  const { name, value } = variable;
  if (value === undefined || !value.isConstant || OF_A_SERVICE.test(name) || !isCredentialName(name))
    return [];
  if (!looksRandom(value.value) || hasKnownForm(value.value)) return [];
  const span = findShowable(variable, value);
  if (span === undefined) return [];
  const report = {
    message: `the value of ${name.slice(0, 60)} stands in this file, for everybody who can read it`,
    severity: 'high',
    confidence: 'medium',
    key: name,
  } as const;
  return [{ source: value.source, span, report }];
}

/** Variables with the name of a secret, and a value that nobody made up. */
export function findOnSurfaces(repository: Repository): Candidate[] {
  return surfacePipelines(repository).flatMap((pipeline) => {
    const own = jobsOf(pipeline).flatMap(({ job }) => [job.env, ...job.steps.map(({ env }) => env)]);
    return [pipeline.env, ...own].flat().flatMap(check);
  });
}
