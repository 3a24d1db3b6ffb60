// The number of a row, as somebody typed it or an address has it.

/** Null for what no row can have: PostgreSQL's bigint holds every number of eighteen digits. */
export function readRowId(text: string): bigint | null {
  return /^[1-9]\d{0,17}$/.test(text) ? BigInt(text) : null;
}
