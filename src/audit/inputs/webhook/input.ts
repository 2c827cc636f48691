import { z } from 'zod';
import { DurationText } from '#core/config/duration.ts';
import { SecretReference } from '#core/config/secret-reference.ts';
import { type DeliveryAnswer, defineInput, type InputContext, type Receiver } from '../input.ts';
import { mapWebhook } from './map-webhook.ts';
import { verifySignature } from './verify-signature.ts';

const Settings = z.strictObject({
  scheme: z
    .enum(['github', 'gitlab', 'standard'])
    .describe(
      '`github`: `X-Hub-Signature-256` · `gitlab`: `X-Gitlab-Token` · `standard`: Standard Webhooks, HMAC.',
    ),
  secret: SecretReference.describe('What both sides know.'),
  tolerance: DurationText.prefault('5m').describe(
    'How old or early a delivery may be whose signature covers its time (`standard`).',
  ),
});
type Settings = z.infer<typeof Settings>;

function answer(status: number, message: string): DeliveryAnswer {
  return { status, body: { message }, records: [], refused: status === 400 ? 1 : 0 };
}

function openReceiver({ scheme, secret, tolerance }: Settings, context: InputContext): Receiver {
  return {
    // Only the body tells whether it is signed.
    admit: async () => undefined,
    async receive(delivery) {
      const verified = verifySignature(scheme, delivery, await context.resolveSecret(secret));
      if (!verified.ok) return answer(401, verified.reason);
      const { id, timestampMs } = verified;
      // A delivery that was overheard is worth nothing later; within the window its id makes it the same record.
      if (timestampMs !== undefined && Math.abs(context.clock.nowMs() - timestampMs) > tolerance * 1_000)
        return answer(401, 'the delivery is too old, or from the future');
      const record = mapWebhook(scheme, delivery, id);
      if (record === undefined) return answer(400, 'the body is no webhook of this kind');
      return { ...answer(200, 'taken'), records: [record] };
    },
  };
}

export const webhook = defineInput<Settings>({
  id: 'webhook',
  title: 'Webhooks',
  description:
    'Takes signed webhooks of GitHub, GitLab, or any sender of Standard Webhooks, at `/v1/inputs/NAME`.',
  settings: Settings,
  mode: 'receive',
  open: openReceiver,
});
