import type { Step } from '#pipeline/model.ts';
import { asMapping, findValue } from '#pipeline/yaml/access.ts';
import type { TextEdit } from '../../../fix/apply-edits.ts';
import type { StoredCredential } from '../recognise/stored-use.ts';
import { type GitlabMigration, isLogin } from '../targets/gitlab.ts';
import { changeUnder, newlineOf } from './mapping-edits.ts';
import { NeedsHand } from './needs-hand.ts';
import { asItem, insertItems, itemLines, stepsOf } from './script-items.ts';

function addToken({ job }: StoredCredential, name: string, audience: string): readonly TextEdit[] {
  const { source } = job.pipeline;
  const present = findValue(findValue(job.node, 'id_tokens'), name);
  if (present !== undefined) return [];
  const value = `{ aud: ${JSON.stringify(audience)} }`;
  const edits = changeUnder(source, job.node, 'id_tokens', { remove: () => false, add: [[name, value]] });
  if (edits === undefined) throw new NeedsHand('`id_tokens:` is shared with other places');
  return edits;
}

function dropVariables({ job, uses }: StoredCredential): readonly TextEdit[] {
  const names = uses.filter(({ place }) => place === 'job-variable').map(({ holder }) => holder);
  if (names.length === 0) return [];
  if (asMapping(findValue(job.node, 'variables')) === undefined)
    throw new NeedsHand('its variables come from elsewhere');
  const remove = (name: string) => names.includes(name) || /^AWS_ACCESS_KEY_ID$/.test(name);
  const edits = changeUnder(job.pipeline.source, job.node, 'variables', { remove, add: [] });
  if (edits === undefined) throw new NeedsHand('`variables:` is shared with other places');
  return edits;
}

/** The job logs in with its own identity. @throws {NeedsHand} */
export function patchGitlab(credential: StoredCredential, migration: GitlabMigration): readonly TextEdit[] {
  const { job, uses } = credential;
  const { before, loginLine, token, audience } = migration;
  const text = ({ work }: Step): string => (work.kind === 'script' ? work.text.value : '');
  const secrets = [...new Set(uses.map(({ secret }) => secret))];
  const logins = job.steps.filter(
    (step) => isLogin(text(step), loginLine, secrets) && !/\n\s*\S/.test(text(step)),
  );
  const stray = stepsOf(uses).find(
    (step) => !logins.includes(step) && !before.some((line) => line.includes('VAULT_TOKEN=')),
  );
  if (stray !== undefined) throw new NeedsHand('the script itself handles the value');
  const first = logins[0] ?? stepsOf(uses)[0] ?? job.steps[0];
  if (first === undefined) throw new NeedsHand('it has no script of its own');
  return [
    ...addToken(credential, token, audience),
    insertItems(first, before),
    ...logins.map((step): TextEdit => {
      const { start, end } = itemLines(step);
      return { start, end, replacement: '' };
    }),
    ...dropVariables(credential),
  ];
}

const quoted = (line: string): string => `'${line.replaceAll("'", `'\\''`)}'`;

/** Each line that names the value runs inside of `vouchgate run`, which alone has it. @throws {NeedsHand} */
export function wrapGitlab(
  credential: StoredCredential,
  resources: readonly string[],
  loginLine: RegExp | undefined,
): readonly TextEdit[] {
  const steps = stepsOf(credential.uses);
  if (steps.length === 0 || credential.uses.some(({ place }) => place !== 'script'))
    throw new NeedsHand('programs find it in the environment: say which of them are to have it');
  const edits = steps.map((step): TextEdit => {
    const { pad, start, end } = itemLines(step);
    if (step.work.kind !== 'script') throw new NeedsHand('it is no script');
    const { value } = step.work.text;
    if (loginLine?.test(value) === true)
      throw new NeedsHand('later lines rely on this login: run them together inside of `vouchgate run`');
    if (value.trim().includes('\n')) throw new NeedsHand('the script has several lines in one item');
    const named = resources.map((name) => `--resource ${name}`).join(' ');
    const line = `npx vouchgate run --server "$VOUCHGATE_URL" ${named} -- sh -euc ${quoted(value.trim())}`;
    return { start, end, replacement: `${pad}- ${asItem(line)}${newlineOf(step.job.pipeline.source)}` };
  });
  return [...addToken(credential, 'VOUCHGATE_ID_TOKEN', '$VOUCHGATE_URL'), ...edits];
}
