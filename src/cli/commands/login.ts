import { ADMIN_LINK_FRAGMENT, ADMIN_LINK_PREFIX, Session } from '#api/session.ts';
import { Secret } from '#core/secret.ts';
import { defineCommand } from '../command.ts';
import { CommandError } from '../command-error.ts';
import { connectAnonymously } from '../client/connect.ts';
import { writeLogin } from '../client/session-file.ts';
import { exitCodes } from '../exit-codes.ts';
import { readSecret } from '../hidden-input.ts';
import { writeAll } from '../output.ts';

/** The server and the secret part of what was pasted: a whole link, or only its `vgl_…`. */
function parseLink(text: string): { server: string | undefined; link: string } {
  const link = text.startsWith(ADMIN_LINK_PREFIX) ? text : text.split(ADMIN_LINK_FRAGMENT)[1];
  if (link === undefined || !/^vgl_[\w-]{10,200}$/u.test(link)) {
    throw new CommandError('usage_invalid', 'this is no admin link', {
      remedy: 'Give the whole link that the server printed: https://…/admin#link=vgl_…',
    });
  }
  const address = text.slice(0, text.length - link.length - ADMIN_LINK_FRAGMENT.length);
  return { server: text === link ? undefined : address.replace(/\/admin$/u, ''), link };
}

export const command = defineCommand({
  name: 'login',
  summary: 'open a session with the admin link of a server',
  description:
    'Redeems the one-time link that `vouchgate up` printed, and keeps the session in your configuration folder ' +
    '(readable by you only). Without a link it asks for it, or reads it from standard input.',
  args: [{ name: '[link]', description: 'the admin link' }],
  examples: [
    {
      explanation: 'as the server printed it',
      command: 'vouchgate login https://vouchgate.example/admin#link=vgl_…',
    },
  ],
  async run(context) {
    const given = context.args[0] ?? (await readSecret(context, 'Admin link: ')).reveal();
    const { server, link } = parseLink(given.trim());
    const client = connectAnonymously({
      ...context,
      global: { ...context.global, server: server ?? context.global.server },
    });
    const session = await client.call({
      method: 'POST',
      path: '/v1/sessions',
      body: { link },
      schema: Session,
    });
    const { expiresAt, subject, role, token } = session;
    if (token === null) {
      throw new CommandError('usage_invalid', 'the server gave no token for the command line', {
        remedy: 'Use the version of vouchgate that the server runs.',
      });
    }
    const file = await writeLogin(context.env, {
      server: client.server,
      token: new Secret(token),
      expiresAt,
    });
    const text =
      context.global.format === 'json'
        ? `${JSON.stringify({ server: client.server, subject, role, expiresAt, file })}\n`
        : `Logged in to ${client.server} as ${subject} (${role}) until ${expiresAt}.\n`;
    await writeAll(context.stdout, text);
    return exitCodes.ok;
  },
});
