import { isIPv4 } from 'node:net';
import { ClientError } from './client-error.ts';

/** True for names and addresses that never leave this machine. */
export function isLoopbackHost(hostname: string): boolean {
  if (hostname === 'localhost' || hostname === '[::1]' || hostname === '::1') return true;
  return isIPv4(hostname) && hostname.startsWith('127.');
}

/**
 * The server's base URL without a slash at its end. Plain http is accepted for loopback only: the token in
 * the request is worth as much as the credential in the answer.
 */
export function parseServerUrl(text: string | undefined): string {
  if (text === undefined || text === '') {
    throw new ClientError('server_missing', 'no server was named', {
      remedy: 'Set VOUCHGATE_URL, or give --server https://vouchgate.example.',
    });
  }
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const remedy = 'Give an address like https://vouchgate.example, without user, query or fragment.';
  if (url === undefined || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    throw new ClientError('server_url_invalid', 'the server address is no http(s) URL', { remedy });
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw new ClientError('server_url_invalid', 'the server address holds more than host and path', {
      remedy,
    });
  }
  if (url.protocol === 'http:' && !isLoopbackHost(url.hostname)) {
    throw new ClientError(
      'server_url_invalid',
      `plain http to ${url.host} would show the token to the network`,
      {
        remedy: 'Use https://. Plain http is accepted for 127.0.0.1, [::1] and localhost only.',
      },
    );
  }
  return `${url.origin}${url.pathname}`.replace(/\/+$/u, '');
}
