import { systemClock } from '#core/clock.ts';
import { AppError, messageOf } from '#core/errors.ts';
import { retryDefaults } from '#cli/client/retry.ts';
import { acquire } from './acquire.ts';
import { createRunner } from './runner.ts';

async function start(): Promise<number> {
  const runner = createRunner(process.env, (text) => void process.stdout.write(text));
  try {
    return await acquire({ runner, clock: systemClock, retry: retryDefaults });
  } catch (error) {
    const remedy = error instanceof AppError && error.remedy !== undefined ? ` → ${error.remedy}` : '';
    runner.error(`${messageOf(error)}${remedy}`);
    return 1;
  }
}

void start().then((code) => (process.exitCode = code));
