import { z } from 'zod';
import { DurationText } from '#core/config/duration.ts';
import { SecretReference } from '#core/config/secret-reference.ts';
import { SinkUrl } from '../sink-url.ts';

const Word = z.string().regex(/^[\w:.-]{1,200}$/, 'must be a word of letters, digits, `_`, `-`, `.` and `:`');

export const SplunkSettings = z.strictObject({
  url: SinkUrl.describe('Of the HTTP Event Collector, without a path: `https://splunk.acme.example:8088`.'),
  token: SecretReference.describe('HEC token.'),
  index: Word.optional().describe('By default that of the token.'),
  sourcetype: Word.default('vouchgate:audit'),
  acknowledgement: z
    .boolean()
    .default(false)
    .describe(
      'Wait until the indexers have the events: the token must have it enabled. Splunk Cloud has it for Firehose only.',
    ),
  acknowledgementTimeout: DurationText.prefault('2m').describe('After it the batch is sent again.'),
  search: z
    .strictObject({
      url: SinkUrl.describe('Management port: `https://splunk.acme.example:8089`.'),
      token: SecretReference.describe('Authentication token of a user who may search.'),
    })
    .optional()
    .describe('For `vouchgate audit reconcile`; sending does not need it.'),
});
export type SplunkSettings = z.infer<typeof SplunkSettings>;
