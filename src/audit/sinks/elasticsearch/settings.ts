import { z } from 'zod';
import { SecretReference } from '#core/config/secret-reference.ts';
import { SinkUrl } from '../sink-url.ts';

export const ElasticsearchSettings = z
  .strictObject({
    url: SinkUrl.describe('Of the cluster, without a path of an index: `https://search.acme.example:9200`.'),
    dataStream: z
      .string()
      .regex(
        /^[a-z0-9][a-z0-9_.-]{0,200}$/,
        'must be a name in lower case, such as logs-vouchgate.audit-default',
      )
      .default('logs-vouchgate.audit-default')
      .describe('Data stream that the events go to; templates/siem has its index templates.'),
    apiKey: SecretReference.optional().describe('Elasticsearch API key, as it is shown base64-encoded.'),
    username: z.string().min(1).max(200).optional(),
    password: SecretReference.optional(),
  })
  .refine(({ apiKey, password }) => apiKey === undefined || password === undefined, {
    message: 'apiKey and password exclude each other',
    path: ['apiKey'],
  })
  .refine(({ username, password }) => (username === undefined) === (password === undefined), {
    message: 'username and password belong together',
    path: ['username'],
  });
export type ElasticsearchSettings = z.infer<typeof ElasticsearchSettings>;
