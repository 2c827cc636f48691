import { SealedSecretName } from '#api/sealed-secret.ts';
import { newId } from '#core/ids.ts';
import { Secret } from '#core/secret.ts';
import type { ServerDependencies } from './dependencies.ts';
import type { HandlersOf } from './handler.ts';
import { RequestProblem } from './request-problem.ts';
import { momentOf, momentOrNull } from './views.ts';

const DAY_MS = 86_400_000;

/** A day means its end: what is due "by the 31st" is not overdue on the 31st. */
function rotateByMsOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  return text.length === 10 ? Date.parse(text) + DAY_MS - 1 : Date.parse(text);
}

export function createSealedSecretHandlers(
  deps: Pick<ServerDependencies, 'sealedSecrets' | 'events' | 'clock'>,
): HandlersOf<'listSealedSecrets' | 'putSealedSecret'> {
  const { sealedSecrets, events, clock } = deps;
  return {
    async listSealedSecrets() {
      const rows = await sealedSecrets.list();
      const secrets = rows.map(({ name, updatedAtMs, rotateByMs }) => ({
        name,
        updatedAt: momentOf(updatedAtMs),
        rotateBy: momentOrNull(rotateByMs),
        overdue: rotateByMs !== undefined && rotateByMs < clock.nowMs(),
      }));
      return { value: { secrets } };
    },
    async putSealedSecret({ params, body, caller }) {
      const name = SealedSecretName.safeParse(params.name);
      if (!name.success) {
        throw new RequestProblem('request_invalid', 'The name of the secret is not valid.', {
          remedy: 'Use letters, digits, `.`, `_` and `-`, at most 128 of them.',
        });
      }
      const rotateByMs = rotateByMsOf(body.rotateBy);
      // Recorded first: a change that nobody can see later is worse than a record of one that failed.
      await events.append([
        {
          id: newId('evt', clock),
          timeMs: clock.nowMs(),
          type: 'secret.sealed',
          actor: { kind: 'person', id: caller.subject },
          body: { name: name.data, session: caller.id, ...(rotateByMs === undefined ? {} : { rotateByMs }) },
        },
      ]);
      await sealedSecrets.put(name.data, new Secret(body.value), rotateByMs);
      return { value: { name: name.data, rotateBy: momentOrNull(rotateByMs) } };
    },
  };
}
