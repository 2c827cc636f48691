/** The content security policy lets style elements in only with it; libraries that add some take it from here. */
export function styleNonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';
}

/** What locks the page's scrolling below a dialogue adds a style element, and looks for the nonce under this name. */
export function offerStyleNonce(): void {
  Object.assign(globalThis, { __webpack_nonce__: styleNonce() });
}
