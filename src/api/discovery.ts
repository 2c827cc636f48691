import { z } from 'zod';

/** RFC 8414 metadata, and OpenID Connect Discovery for those who verify tokens that we issue. */
export const Discovery = z.looseObject({
  issuer: z.url(),
  jwks_uri: z.url(),
  token_endpoint: z.url(),
});
export type Discovery = z.infer<typeof Discovery>;

/** RFC 7517 §5. */
export const Jwks = z.looseObject({ keys: z.array(z.looseObject({ kty: z.string() })) });
export type Jwks = z.infer<typeof Jwks>;

export const Liveness = z.object({ status: z.literal('ok') });
export type Liveness = z.infer<typeof Liveness>;

export const Readiness = z.object({ status: z.literal('ready') });
export type Readiness = z.infer<typeof Readiness>;

export const OpenApiDocument = z.looseObject({ openapi: z.literal('3.1.0') });
export type OpenApiDocument = z.infer<typeof OpenApiDocument>;
