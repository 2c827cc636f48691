import { requireWholeScope } from './access/access-dependencies.ts';
import type { ServerDependencies } from './dependencies.ts';
import type { HandlersOf } from './handler.ts';
import { momentOf, momentOrNull } from './views.ts';

type Dependencies = Pick<ServerDependencies, 'broker' | 'sinks' | 'logStanding' | 'timeline'>;

/** What is configured, and of what works by itself whether it does. Names and states only: never a setting. */
export function createConfigurationHandlers({
  broker,
  sinks,
  logStanding,
  timeline,
}: Dependencies): HandlersOf<'getConfiguration'> {
  const readAtMs = async (input: string) => {
    const at = (await timeline?.store.cursor(input))?.readAtMs;
    // Before the first look there is a position already, and no time.
    return at === 0 ? undefined : at;
  };
  return {
    async getConfiguration({ caller }) {
      requireWholeScope(caller);
      const status = broker.configurationStatus();
      const { inForce, refused, resources, identityProviders, policies, posture, telemetry } = status;
      const [copies, standing] = await Promise.all([sinks.list(), logStanding()]);
      const inputs = status.inputs.map(async (input) => ({
        ...input,
        readAt: momentOrNull(input.mode === 'poll' ? await readAtMs(input.name) : undefined),
      }));
      return {
        value: {
          inForce:
            inForce === undefined
              ? null
              : { id: inForce.id, digest: inForce.digest, appliedAt: momentOf(inForce.appliedAtMs) },
          refused:
            refused === undefined ? null : { at: momentOf(refused.atMs), problems: [...refused.problems] },
          resources: [...resources],
          identityProviders: [...identityProviders],
          policies: [...policies],
          posture: posture === undefined ? null : { ...posture, sources: [...posture.sources] },
          sinks: copies.flatMap(({ name, type, state }) =>
            type === undefined ? [] : [{ name, type, state }],
          ),
          witnesses: standing.witnesses.map(({ name, cosigned }) => ({
            name,
            cosignedSize: cosigned?.size ?? null,
          })),
          inputs: await Promise.all(inputs),
          telemetry,
        },
      };
    },
  };
}
