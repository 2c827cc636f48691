import { defineCommand } from '../command.ts';
import { ClientError } from '../client/client-error.ts';
import { connectAsPerson } from '../client/connect.ts';
import { readLogin, removeLogin } from '../client/session-file.ts';
import { exitCodes } from '../exit-codes.ts';

export const command = defineCommand({
  name: 'logout',
  summary: 'end the session of the last login',
  description: 'Ends the session on the server, and removes it here even when the server cannot be reached.',
  async run(context) {
    const login = await readLogin(context.env);
    if (login === undefined) {
      context.stderr.write('vouchgate: nobody is logged in here\n');
      return exitCodes.ok;
    }
    try {
      const client = await connectAsPerson({
        ...context,
        env: { ...context.env, VOUCHGATE_TOKEN: undefined, VOUCHGATE_SESSION_TOKEN: undefined },
        global: { ...context.global, server: login.server },
      });
      await client.send({ method: 'DELETE', path: '/v1/sessions/current' });
    } catch (error) {
      // Over already is as good as ended.
      if (!(error instanceof ClientError && error.code === 'session_rejected')) throw error;
    } finally {
      await removeLogin(context.env);
    }
    if (!context.global.quiet) context.stderr.write(`vouchgate: logged out of ${login.server}\n`);
    return exitCodes.ok;
  },
});
