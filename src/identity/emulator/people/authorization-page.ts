import type { DevelopmentPerson } from './people-provider.ts';

function escape(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Whom somebody wants to be. Anybody can be anybody here: it is for trying things out. */
export function authorizationPage(people: readonly DevelopmentPerson[], action: string): string {
  const buttons = people.map(
    ({ subject, name, groups }) =>
      `<button name="subject" value="${escape(subject)}"><b>${escape(name)}</b><br>${escape(groups.join(', ') || 'no groups')}</button>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>Development identity provider</title>
<style>
:root{color-scheme:light dark}
body{font:16px/1.5 system-ui,sans-serif;max-width:30rem;margin:3rem auto;padding:0 1rem}
button{display:block;width:100%;text-align:left;font:inherit;padding:.75rem 1rem;margin:.5rem 0;border:1px solid;border-radius:.5rem;background:none;color:inherit;cursor:pointer}
</style>
</head>
<body>
<main>
<h1>Who are you today?</h1>
<p>This identity provider is for development: anybody can be anybody.</p>
<form method="post" action="${escape(action)}">
${buttons.join('\n')}
<button name="subject" value="">Nobody: cancel</button>
</form>
</main>
</body>
</html>
`;
}
