import type { Job } from '#pipeline/model.ts';
import { readDefinitions } from '#pipeline/read-file.ts';
import { SourceText } from '#pipeline/source.ts';
import { asMapping, keyText } from '#pipeline/yaml/access.ts';
import { applyEdits, type TextEdit } from '../../../fix/apply-edits.ts';
import { findStrayChange } from '../../../fix/verify-edits.ts';
import { findCredentials } from '../recognise/find-credentials.ts';
import type { StoredCredential } from '../recognise/stored-use.ts';
import { columnOf, newlineOf } from './mapping-edits.ts';
import { NeedsHand } from './needs-hand.ts';

/** What came of each credential: nothing to say where it is gone, else why it is left to a person. */
export interface PatchedFile {
  readonly after: string;
  readonly reasons: ReadonlyMap<string, string | undefined>;
}

/** Edits for one credential; undefined when there is nothing to be done on this side. */
export type Planner = (credential: StoredCredential) => readonly TextEdit[] | undefined;

/** Credentials in one file that are patched; more are left to a person. */
const CREDENTIALS_MAX = 60;
/** Each takes the whole file through the parser some times: characters over all of them. */
const CHARACTERS_MAX = 1_500_000;

/** The same credential before and after other patches of the file. */
export const keyOf = ({ job, kind }: StoredCredential): string => `${kind.id} ${job.id}`;

function credentialsIn(file: string, text: string): StoredCredential[] {
  const { definitions } = readDefinitions(new SourceText(file, text));
  return definitions.flatMap((each) => (each.kind === 'pipeline' ? findCredentials(each.pipeline) : []));
}

/** `environment:` in front of the steps, for a job that has none. */
export function addEnvironment({ node, pipeline: { source } }: Job, name: string): readonly TextEdit[] {
  const steps = asMapping(node)?.entries.find((entry) => keyText(entry) === 'steps');
  if (steps === undefined || node.flow)
    throw new NeedsHand('the job needs an environment, and cannot be given one here');
  const at = steps.key.start;
  const replacement = `environment: ${name}${newlineOf(source)}${' '.repeat(columnOf(source, at))}`;
  return [{ start: at, end: at, replacement }];
}

const isGroovy = (file: string): boolean => /(?:^|\/)Jenkinsfile[^/]*$|\.(?:groovy|jenkinsfile)$/i.test(file);

/** A language other than YAML is read again as a whole. */
function findNewProblem(file: string, before: string, after: string): string | undefined {
  const [old, now] = [before, after].map((text) => readDefinitions(new SourceText(file, text)));
  const isWorse =
    (now?.problems.length ?? 0) > (old?.problems.length ?? 0) ||
    now?.definitions.length !== old?.definitions.length;
  return isWorse ? 'the result is not what it should be' : undefined;
}

function applyOne(
  file: string,
  text: string,
  credential: StoredCredential,
  plan: Planner,
): string | undefined {
  const edits = plan(credential);
  if (edits === undefined) return undefined;
  const after = applyEdits(text, edits);
  const stray = isGroovy(file)
    ? findNewProblem(file, text, after)
    : findStrayChange(file, text, after, edits);
  if (stray !== undefined) throw new NeedsHand(stray);
  const left = credentialsIn(file, after).some((each) => keyOf(each) === keyOf(credential));
  if (left) throw new NeedsHand('the stored value would still be read somewhere');
  return after;
}

/** What several jobs share goes for all of them with the first. */
function noteGone(
  before: readonly StoredCredential[],
  after: readonly StoredCredential[],
  reasons: Map<string, string | undefined>,
): void {
  const left = new Set(after.map(keyOf));
  for (const key of before.map(keyOf)) if (!reasons.has(key) && !left.has(key)) reasons.set(key, undefined);
}

/** Takes one credential after the other out of a file; each result is read again before it counts. */
export function patchFile(file: string, text: string, plan: Planner): PatchedFile {
  const reasons = new Map<string, string | undefined>();
  let current = text;
  const roundsMax = Math.min(CREDENTIALS_MAX, Math.max(2, Math.floor(CHARACTERS_MAX / (text.length + 1))));
  for (let round = 0; round < roundsMax; round += 1) {
    const next = credentialsIn(file, current).find((each) => !reasons.has(keyOf(each)));
    if (next === undefined) break;
    try {
      const after = applyOne(file, current, next, plan);
      if (after !== undefined) current = after;
      reasons.set(keyOf(next), after === undefined ? 'no way without a stored value is known' : undefined);
    } catch (error) {
      // Edits of one place that meet each other are one more thing that a person has to look at.
      if (!(error instanceof NeedsHand) && !(error instanceof RangeError)) throw error;
      reasons.set(keyOf(next), error instanceof NeedsHand ? error.message : 'two changes meet at one place');
    }
  }
  noteGone(credentialsIn(file, text), credentialsIn(file, current), reasons);
  return { after: current, reasons };
}
