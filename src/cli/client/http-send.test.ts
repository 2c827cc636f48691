import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer as createHttpServer, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHttpSend } from './http-send.ts';
import { parseServerUrl } from './server-url.ts';

const limits = { timeoutMs: 3_000, bodyBytesMax: 1_000 };

function hasOpenssl(): boolean {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

async function listen(server: Server | ReturnType<typeof createHttpsServer>): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

describe.skipIf(!hasOpenssl())('a request over TLS', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'vouchgate-tls-'));
  const caFile = path.join(folder, 'cert.pem');
  const keyFile = path.join(folder, 'key.pem');
  const tunnels: string[] = [];
  let target: ReturnType<typeof createHttpsServer>;
  let proxy: Server;
  let port: number;
  let proxyPort: number;

  beforeAll(async () => {
    const subject = [
      '-subj',
      '/CN=vouchgate.test',
      '-addext',
      'subjectAltName=DNS:vouchgate.test,IP:127.0.0.1',
    ];
    const kind = [
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      '-days',
      '1',
    ];
    execFileSync('openssl', ['req', ...kind, ...subject, '-keyout', keyFile, '-out', caFile], {
      stdio: 'ignore',
    });
    target = createHttpsServer({ key: readFileSync(keyFile), cert: readFileSync(caFile) }, (_, response) =>
      response.end('hello'),
    );
    port = await listen(target);
    // The target's name resolves nowhere: who reaches it went through the proxy.
    proxy = createHttpServer().on('connect', (request, socket) => {
      tunnels.push(request.url ?? '');
      const upstream = connect(port, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        upstream.pipe(socket).pipe(upstream);
      });
      upstream.on('error', () => socket.destroy());
      socket.on('error', () => upstream.destroy());
    });
    proxyPort = await listen(proxy);
  });
  afterAll(() => {
    target.closeAllConnections();
    target.close();
    proxy.closeAllConnections();
    proxy.close();
    rmSync(folder, { recursive: true });
  });

  it('needs a certificate that is trusted, whatever NODE_TLS_REJECT_UNAUTHORIZED says', async () => {
    const before = process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    try {
      const request = { method: 'GET', url: `https://127.0.0.1:${port}/`, ...limits } as const;
      await expect(createHttpSend({ env: {} })(request)).rejects.toMatchObject({
        code: 'server_certificate_untrusted',
      });
    } finally {
      if (before === undefined) delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
      else process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = before;
    }
  });

  it('trusts the file that --ca-file names', async () => {
    const send = createHttpSend({ env: {}, caFile });
    const answer = await send({ method: 'GET', url: `https://127.0.0.1:${port}/`, ...limits });
    expect(answer).toMatchObject({ status: 200, body: 'hello' });
  });

  it('says which file holds no certificate', async () => {
    const send = createHttpSend({ env: {}, caFile: keyFile });
    await expect(send({ method: 'GET', url: `https://127.0.0.1:${port}/`, ...limits })).rejects.toMatchObject(
      {
        code: 'ca_file_unreadable',
        location: keyFile,
      },
    );
  });

  it('goes through HTTPS_PROXY, and past it where NO_PROXY says so and on loopback', async () => {
    const env = { HTTPS_PROXY: `http://127.0.0.1:${proxyPort}` };
    const url = `https://vouchgate.test:${port}/`;
    expect(await createHttpSend({ env, caFile })({ method: 'GET', url, ...limits })).toMatchObject({
      body: 'hello',
    });
    expect(tunnels).toEqual([`vouchgate.test:${port}`]);
    const direct = createHttpSend({ env: { ...env, NO_PROXY: 'vouchgate.test' }, caFile });
    await expect(direct({ method: 'GET', url, ...limits })).rejects.toMatchObject({
      code: 'server_unreachable',
    });
    const loopback = createHttpSend({ env, caFile });
    await loopback({ method: 'GET', url: `https://127.0.0.1:${port}/`, ...limits });
    expect(tunnels).toHaveLength(1);
  });
});

describe('a request', () => {
  it('ends when its time is over', async () => {
    const silent = createHttpServer(() => {});
    const port = await listen(silent);
    const request = {
      method: 'GET',
      url: `http://127.0.0.1:${port}/`,
      bodyBytesMax: 10,
      timeoutMs: 50,
    } as const;
    await expect(createHttpSend({ env: {} })(request)).rejects.toMatchObject({ code: 'server_timeout' });
    silent.closeAllConnections();
    silent.close();
  });

  it('does not follow a redirect, which could carry a token elsewhere', async () => {
    const moved = createHttpServer((_, response) =>
      response.writeHead(307, { location: '/elsewhere' }).end(),
    );
    const port = await listen(moved);
    const answer = await createHttpSend({ env: {} })({
      method: 'POST',
      url: `http://127.0.0.1:${port}/`,
      ...limits,
    });
    expect(answer.status).toBe(307);
    moved.closeAllConnections();
    moved.close();
  });
});

describe('the address of the server', () => {
  it('keeps a path and loses the slash at its end', () => {
    expect(parseServerUrl('https://vouchgate.test/base/')).toBe('https://vouchgate.test/base');
    expect(parseServerUrl('http://127.0.0.1:8080/')).toBe('http://127.0.0.1:8080');
    expect(parseServerUrl('http://[::1]:8080')).toBe('http://[::1]:8080');
  });

  it.each([
    [undefined, 'server_missing'],
    ['', 'server_missing'],
    ['vouchgate.test', 'server_url_invalid'],
    ['ftp://vouchgate.test', 'server_url_invalid'],
    ['http://vouchgate.test', 'server_url_invalid'],
    ['http://127.0.0.1.evil.test', 'server_url_invalid'],
    ['http://localhost.evil.test', 'server_url_invalid'],
    ['https://user:secret@vouchgate.test', 'server_url_invalid'],
    ['https://vouchgate.test/?x=1', 'server_url_invalid'],
    ['https://vouchgate.test/#x', 'server_url_invalid'],
  ])('is refused when it is %s', (text, code) => {
    expect(() => parseServerUrl(text)).toThrow(expect.objectContaining({ code }));
  });
});
