/** Whether a Content-Type is `expected`, with no charset but UTF-8; the common spelling costs one comparison. */
export function isMediaType(contentType: string | undefined, expected: string): boolean {
  if (contentType === expected) return true;
  if (contentType === undefined || contentType.length > 200) return false;
  const [type = '', ...parameters] = contentType.toLowerCase().split(';');
  return (
    type.trim() === expected &&
    parameters.every((parameter) => /^\s*charset\s*=\s*"?utf-8"?\s*$/.test(parameter))
  );
}
