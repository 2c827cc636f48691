/** Bounds of the server. Every input has one. */
export interface ServerLimits {
  /** Exchanges under way at once; more are told to come back. */
  exchangesMax: number;
  connectionsMax: number;
  headerBytesMax: number;
  /** For the header of one request. */
  headerTimeoutMs: number;
  /** For one whole request, header and body. */
  requestTimeoutMs: number;
  keepAliveTimeoutMs: number;
  /** For a connection on which nothing moves, such as a reader who does not read. */
  idleTimeoutMs: number;
  formBytesMax: number;
  jsonBytesMax: number;
  /** The same for routes that anybody can call. */
  openJsonBytesMax: number;
  /** A report of a tool, before and after it was unpacked. */
  reportBytesMax: number;
  /** All bodies together that are being read at one moment. */
  heldBodyBytesMax: number;
  /** Failed authentications of one address in a row before it must wait. */
  failuresMax: number;
  /** How fast an address earns attempts back. */
  failuresPerMinute: number;
}

export const defaultLimits: ServerLimits = {
  exchangesMax: 2_000,
  connectionsMax: 4_096,
  headerBytesMax: 16_384,
  headerTimeoutMs: 5_000,
  requestTimeoutMs: 10_000,
  keepAliveTimeoutMs: 65_000,
  idleTimeoutMs: 120_000,
  formBytesMax: 65_536,
  jsonBytesMax: 1_048_576,
  openJsonBytesMax: 131_072,
  reportBytesMax: 67_108_864,
  heldBodyBytesMax: 67_108_864,
  failuresMax: 10,
  failuresPerMinute: 10,
};
