import { createHash } from 'node:crypto';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestPeople } from './people/people.fake.ts';
import { startTestServer, type TestServer } from './server.fake.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

function digest(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

function between(html: string, tag: string): string {
  return new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`).exec(html)?.[1] ?? '';
}

describe('the pages', () => {
  it.each(['/', '/admin'])('%s load nothing, and run only what their policy names', async (path) => {
    const { text, headers } = await server.call({ path });
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    const policy = String(headers['content-security-policy']);
    expect(policy).toMatch(/^default-src 'none'; /);
    expect(policy).toContain(`style-src ${digest(between(text, 'style'))}`);
    expect(policy).not.toContain('unsafe');
    expect(text).not.toMatch(/<(?:link|img|iframe|script [^>]*src)|style="|onclick=/);
    const script = between(text, 'script');
    expect(policy.includes(`script-src ${digest(script)}`)).toBe(script !== '');
  });

  it('say nothing of what is configured', async () => {
    server.broker.status = {
      ...server.broker.status,
      resources: [
        {
          name: 'canary-db',
          credentialType: 'postgres',
          credentialProvider: 'canary-pg',
          privileged: true,
          storedSecret: false,
        },
      ],
    };
    expect((await server.call({ path: '/' })).text).not.toContain('canary');
  });
});

async function runWith(hash: string) {
  const { text } = await server.call({ path: '/admin' });
  const elements = new Map<string, { textContent: string; hidden: boolean; addEventListener(): void }>();
  const ids = new Set([...text.matchAll(/ id="(\w+)"/g)].map(([, id]) => id));
  const byId = (id: string) => {
    if (!ids.has(id)) return null;
    const element = elements.get(id) ?? { textContent: '', hidden: true, addEventListener() {} };
    elements.set(id, element);
    return element;
  };
  const replaced: string[] = [];
  runInNewContext(between(text, 'script'), {
    location: { hash, origin: 'https://vouchgate.acme.example', pathname: '/admin' },
    document: { getElementById: byId },
    history: { replaceState: (_state: null, _title: string, url: string) => replaced.push(url) },
    navigator: {},
  });
  return { command: byId('command')?.textContent, replaced };
}

describe('the script of the page of an admin link', () => {
  it('shows the command, and takes the secret out of the address bar', async () => {
    const link = `vgl_${'a'.repeat(43)}`;
    expect(await runWith(`#link=${link}`)).toEqual({
      command: `vouchgate login "https://vouchgate.acme.example/admin#link=${link}"`,
      replaced: ['/admin'],
    });
  });

  it.each(['', '#link=', `#link=vgl_${'a'.repeat(43)}";rm -rf ~`, '#link=<img src=x>'])(
    'shows nothing of %j',
    async (hash) => {
      expect(await runWith(hash)).toEqual({ command: 'vouchgate up --admin-link', replaced: [] });
    },
  );
});

describe('the page of an admin link, with a console', () => {
  const link = `vgl_${'a'.repeat(43)}`;

  /** Runs the script of the page, and gives what it did, and what a click on the button does. */
  async function open() {
    const { dependencies } = await createTestPeople();
    const consoleFiles = { files: new Map(), index: '' };
    const built = await startTestServer({ people: { ...dependencies, consoleFiles } });
    const { text, headers } = await built.call({ path: '/admin' });
    await built.close();
    const sent: { url: string; method: string; headers: object; body: string }[] = [];
    const clicks: (() => void)[] = [];
    const went: string[] = [];
    const elements: Record<string, { textContent: string; disabled?: boolean; hidden: boolean }> = {};
    runInNewContext(between(text, 'script'), {
      location: {
        hash: `#link=${link}`,
        origin: 'https://vouchgate.acme.example',
        pathname: '/admin',
        assign: (url: string) => went.push(url),
      },
      document: {
        getElementById: (id: string) =>
          (elements[id] ??= Object.assign(
            { textContent: '', hidden: true },
            {
              addEventListener: (_type: string, listener: () => void) =>
                id === 'enter' && clicks.push(listener),
            },
          )),
      },
      history: { replaceState() {} },
      navigator: {},
      fetch: (url: string, request: { method: string; headers: object; body: string }) => {
        sent.push({ url, ...request });
        return Promise.resolve({ status: 201, json: async () => ({}) });
      },
    });
    return { policy: String(headers['content-security-policy']), sent, clicks, went, elements };
  }

  it('uses the link only when somebody clicks, and then goes to the console', async () => {
    const { policy, sent, clicks, went, elements } = await open();
    expect(policy).toContain("connect-src 'self'");
    // Whatever looks at links before people do runs no clicks.
    expect([sent, elements['enter']?.hidden]).toEqual([[], false]);
    for (const click of clicks) click();
    expect(sent).toEqual([
      {
        url: 'v1/sessions',
        method: 'POST',
        headers: { 'content-type': 'application/json', 'vouchgate-request': '1' },
        body: JSON.stringify({ link, cookie: true }),
      },
    ]);
    await expect.poll(() => went).toEqual(['console/']);
  });
});
