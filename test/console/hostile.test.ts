import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Me } from '#api/person.ts';
import type { Route } from '#api/route.ts';
import { routes } from '#api/routes.ts';
import { chromiumPath, startChromium } from './harness/chromium.ts';
import { type ConsoleSite, openConsoleSite } from './harness/console-site.ts';
import { crawl } from './harness/crawl.ts';
import { fillWithAttacks, PAYLOADS } from './harness/hostile-company.ts';
import { sendPlain } from './harness/plain-request.ts';
import { type Visitor, visit } from './harness/visitor.ts';

const OWN = { 'vouchgate-request': '1', 'sec-fetch-site': 'same-origin' };

/** A page of somebody else, on another origin. */
async function startForeignSite(html: string): Promise<{ url: string; server: Server }> {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end(html);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  // Another site for the browser, too: `localhost` and `127.0.0.1` share no cookies.
  return { url: `http://localhost:${port}/`, server };
}

describe.skipIf(chromiumPath === undefined)('a console under attack', { timeout: 180_000 }, () => {
  let site: ConsoleSite;
  let browser: Browser;
  let owner: Visitor;

  beforeAll(async () => {
    [site, browser] = await Promise.all([openConsoleSite({ days: 0 }), startChromium()]);
    owner = await visit(browser, site);
    await fillWithAttacks(site, owner);
  }, 180_000);

  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  const cookieOf = async (visitor: Visitor): Promise<string> => {
    const cookies = await visitor.context.cookies();
    return cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
  };

  describe('text of others', () => {
    it('stays text on every page that shows it', async () => {
      const ran: string[] = [];
      const shown = new Set<string>();
      const kinds = await crawl(owner, ['/', '/decisions', '/findings', '/pipelines'], async (kind) => {
        const { page } = owner;
        if ((await page.evaluate('globalThis.__x')) !== undefined) ran.push(kind);
        const links = await page.evaluate<string[]>(
          `[...document.querySelectorAll('a[href], form[action], [src]')].map((e) => e.href || e.action || e.src)`,
        );
        ran.push(
          ...links
            .filter((link) => /^(?:javascript|data|vbscript):/i.test(link))
            .map((link) => `${kind}: ${link}`),
        );
        const text = await page.evaluate<string>('document.body.innerText');
        for (const payload of PAYLOADS) if (text.includes(payload.slice(0, 12))) shown.add(payload);
        ran.push(...(await owner.complaints()).map((line) => `${kind}: ${line}`));
      });
      expect(ran).toEqual([]);
      expect(kinds.length).toBeGreaterThan(12);
      // Else nothing was tried: the attacks must have come as far as the screen.
      expect(shown.size).toBeGreaterThanOrEqual(3);
    });

    it('does not turn the line around, nor reach the terminal of who copies it', async () => {
      const answer = await owner.context.request.get('/v1/decisions?reason=token_claim_invalid');
      const { decisions } = (await answer.json()) as { decisions: { id: string }[] };
      const pages = [`/decisions/${decisions[0]?.id ?? ''}`, '/findings?q=gnp'];
      for (const path of pages) {
        await owner.go(path);
        const text = await owner.page.evaluate<string>('document.querySelector("main").textContent');
        expect(text, `${path}: the attack must be on the page`).toContain('gnp.exe');
        expect(text, path).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/u);
        const controls = Array.from(text).filter((character) => character < ' ' && !/\s/.test(character));
        expect(controls, path).toEqual([]);
      }
    });
  });

  describe('another site', () => {
    it('cannot change anything with the cookie of a visitor: not by a form, not by a script, not by an image', async () => {
      const before = await events(owner);
      const action = `${site.url}/v1/leases/revoke`;
      const html = `<form method="post" action="${action}" enctype="text/plain"><input name='{"filter":{"all":true},"x":"' value='"}'></form>
        <img src="${site.url}/v1/sessions/current">
        <script>
          fetch(${JSON.stringify(action)}, { method: 'POST', credentials: 'include', body: '{"filter":{"all":true}}' }).catch(() => {});
          fetch(${JSON.stringify(`${site.url}/v1/me`)}, { credentials: 'include' }).then((a) => a.text()).then((t) => { window.stolen = t; }, () => { window.stolen = 'refused'; });
        </script>`;
      const foreign = await startForeignSite(html);
      try {
        const page = await owner.context.newPage();
        await page.goto(foreign.url);
        await page.waitForFunction('window.stolen !== undefined');
        expect(await page.evaluate('window.stolen')).toBe('refused');
        await Promise.all([page.waitForNavigation(), page.evaluate('document.forms[0].submit()')]);
        expect(await page.textContent('body')).not.toContain('"revoked"');
        await page.close();
      } finally {
        foreign.server.close();
      }
      expect(await events(owner)).toEqual(before);
      await owner.complaints();
    });

    it('is refused for each of the three locks alone', async () => {
      const cookie = await cookieOf(owner);
      const revoke = (headers: Record<string, string>) =>
        sendPlain(site.url, {
          method: 'POST',
          path: '/v1/leases/revoke',
          headers: { cookie, 'content-type': 'application/json', ...headers },
          body: '{"filter":{"all":true}}',
        });
      expect((await revoke({ ...OWN, origin: site.url })).status).toBe(200);
      for (const headers of [
        {},
        { 'vouchgate-request': '1' },
        { 'sec-fetch-site': 'same-origin', origin: site.url },
        { ...OWN, origin: 'https://evil.example' },
        { ...OWN, origin: 'null' },
        { ...OWN, 'sec-fetch-site': 'cross-site' },
        { ...OWN, 'sec-fetch-site': 'same-site' },
        { ...OWN, 'sec-fetch-site': 'none' },
      ]) {
        const { status, body } = await revoke(headers);
        expect([status, JSON.parse(body)['code']], JSON.stringify(headers)).toEqual([403, 'csrf_refused']);
      }
    });

    it('cannot show the console in a frame, nor keep a window of it', async () => {
      for (const path of [
        '/console/',
        '/console/decisions',
        '/admin',
        '/auth/callback?state=x&code=y',
        '/',
      ]) {
        const { headers } = await sendPlain(site.url, { path });
        const policy = String(headers['content-security-policy']);
        if (headers['location'] === undefined) expect(policy, path).toContain("frame-ancestors 'none'");
        expect(headers['x-content-type-options'], path).toBe('nosniff');
      }
      const foreign = await startForeignSite(`<iframe src="${site.url}/console/"></iframe>`);
      try {
        const page = await owner.context.newPage();
        const refused = page.waitForEvent('console', (message) =>
          /frame-ancestors|Framing|refused/i.test(message.text()),
        );
        await page.goto(foreign.url);
        expect((await refused).type()).toBe('error');
        await page.close();
      } finally {
        foreign.server.close();
      }
    });
  });

  describe('the policy for content', () => {
    it('lets in no script but files of ours, and a style element only with a nonce that is never the same', async () => {
      const policies = await Promise.all(
        [1, 2].map(async () =>
          String((await sendPlain(site.url, { path: '/console/' })).headers['content-security-policy']),
        ),
      );
      const [first = '', second = ''] = policies;
      expect(first).toContain("default-src 'none'");
      expect(first).toMatch(/script-src 'self'(?:;|$)/);
      expect(first).not.toMatch(/unsafe-|\*|https?:/);
      const nonceOf = (policy: string) => /'nonce-([^']+)'/.exec(policy)?.[1] ?? '';
      expect(nonceOf(first).length).toBeGreaterThanOrEqual(22);
      expect(nonceOf(first)).not.toBe(nonceOf(second));
    });
  });

  describe('somebody with less than they want', () => {
    it('is shown no page and given no answer for what a developer may not do', async () => {
      const developer = await visit(browser, site, { as: 'mehmet' });
      const me = Me.parse(await (await developer.context.request.get('/v1/me')).json());
      expect(me.grants).toEqual([{ role: 'developer', team: 'shop' }]);
      const allowed = new Set<string>(me.actions.map(({ action }) => action));
      expect(allowed.has('configure')).toBe(false);
      const refused: string[] = [];
      for (const [id, route] of Object.entries<Route>(routes)) {
        const { method, path, auth } = route;
        const action = 'action' in route ? route.action : '';
        if (auth === 'none' || allowed.has(action) || auth === 'lease-or-session') continue;
        const answer = await developer.context.request.fetch(path.replaceAll(/\{\+?\w+\}/g, 'x'), {
          method,
          headers: { ...OWN, 'content-type': 'application/json' },
          ...(method === 'GET' || method === 'DELETE' ? {} : { data: '{}' }),
        });
        expect(answer.status(), `${id}: ${method} ${path}`).toBe(403);
        refused.push(id);
      }
      expect(refused.length).toBeGreaterThan(10);
      await developer.close();
    });

    it('sees of other teams nothing, whatever address is typed', async () => {
      const developer = await visit(browser, site, { as: 'mehmet' });
      const seen = await developer.context.request.get('/v1/repositories');
      const { repositories } = (await seen.json()) as { repositories: { name: string }[] };
      const theirs = ['acme/shop', 'acme/notifications', 'acme/design-system', 'acme/search'];
      expect(repositories.filter(({ name }) => !theirs.includes(name))).toEqual([]);
      const typed = await developer.context.request.get('/v1/repository?name=acme%2Fpayments');
      expect(typed.status()).toBe(404);
      await developer.close();
    });
  });

  describe('a session', () => {
    it('that was ended is nothing any more, and the console says so', async () => {
      const visitor = await visit(browser, site);
      await visitor.go('/decisions');
      const { session } = Me.parse(await (await visitor.context.request.get('/v1/me')).json());
      const ended = await owner.context.request.delete(`/v1/people/sessions/${session.id}`, { headers: OWN });
      expect(ended.status()).toBe(204);
      expect((await visitor.context.request.get('/v1/me')).status()).toBe(401);
      await visitor.page.goto('/console/findings');
      await visitor.page.waitForURL('**/sign-in**');
      await visitor.close();
    });

    it('of a browser is a cookie that no script can read and no other site sends', async () => {
      const cookies = await owner.context.cookies();
      expect(cookies.length).toBe(1);
      expect(cookies[0]).toMatchObject({ httpOnly: true, sameSite: 'Strict', path: '/' });
      expect(await owner.page.evaluate('document.cookie')).toBe('');
      const stored = await owner.page.evaluate<string>(
        'JSON.stringify({ ...localStorage, ...sessionStorage })',
      );
      expect(stored).not.toMatch(/vg[a-z]_/);
    });

    it('is not what somebody makes up', async () => {
      for (const made of [
        '',
        'vgs_',
        `vgs_${'A'.repeat(43)}`,
        '__proto__',
        "' OR 1=1 --",
        '\u00e4'.repeat(10),
      ]) {
        const cookie = `vouchgate-session=${encodeURIComponent(made)}`;
        expect((await sendPlain(site.url, { path: '/v1/me', headers: { cookie } })).status, made).toBe(401);
      }
    });
  });

  describe('an address', () => {
    it('never sends somebody who signs in to another place', async () => {
      for (const wanted of [
        'https://evil.example/',
        '//evil.example/',
        '/\\evil.example',
        '/console/../../evil',
        '/console//evil.example',
        'javascript:alert(1)',
        '/console/\tx',
        '%2f%2fevil.example',
      ]) {
        const path = `/auth/sign-in?${new URLSearchParams({ return: wanted }).toString()}`;
        const started = await fetch(`${site.url}${path}`, { redirect: 'manual' });
        // Refused at once is as good as sent to the beginning.
        if (started.status === 400) continue;
        const cookie = started.headers.getSetCookie()[0]?.split(';', 1)[0] ?? '';
        const agreed = await fetch(started.headers.get('location') ?? '', {
          method: 'POST',
          body: new URLSearchParams({ subject: 'vera' }),
          redirect: 'manual',
        });
        const finished = await fetch(agreed.headers.get('location') ?? '', {
          headers: { cookie },
          redirect: 'manual',
        });
        expect(finished.status, wanted).toBe(303);
        const landed = new URL(finished.headers.get('location') ?? '', site.url);
        expect([landed.origin, landed.pathname.startsWith('/console/')], wanted).toEqual([site.url, true]);
      }
    });

    it('reaches no file but those of the console', async () => {
      for (const path of [
        '/console/../package.json',
        '/console/..%2f..%2fpackage.json',
        '/console/%2e%2e/%2e%2e/etc/passwd',
        '/console/assets/../../../package.json',
        '/console/assets/..%5c..%5cpackage.json',
        '/console//etc/passwd',
        '/console/assets/%00.js',
        '/console/assets/__proto__',
        '/console/constructor.js',
        '/console/manifest.json%00.html',
      ]) {
        const { status, body } = await sendPlain(site.url, { path });
        expect(body, path).not.toMatch(/root:x:|"private": true/);
        // A page of the console for what looks like one, never a file.
        if (status === 200) expect(body, path).toContain('<div id="root">');
        else expect([303, 400, 404, 405], path).toContain(status);
      }
    });
  });

  /** Ids of what was recorded, but for people who looked. */
  async function events(visitor: Visitor): Promise<string[]> {
    const answer = await visitor.context.request.get('/v1/events?type=lease.revoked&limit=50');
    const page = (await answer.json()) as { events: { id: string }[] };
    return page.events.map(({ id }) => id);
  }
});
