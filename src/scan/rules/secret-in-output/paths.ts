/** A line that writes something into a file; the file is the first group. */
export const WRITES =
  /^\s*(?:echo|printf|cat)\b.*?(?:>>?|\|\s*(?:base64\s+(?:-d|--decode|-di)\s*>>?|tee(?:\s+-a)?))\s*["']?([^\s"'|;&>]+)/;

/** Whether a path that is kept takes a file along: the file itself, or a folder that it is in. */
export function isCovered(file: string, path: string): boolean {
  const clean = (text: string) => text.replace(/^\.\/|\/(?:\*\*?)?$/g, '');
  const [inner, outer] = [clean(file), clean(path)];
  return inner === outer || inner.startsWith(`${outer}/`);
}
