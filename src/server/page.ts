import { createHash } from 'node:crypto';

/** A page that needs nothing but itself. */
export interface Page {
  html: string;
  /** Names the page's own style and script by digest; nothing else may load or run. */
  contentSecurityPolicy: string;
}

const STYLE = `
:root{color-scheme:light dark;--ink:#16211c;--dim:#5b6a63;--paper:#fbfcfb;--card:#fff;--line:#dfe6e2;--mark:#0f7a52}
@media(prefers-color-scheme:dark){:root{--ink:#e8efeb;--dim:#98a8a0;--paper:#0e1311;--card:#151c19;--line:#27322d;--mark:#4fd19b}}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;display:grid;place-items:center;padding:2rem 1.25rem;background:var(--paper);color:var(--ink);font:16px/1.6 system-ui,sans-serif}
main{width:100%;max-width:40rem}
h1{font-size:1.7rem;line-height:1.2;letter-spacing:-.02em;margin:0 0 .75rem}
h1::before{content:"";display:block;width:2.25rem;height:.3rem;border-radius:1rem;background:var(--mark);margin-bottom:1.1rem}
h2{font-size:1rem;margin:2rem 0 .4rem}
p{margin:.4rem 0;color:var(--dim)}
pre{margin:.75rem 0;padding:1rem 1.1rem;background:var(--card);border:1px solid var(--line);border-radius:.6rem;overflow-x:auto;font:13.5px/1.55 ui-monospace,Menlo,Consolas,monospace}
pre.wrap{white-space:pre-wrap;overflow-wrap:anywhere}
a{color:var(--mark)}
ul{margin:.4rem 0;padding-left:1.2rem;overflow-wrap:anywhere}
code{font:.9em ui-monospace,Menlo,Consolas,monospace;color:var(--ink)}
button{font:inherit;font-weight:600;padding:.55rem 1.1rem;border:0;border-radius:.5rem;background:var(--mark);color:var(--paper);cursor:pointer}
:focus-visible{outline:2px solid var(--mark);outline-offset:3px}
`;

function digestOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

/**
 * `script` is ours and constant, and so is `content` but for text that was escaped. `connects`: the script speaks to
 * this server.
 */
export function buildPage(
  title: string,
  content: string,
  script?: string,
  { connects }: { connects: boolean } = { connects: false },
): Page {
  const policy = [
    "default-src 'none'",
    `style-src ${digestOf(STYLE)}`,
    ...(script === undefined ? [] : [`script-src ${digestOf(script)}`]),
    ...(connects ? ["connect-src 'self'"] : []),
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ];
  return {
    contentSecurityPolicy: policy.join('; '),
    html: `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="robots" content="noindex">
<title>${title}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
${content}
</main>
${script === undefined ? '' : `<script>${script}</script>`}
</body>
</html>
`,
  };
}
