import { messageOf } from '#core/errors.ts';
import { retryDefaults } from '#cli/client/retry.ts';
import { release } from './release.ts';
import { createRunner } from './runner.ts';

const runner = createRunner(process.env, (text) => void process.stdout.write(text));
release({ runner, retry: { ...retryDefaults, attemptsMax: 3 } }).catch((error: unknown) => {
  runner.warn(`nothing was revoked: ${messageOf(error)}`);
});
