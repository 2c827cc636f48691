import { Secret } from '#core/secret.ts';
import type { SinkContext } from '../sink.ts';
import type { ElasticsearchSettings } from './settings.ts';

/** What goes with each request, and what must not be shown of it. */
export async function authorize(
  { apiKey, username, password }: ElasticsearchSettings,
  context: SinkContext,
): Promise<{ headers: Record<string, string>; secrets: readonly Secret[] }> {
  if (apiKey !== undefined) {
    const key = await context.resolveSecret(apiKey);
    return { headers: { authorization: `ApiKey ${key.reveal()}` }, secrets: [key] };
  }
  if (username === undefined || password === undefined) return { headers: {}, secrets: [] };
  const secret = await context.resolveSecret(password);
  const basic = Buffer.from(`${username}:${secret.reveal()}`).toString('base64');
  return { headers: { authorization: `Basic ${basic}` }, secrets: [secret, new Secret(basic)] };
}
