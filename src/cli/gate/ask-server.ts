import { PostureResult } from '#api/posture.ts';
import { connectAnonymously } from '../client/connect.ts';
import type { CommandStreams, GlobalOptions } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { type JobOptions, openJobSession } from '../job/job-session.ts';
import { formatFacts } from '../facts.ts';
import { formatParagraph } from '../layout.ts';
import { printable } from '../output.ts';

type Caller = CommandStreams & { global: GlobalOptions; options: JobOptions };

/** The posture of this job's pipeline, as the server sees it. The token is verified, and not used up. */
export async function askServer(caller: Caller): Promise<PostureResult> {
  const token = await openJobSession(caller).token();
  return await connectAnonymously(caller).call({
    method: 'POST',
    path: '/v1/posture',
    body: { token: token.reveal() },
    schema: PostureResult,
  });
}

export function formatPosture(result: PostureResult): string {
  if (result.outcome === 'unknown') {
    return formatParagraph('', `The server does not know how this pipeline is: ${result.reason}.`);
  }
  if (result.outcome === 'refused') {
    const { code, message, facts, remedy } = result.refusal;
    const head = formatParagraph('', `The server does not accept this token: ${message} [${code}]`);
    return `${head}${formatFacts(facts, '  ')}${formatParagraph('  → ', remedy)}`;
  }
  const { grade, repository, commit, workflow, findings, reasons, workflowDigest } = result;
  const subject = [repository, `at ${commit.slice(0, 12)}`, workflow ?? ''].join(' ').trim();
  return [
    `${printable(`The server grades ${subject}`)} [${grade}]\n`,
    ...findings.map(({ rule, severity, file, line, message, remedy }) =>
      [
        `✗ ${printable(`${severity}  ${rule}  ${file}:${line}`)}\n`,
        formatParagraph('    ', message),
        formatParagraph('    → ', remedy),
      ].join(''),
    ),
    ...reasons.map((reason) => formatParagraph('✗ ', reason)),
    `  definitions: ${printable(workflowDigest)}\n`,
  ].join('');
}

/** Unknown is not clean: it fails in a way of its own, as trying again may help. */
export function exitCodeOfPosture(result: PostureResult): number {
  if (result.outcome === 'unknown') return exitCodes.unavailable;
  if (result.outcome === 'refused') return exitCodes.refused;
  return result.grade === 'fail' ? exitCodes.negative : exitCodes.ok;
}
