/** A construct that the own evaluator does not know: its policy is left to cedar-wasm. */
export class UnsupportedConstruct extends Error {}
