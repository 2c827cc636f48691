/** A page of the console to go on with: a path, and never another host, whoever wrote the address. */
export function returnPathOf(wanted: string | undefined): string {
  if (wanted === undefined || !/^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/.test(wanted)) return '/';
  const url = new URL(wanted, 'http://console.invalid');
  const path = `${url.pathname}${url.search}${url.hash}`;
  return url.origin === 'http://console.invalid' && !path.startsWith('//') ? path : '/';
}
