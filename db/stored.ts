/**
 * What JSON columns hold whose shape the server decides. The room that writes such a column names its type here, with
 * `declare module`, so that the database knows the shape and nothing of the server.
 */
// biome-ignore lint/suspicious/noEmptyInterface: filled by declaration merging
export interface StoredJson {}
