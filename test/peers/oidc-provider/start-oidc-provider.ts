import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';

const Module = z.looseObject({
  default: z.custom<
    new (
      issuer: string,
      configuration: object,
    ) => { callback(): (request: IncomingMessage, response: ServerResponse) => void }
  >((value) => typeof value === 'function'),
});

export interface RealProvider {
  readonly issuer: string;
  close(): Promise<void>;
}

/** The provider with one client and whoever logs in; groups are in the ID token only where that is asked for. */
export async function startOidcProvider(
  entry: string,
  options: { clientSecret: string; redirectUri: string; groupsInIdToken: boolean },
): Promise<RealProvider> {
  const { default: Provider } = Module.parse(await import(pathToFileURL(entry).href));
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('not listening on a port');
  const issuer = `http://127.0.0.1:${address.port}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: 'vouchgate',
        client_secret: options.clientSecret,
        redirect_uris: [options.redirectUri],
        grant_types: ['authorization_code'],
        response_types: ['code'],
      },
    ],
    claims: { openid: ['sub'], profile: ['name'], groups: ['groups'] },
    conformIdTokenClaims: !options.groupsInIdToken,
    pkce: { required: () => true },
    cookies: { keys: ['for-this-test-only'] },
    findAccount: (_context: unknown, id: string) => ({
      accountId: id,
      claims: async () => ({ sub: id, name: `${id} of Acme`, groups: ['owner', 'everybody'] }),
    }),
  });
  const handle = provider.callback();
  server.on('request', (request, response) => handle(request, response));
  return {
    issuer,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
