/** The path and query of a request target (RFC 9112 §3.2), as sent; undefined for what is neither origin- nor absolute-form. */
export interface RequestTarget {
  path: string;
  query: string;
}

export function parseRequestTarget(target: string): RequestTarget | undefined {
  const absolute = /^https?:\/\/[^/?#]*/i.exec(target);
  const rest = absolute === null ? target : target.slice(absolute[0].length) || '/';
  if (!rest.startsWith('/') || rest.includes('#')) return undefined;
  const mark = rest.indexOf('?');
  return mark === -1 ? { path: rest, query: '' } : { path: rest.slice(0, mark), query: rest.slice(mark + 1) };
}
