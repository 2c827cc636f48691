import { createHmac, createPublicKey } from 'node:crypto';
import { type Forgery, header, type HostileToken, withHeader } from './forgery.ts';
import { encode, forge, signBytes } from './token-forge.ts';

/** The accepted payload as text, with something put in front of its members. */
function withPayloadText(prefix: string): HostileToken['forge'] {
  return ({ rsa, claims }) => forge(header(rsa), `{${prefix}${JSON.stringify(claims).slice(1)}`, rsa);
}

function withToken(change: (token: string) => string): HostileToken['forge'] {
  return ({ rsa, claims }) => change(forge(header(rsa), claims, rsa));
}

function withSignature(change: (signature: Buffer) => Uint8Array): HostileToken['forge'] {
  return ({ rsa, claims }) => {
    const input = `${encode(header(rsa))}.${encode(claims)}`;
    return `${input}.${Buffer.from(change(signBytes(input, rsa))).toString('base64url')}`;
  };
}

function signedWithPublicKey({ rsa, claims }: Forgery): string {
  const pem = createPublicKey(rsa.privateKey).export({
    type: 'spki',
    format: 'pem',
  });
  const input = `${encode(header(rsa, { alg: 'HS256' }))}.${encode(claims)}`;
  return `${input}.${createHmac('sha256', pem).update(input).digest('base64url')}`;
}

/** `A` and `B` differ only in bits that decoding throws away. */
function withTrailingBits(token: string): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return token.slice(0, -1) + letters[(letters.indexOf(token.at(-1) ?? 'A') ^ 1) % 64];
}

const nested = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;

export const hostileEncodings: readonly HostileToken[] = [
  { name: 'no text at all', code: 'token_malformed', forge: () => '' },
  { name: 'two parts', code: 'token_malformed', forge: withToken((t) => t.slice(0, t.lastIndexOf('.'))) },
  {
    name: 'five parts, as encrypted tokens have',
    code: 'token_malformed',
    forge: withToken((t) => `${t}.AA.AA`),
  },
  { name: 'a line break at its end', code: 'token_malformed', forge: withToken((t) => `${t}\n`) },
  { name: 'a blank before it', code: 'token_malformed', forge: withToken((t) => ` ${t}`) },
  { name: 'padding', code: 'token_malformed', forge: withToken((t) => `${t}==`) },
  {
    name: 'a letter of ordinary base64',
    code: 'token_malformed',
    forge: withToken((t) => `${t.slice(0, -4)}+/+/`),
  },
  {
    name: 'non-zero trailing bits in its signature',
    code: 'token_malformed',
    forge: withToken(withTrailingBits),
  },
  {
    name: 'more than 16 KiB',
    code: 'token_too_large',
    forge: ({ rsa, claims }) => forge(header(rsa), { ...claims, filler: 'x'.repeat(16_384) }, rsa),
  },
  {
    name: 'a header that is no JSON',
    code: 'token_malformed',
    forge: ({ rsa, claims }) => forge('{', claims, rsa),
  },
  {
    name: 'a header that is a list',
    code: 'token_malformed',
    forge: ({ rsa, claims }) => forge('[]', claims, rsa),
  },
  {
    name: 'a payload that is null',
    code: 'token_malformed',
    forge: ({ rsa }) => forge(header(rsa), 'null', rsa),
  },
  {
    name: 'a payload with a byte order mark',
    code: 'token_malformed',
    forge: ({ rsa, claims }) => forge(header(rsa), `\u{feff}${JSON.stringify(claims)}`, rsa),
  },
  {
    name: 'a payload that is not UTF-8',
    code: 'token_malformed',
    forge: ({ rsa, claims }) => {
      const bytes = Buffer.from(JSON.stringify({ ...claims, x: 'ÿ' }), 'latin1').toString('base64url');
      const input = `${encode(header(rsa))}.${bytes}`;
      return `${input}.${signBytes(input, rsa).toString('base64url')}`;
    },
  },
  { name: 'a lone surrogate', code: 'token_malformed', forge: withPayloadText(String.raw`"x":"\ud800",`) },
  {
    name: 'a lone surrogate in a name',
    code: 'token_malformed',
    forge: withPayloadText(String.raw`"\udfff":1,`),
  },
  { name: 'a member __proto__', code: 'token_malformed', forge: withPayloadText('"__proto__":{"sub":"x"},') },
  { name: 'nesting beyond 16', code: 'token_malformed', forge: withPayloadText(`"x":${nested(16)},`) },
  {
    name: '5,000 open brackets',
    code: 'token_malformed',
    forge: withPayloadText(`"x":${'['.repeat(5_000)},`),
  },
  { name: 'a claim twice', code: 'token_duplicate_member', forge: withPayloadText('"sub":"evil",') },
  {
    name: 'a claim twice, once with an escape in its name',
    code: 'token_duplicate_member',
    forge: withPayloadText(String.raw`"\u0061ud":"evil",`),
  },
  {
    name: 'a member twice deep inside',
    code: 'token_duplicate_member',
    forge: withPayloadText('"x":[{"y":{"z":1,"z":2}}],'),
  },
  {
    name: 'an algorithm twice',
    code: 'token_duplicate_member',
    forge: ({ rsa, claims }) => forge(`{"alg":"none",${JSON.stringify(header(rsa)).slice(1)}`, claims, rsa),
  },
];

export const hostileHeaders: readonly HostileToken[] = [
  {
    name: 'no signature and alg none',
    code: 'token_algorithm_forbidden',
    forge: ({ claims }) => `${encode({ typ: 'JWT', alg: 'none' })}.${encode(claims)}.`,
  },
  { name: 'alg nOnE', code: 'token_algorithm_forbidden', forge: withHeader({ alg: 'nOnE' }) },
  { name: 'no alg', code: 'token_algorithm_forbidden', forge: withHeader({ alg: undefined }) },
  { name: 'a list of algs', code: 'token_algorithm_forbidden', forge: withHeader({ alg: ['RS256'] }) },
  { name: 'alg constructor', code: 'token_algorithm_forbidden', forge: withHeader({ alg: 'constructor' }) },
  {
    name: 'HS256 keyed with the RSA public key',
    code: 'token_algorithm_forbidden',
    forge: signedWithPublicKey,
  },
  {
    name: 'an algorithm that is not in the list',
    code: 'token_algorithm_forbidden',
    forge: withHeader({ alg: 'PS512' }),
  },
  { name: 'ES256 naming an RSA key', code: 'token_key_mismatch', forge: withHeader({ alg: 'ES256' }) },
  {
    name: 'RS256 naming an EC key',
    code: 'token_key_mismatch',
    forge: ({ rsa, ec, claims }) => forge(header(rsa, { kid: ec.kid }), claims, rsa),
  },
  { name: 'a critical extension', code: 'token_critical_header', forge: withHeader({ crit: ['exp'] }) },
  { name: 'an unencoded payload', code: 'token_critical_header', forge: withHeader({ b64: false }) },
  {
    name: 'the type of an access token',
    code: 'token_type_unsupported',
    forge: withHeader({ typ: 'at+jwt' }),
  },
  {
    name: 'the type of a DPoP proof',
    code: 'token_type_unsupported',
    forge: withHeader({ typ: 'dpop+jwt' }),
  },
  { name: 'a type that is no text', code: 'token_type_unsupported', forge: withHeader({ typ: 1 }) },
  { name: 'a key id that is no text', code: 'token_malformed', forge: withHeader({ kid: 7 }) },
  {
    name: 'a key of its own in the header, under the name of a real one',
    code: 'token_signature_invalid',
    forge: ({ rsa, stranger, claims }) => forge(header(rsa, { jwk: stranger.jwk }), claims, stranger),
  },
  {
    name: 'a key of its own in the header, under its own name',
    code: 'token_key_unknown',
    forge: ({ stranger, claims }) =>
      forge(header(stranger, { jwk: stranger.jwk, jku: 'https://evil.example/keys' }), claims, stranger),
  },
  { name: 'a key id that is not published', code: 'token_key_unknown', forge: withHeader({ kid: 'nobody' }) },
  {
    name: 'a key id that is a path',
    code: 'token_key_unknown',
    forge: withHeader({ kid: '../../dev/null' }),
  },
  {
    name: 'no key id where several keys fit',
    code: 'token_key_ambiguous',
    forge: withHeader({ kid: undefined }),
  },
  {
    name: 'a key id that two keys have',
    code: 'token_key_ambiguous',
    forge: ({ twin, claims }) => forge(header(twin), claims, twin),
  },
  {
    name: 'a key that is for encryption',
    code: 'token_key_mismatch',
    forge: ({ encryption, claims }) => forge(header(encryption), claims, encryption),
  },
  {
    name: 'an RSA key of 1,024 bits',
    code: 'token_key_unknown',
    forge: ({ weak, claims }) => forge(header(weak), claims, weak),
  },
];

export const hostileSignatures: readonly HostileToken[] = [
  {
    name: 'an empty signature',
    code: 'token_signature_invalid',
    forge: withSignature(() => Buffer.alloc(0)),
  },
  {
    name: 'a cut signature',
    code: 'token_signature_invalid',
    forge: withSignature((s) => s.subarray(0, 253)),
  },
  {
    name: 'a longer signature',
    code: 'token_signature_invalid',
    forge: withSignature((s) => Buffer.concat([s, s])),
  },
  {
    name: 'a signature of zeros',
    code: 'token_signature_invalid',
    forge: withSignature((s) => Buffer.alloc(s.length)),
  },
  {
    name: 'one bit turned in its signature',
    code: 'token_signature_invalid',
    forge: withSignature((s) => s.map((byte, index) => (index === 7 ? byte ^ 1 : byte))),
  },
  {
    name: 'the signature of another token',
    code: 'token_signature_invalid',
    forge: ({ rsa, claims }) => {
      const other = forge(header(rsa), { ...claims, sub: 'other' }, rsa);
      return `${encode(header(rsa))}.${encode(claims)}${other.slice(other.lastIndexOf('.'))}`;
    },
  },
  ...(['der', 'zeros', 'small r and s'] as const).map(
    (kind): HostileToken => ({
      name: `an ECDSA signature: ${kind}`,
      code: 'token_signature_invalid',
      forge: ({ ec, claims }) => {
        const input = `${encode(header(ec))}.${encode(claims)}`;
        const forged = Buffer.alloc(64);
        if (kind === 'small r and s') forged.set([1], 31);
        if (kind === 'small r and s') forged.set([1], 63);
        return `${input}.${(kind === 'der' ? signBytes(input, ec, 'der') : forged).toString('base64url')}`;
      },
    }),
  ),
];
