import type { ConfigurationManager } from '#broker/configuration/configuration-manager.ts';
import type { ConfigurationFiles } from '#broker/configuration/configuration.ts';
import { CONFIGURATION_FILE } from '#broker/configuration/load-configuration.ts';
import type { ConfigurationProblem } from '#core/config/problem.ts';
import { AppError, messageOf } from '#core/errors.ts';
import type { Logger } from '#core/log.ts';

/** Never throws: whatever keeps the files from being in force is a problem, and the server goes on with what it has. */
export async function applyFiles(
  manager: ConfigurationManager,
  options: { readFiles: () => Promise<ConfigurationFiles>; log: Logger },
): Promise<readonly ConfigurationProblem[]> {
  try {
    const application = await manager.apply(await options.readFiles());
    return application.applied ? [] : application.problems;
  } catch (error) {
    if (!(error instanceof AppError)) options.log.error('configuration.not_applied', { error });
    const { remedy, location } = error instanceof AppError ? error : {};
    return [
      {
        file: location ?? CONFIGURATION_FILE,
        line: 1,
        column: 1,
        message: messageOf(error),
        remedy: remedy ?? 'The log of the server tells more.',
      },
    ];
  }
}
