import type { Identity } from '#api/identity.ts';
import { WhoamiResult } from '#api/subject.ts';
import { defineCommand } from '../command.ts';
import { connectAnonymously } from '../client/connect.ts';
import { exitCodes } from '../exit-codes.ts';
import { decodeToken, describeOffline } from '../job/decode-token.ts';
import { jobOptions, openJobSession } from '../job/job-session.ts';
import { formatFacts } from '../facts.ts';
import { formatFields, formatParagraph } from '../layout.ts';
import { formatTime, writeAll } from '../output.ts';

function yesNo(value: boolean | undefined): string | undefined {
  return value === undefined ? undefined : value ? 'yes' : 'no';
}

/** Attributes in the words that policies use, whatever the platform calls them. */
function canonicalFields(identity: Identity): [string, string | undefined][] {
  return [
    ['provider', identity.provider],
    ['platform', identity.platform],
    ['issuer', identity.issuer],
    ['subject', identity.subject],
    ['org.id', identity.org?.id],
    ['org.name', identity.org?.name],
    ['project.id', identity.project?.id],
    ['project.path', identity.project?.path],
    ['project.visibility', identity.project?.visibility],
    ['ref.full', identity.ref?.full],
    ['ref.type', identity.ref?.type],
    ['ref.protected', yesNo(identity.ref?.protected)],
    ['commit', identity.commit],
    ['trigger', identity.trigger],
    ['environment.name', identity.environment?.name],
    ['environment.protected', yesNo(identity.environment?.protected)],
    ['config.uri', identity.config?.uri],
    ['config.sha', identity.config?.sha],
    ['callee.uri', identity.callee?.uri],
    ['callee.sha', identity.callee?.sha],
    ['runner.hosting', identity.runner?.hosting],
    ['runner.id', identity.runner?.id],
    ['run.id', identity.run?.id],
    ['run.attempt', identity.run?.attempt],
    ['run.job', identity.run?.job],
    ['actor.id', identity.actor?.id],
    ['actor.login', identity.actor?.login],
    ['forked', yesNo(identity.forked)],
    ['interactive', yesNo(identity.interactive)],
  ];
}

function describe(result: WhoamiResult): string {
  if (!result.accepted) {
    const { code, message, facts, remedy } = result.refusal;
    const head = formatParagraph('', `The server does not accept this token: ${message} [${code}]`);
    return `${head}${formatFacts(facts, '  ')}${formatParagraph('  → ', remedy)}`;
  }
  const fields = canonicalFields(result.identity);
  const absent = fields.filter(([, value]) => value === undefined).map(([name]) => name);
  const missing =
    absent.length === 0
      ? ''
      : `\nNot stated by the platform (a policy that asks for it denies):\n${formatParagraph('  ', absent.join(', '))}`;
  const expires = formatTime(Date.parse(result.expiresAt));
  return `${formatFields([['principal', result.principal], ...fields, ['expires', expires]])}${missing}`;
}

export const command = defineCommand({
  name: 'whoami',
  summary: 'show whom the server takes this job for',
  description:
    "Sends the job's token to be verified, and shows the identity that policies see. The token is not used up " +
    'where the platform gives only one. --offline only decodes it here, which proves nothing.',
  options: { offline: { description: 'decode the token without asking the server' }, ...jobOptions },
  examples: [{ explanation: 'in a job, before the first policy is written', command: 'vouchgate whoami' }],
  exitCodes: { '1': 'the server does not accept the token' },
  async run(context) {
    const { global, stdout } = context;
    const token = await openJobSession(context).token();
    if (context.options.offline) {
      const claims = decodeToken(token);
      const text = describeOffline(claims, context.clock.nowMs());
      await writeAll(stdout, global.format === 'json' ? `${JSON.stringify({ claims })}\n` : text);
      return exitCodes.ok;
    }
    const result = await connectAnonymously(context).call({
      method: 'POST',
      path: '/v1/whoami',
      body: { token: token.reveal() },
      schema: WhoamiResult,
    });
    await writeAll(stdout, global.format === 'json' ? `${JSON.stringify(result)}\n` : describe(result));
    return result.accepted ? exitCodes.ok : exitCodes.negative;
  },
});
