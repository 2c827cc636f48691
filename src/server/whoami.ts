import { principalIdOf } from '#identity/principal.ts';
import type { Admission } from './admission.ts';
import type { ServerDependencies } from './dependencies.ts';
import type { HandlersOf } from './handler.ts';
import { overloaded } from './request-body.ts';
import { momentOf, refusalOf } from './views.ts';

/** Whom a token is taken for. Costs a signature check like an exchange, so it counts as one. */
export function createWhoamiHandlers(
  { broker }: Pick<ServerDependencies, 'broker'>,
  admission: Admission,
): HandlersOf<'identifyToken'> {
  return {
    async identifyToken({ body }) {
      const release = admission.enter();
      if (release === undefined) throw overloaded();
      try {
        const verification = await broker.identify(body.token);
        if (!verification.ok) return { value: { accepted: false, refusal: refusalOf(verification.refusal) } };
        const { identity, expiresAtSeconds } = verification.value;
        const expiresAt = momentOf(expiresAtSeconds * 1_000);
        return { value: { accepted: true, identity, principal: principalIdOf(identity), expiresAt } };
      } finally {
        release();
      }
    },
  };
}
