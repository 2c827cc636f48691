import { equalTexts } from '#core/equal-texts.ts';
import type { CodeExchange } from './codes.ts';
import type { DevelopmentClient } from './people-provider.ts';

type TokenRequest = { ok: true; request: CodeExchange } | { ok: false; error: string };

/** RFC 6749 §2.3.1: form-encoded, then Base64. */
function basicCredentials(authorization: string): { id: string; secret: string } | undefined {
  const encoded = /^basic ([A-Za-z0-9+/]+=*)$/i.exec(authorization)?.[1];
  if (encoded === undefined) return undefined;
  const [id = '', secret = ''] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
  const decode = (text: string) => decodeURIComponent(text.replaceAll('+', ' '));
  return { id: decode(id), secret: decode(secret) };
}

function isClient(
  form: URLSearchParams,
  authorization: string | undefined,
  { clientId, clientSecret }: DevelopmentClient,
): boolean {
  const given =
    authorization === undefined
      ? { id: form.get('client_id') ?? '', secret: form.get('client_secret') ?? '' }
      : basicCredentials(authorization);
  return given !== undefined && given.id === clientId && equalTexts(given.secret, clientSecret ?? '');
}

/** RFC 6749 §4.1.3 with RFC 7636 §4.5. */
export function readTokenRequest(
  form: URLSearchParams,
  authorization: string | undefined,
  client: DevelopmentClient,
): TokenRequest {
  if (!isClient(form, authorization, client)) return { ok: false, error: 'invalid_client' };
  if (form.get('grant_type') !== 'authorization_code') return { ok: false, error: 'unsupported_grant_type' };
  const [code, codeVerifier, redirectUri] = ['code', 'code_verifier', 'redirect_uri'].map((name) =>
    form.get(name),
  );
  if (!code || !codeVerifier || !redirectUri) return { ok: false, error: 'invalid_request' };
  return { ok: true, request: { code, codeVerifier, redirectUri } };
}
