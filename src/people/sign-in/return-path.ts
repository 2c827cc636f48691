export const CONSOLE_PATH = '/console/';

const CHARS_MAX = 2_000;

/**
 * Where a browser goes after a sign-in: only within the console. What browsers read as another host (`//evil`,
 * `/\evil`, a tab in between) is not a path below it, and gives the beginning.
 */
export function returnPathOf(wanted: string | undefined): string {
  if (wanted === undefined || wanted.length > CHARS_MAX || !/^\/console\/[\x21-\x5b\x5d-\x7e]*$/.test(wanted))
    return CONSOLE_PATH;
  const url = URL.parse(wanted, 'http://console.invalid');
  const stays = url?.origin === 'http://console.invalid' && url.pathname.startsWith(CONSOLE_PATH);
  return stays ? `${url.pathname}${url.search}${url.hash}` : CONSOLE_PATH;
}
