/** Why a patch was not written; the reader gets to see it. */
export class NeedsHand extends Error {}
