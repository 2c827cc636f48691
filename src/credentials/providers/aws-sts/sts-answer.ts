import { z } from 'zod';

export interface StsCredentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string;
  expiresAtMs: number;
}

export interface StsFault {
  code: string;
  message: string;
}

const Credentials = z.object({
  AccessKeyId: z.string().min(16).max(128),
  SecretAccessKey: z.string().min(1).max(512),
  SessionToken: z.string().min(1).max(16_384),
  /** JSON: seconds since the epoch; XML: ISO 8601. */
  Expiration: z.union([z.number(), z.iso.datetime({ offset: true })]),
});

const Answer = z.object({
  AssumeRoleWithWebIdentityResponse: z.object({
    AssumeRoleWithWebIdentityResult: z.object({ Credentials }),
  }),
});

const Fault = z.object({ Error: z.object({ Code: z.string(), Message: z.string().nullish() }) });

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** Enough of XML for answers of STS: each of its elements with text stands in it once, without attributes. */
function xmlText(body: string, element: string): string | undefined {
  const start = body.indexOf(`<${element}>`);
  const end = body.indexOf(`</${element}>`, start);
  if (start === -1 || end === -1) return undefined;
  const text = body.slice(start + element.length + 2, end).trim();
  return text.replace(/&(lt|gt|amp|quot|apos);/g, (_, name: string) => ENTITIES[name] ?? '');
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function isXml(body: string): boolean {
  return body.trimStart().startsWith('<');
}

/** The credentials of a good answer, or undefined when it is none. Some endpoints answer in XML whatever was asked for. */
export function readCredentials(body: string): StsCredentials | undefined {
  const found = isXml(body)
    ? Object.fromEntries(Object.keys(Credentials.shape).map((element) => [element, xmlText(body, element)]))
    : Answer.safeParse(parseJson(body)).data?.AssumeRoleWithWebIdentityResponse
        .AssumeRoleWithWebIdentityResult.Credentials;
  const { data } = Credentials.safeParse(found);
  if (data === undefined) return undefined;
  const { Expiration } = data;
  return {
    accessKeyId: data.AccessKeyId,
    secretAccessKey: data.SecretAccessKey,
    sessionToken: data.SessionToken,
    expiresAtMs: typeof Expiration === 'number' ? Expiration * 1000 : Date.parse(Expiration),
  };
}

/** The error of a bad answer, or undefined when it is not one of STS (a proxy's page). */
export function readFault(body: string): StsFault | undefined {
  if (isXml(body)) {
    const code = xmlText(body, 'Code');
    return code === undefined ? undefined : { code, message: xmlText(body, 'Message') ?? '' };
  }
  const { data } = Fault.safeParse(parseJson(body));
  return data === undefined ? undefined : { code: data.Error.Code, message: data.Error.Message ?? '' };
}
