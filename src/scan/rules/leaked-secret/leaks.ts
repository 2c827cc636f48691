import type { Severity, Confidence, Persona } from '#findings/severity.ts';

export interface Leak {
  readonly what: string;
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly persona: Persona;
}

/** Hosts that take whatever is sent to them, for whoever looks. */
const CATCHERS =
  /\b(?:webhook\.site|requestbin\.\w+|\w+\.(?:m\.)?pipedream\.net|[\w-]+\.ngrok(?:-free)?\.(?:io|app|dev)|[\w-]+\.(?:burpcollaborator\.net|oastify\.com|oast\.\w+|interact\.sh|interactsh\.com)|pastebin\.com|transfer\.sh|0x0\.st|bashupload\.com|termbin\.com)\b/i;
const SENDER = String.raw`(?:curl|wget|nc|ncat|netcat|socat|telnet)`;
const SENDS = new RegExp(String.raw`(?:^|[\s;&|(])${SENDER}\s`);
const WHOLE_ENVIRONMENT = new RegExp(
  String.raw`(?:^|[\s;&|(])(?:printenv|env|export\s+-p)\s*(?:\|[^|]*)*\|\s*${SENDER}\b|\b${SENDER}\b.*\$\((?:printenv|env)\s*[|)]`,
);
const RAW_CONNECTION = /\/dev\/(?:tcp|udp)\/|(?:^|[\s;&|(])(?:nc|ncat|netcat|telnet)\s/;
const PLAIN_HTTP =
  /\bhttp:\/\/(?!localhost\b|127\.|10\.|192\.168\.|\[::1\]|host\.docker|[\w-]+(?::\d+)?\/)[\w$]/;
/** Something that changes every character, as the last thing before the log. */
const ENCODES_TO_LOG =
  /\|\s*(?:base64(?!\s+(?:-d|-D|--decode)\b)|base32|xxd|hexdump|od|rev|openssl\s+(?:base64|enc))\b[^|>&;)`]*$/;
const PRINTS = /^\s*(?:echo|printf)\s/;
/** The output goes somewhere else than to the log. */
const GOES_ELSEWHERE = /[|>]|\$\(|`|<<|::add-mask::/;

const HIGH: Leak = { what: '', severity: 'high', confidence: 'high', persona: 'regular' };

/** How one command line gives a secret away that it names; undefined when it does not. */
export function findLeak(code: string): Leak | undefined {
  if (SENDS.test(code) && CATCHERS.test(code)) {
    return { ...HIGH, what: 'is sent to a service that shows it to anybody', severity: 'critical' };
  }
  if (RAW_CONNECTION.test(code)) {
    return { ...HIGH, what: 'is sent over a raw connection', confidence: 'medium' };
  }
  if (SENDS.test(code) && PLAIN_HTTP.test(code)) {
    return { ...HIGH, what: 'is sent without encryption', confidence: 'medium' };
  }
  if (ENCODES_TO_LOG.test(code) && !/=\s*["']?(?:\$\(|`)/.test(code) && !/[^0-9]>/.test(code)) {
    return { ...HIGH, what: 'is written to the log in a form that is not masked' };
  }
  if (PRINTS.test(code) && !GOES_ELSEWHERE.test(code)) {
    const what = 'is printed, and only the mask of the log hides it';
    return { what, severity: 'low', confidence: 'medium', persona: 'pedantic' };
  }
  return undefined;
}

/** A line that sends everything away needs no name of a secret. */
export function sendsEnvironment(code: string): boolean {
  return WHOLE_ENVIRONMENT.test(code);
}

const SENDER_ANYWHERE = new RegExp(String.raw`\b${SENDER}\b`);

/** Whether a script starts a program that sends anything at all: most do not, and need not be looked at. */
export function sendsSomething(script: string): boolean {
  return SENDER_ANYWHERE.test(script);
}
