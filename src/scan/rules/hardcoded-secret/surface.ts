import type { Variable } from '#pipeline/model.ts';
import type { Repository } from '#pipeline/repository.ts';
import type { Span } from '#pipeline/source.ts';
import type { Text } from '#pipeline/text.ts';
import { maskSecrets } from '../../mask-secrets.ts';
import { jobsOf, surfacePipelines } from '../../shared/surface-jobs.ts';
import { isCredentialName } from '../../shared/surface-credentials.ts';
import type { Candidate } from '../../shared/surface-report.ts';
import { hasKnownForm, looksRandom, OF_A_SERVICE } from '../../shared/random-value.ts';

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
