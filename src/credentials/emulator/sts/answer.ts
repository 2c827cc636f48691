import { randomUUID } from 'node:crypto';
import type { StsFault } from './fault.ts';
import { assumedRoleArn, type StsSession } from './session.ts';

const NAMESPACE = 'https://sts.amazonaws.com/doc/2011-06-15/';
const ESCAPES: Readonly<Record<string, string>> = { '<': '&lt;', '>': '&gt;', '&': '&amp;', '"': '&quot;' };

type Element = string | number | undefined | { [name: string]: Element };

/** AWS answers in XML unless JSON is asked for. */
export type AnswerFormat = 'xml' | 'json';

export interface Answer {
  contentType: string;
  body: string;
}

function xmlOf(elements: { [name: string]: Element }): string {
  return Object.entries(elements)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => {
      const content =
        typeof value === 'object'
          ? xmlOf(value)
          : String(value).replace(/[<>&"]/g, (character) => ESCAPES[character] ?? '');
      return `<${name}>${content}</${name}>`;
    })
    .join('');
}

function withNamespace(xml: string, root: string): string {
  return xml.replace(`<${root}>`, `<${root} xmlns="${NAMESPACE}">`);
}

function render(format: AnswerFormat, root: string, content: { [name: string]: Element }): Answer {
  if (format === 'xml') {
    return { contentType: 'text/xml', body: withNamespace(xmlOf({ [root]: content }), root) };
  }
  // An error stands in JSON without the element that is its root in XML.
  const value = root === 'ErrorResponse' ? content : { [root]: content };
  return { contentType: 'application/json', body: JSON.stringify(value) };
}

export function renderSession(session: StsSession, format: AnswerFormat): Answer {
  const expiresAt = new Date(session.expiresAtMs).toISOString().replace('.000Z', 'Z');
  return render(format, 'AssumeRoleWithWebIdentityResponse', {
    AssumeRoleWithWebIdentityResult: {
      SubjectFromWebIdentityToken: session.subject,
      Audience: session.audience,
      Provider: session.issuer,
      SourceIdentity: session.sourceIdentity,
      AssumedRoleUser: { Arn: assumedRoleArn(session), AssumedRoleId: session.assumedRoleId },
      Credentials: {
        AccessKeyId: session.accessKeyId,
        SecretAccessKey: session.secretAccessKey.reveal(),
        SessionToken: session.sessionToken.reveal(),
        Expiration: format === 'xml' ? expiresAt : session.expiresAtMs / 1000,
      },
    },
    ResponseMetadata: { RequestId: randomUUID() },
  });
}

export function renderFault(fault: StsFault, format: AnswerFormat): Answer {
  return render(format, 'ErrorResponse', {
    Error: { Type: fault.status < 500 ? 'Sender' : 'Receiver', Code: fault.code, Message: fault.message },
    RequestId: randomUUID(),
  });
}
