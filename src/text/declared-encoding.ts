// The encoding that an XML document says it is in: https://www.w3.org/TR/xml/#charencoding

/** The text; null where nothing is declared, or nothing that is known. */
export function decodeAsDeclared(input: Uint8Array): string | null {
  const start = Buffer.from(input.subarray(0, 200)).toString('latin1');
  const [, encoding] = /^\s*<\?xml[^>]*\sencoding\s?=\s?["']([\w:.-]{1,40})["']/.exec(start) ?? [];
  if (encoding === undefined || /^utf-?(?:8|16)/i.test(encoding)) return null;
  try {
    return decodeAs(encoding, input);
  } catch {
    return null;
  }
}

/** Throws RangeError for an encoding that is not known. */
export function decodeAs(encoding: string, input: Uint8Array): string {
  const decoder = new TextDecoder(encoding);
  // As a stream: in one go, many versions of Node take Windows-1252 for Latin-1: https://github.com/nodejs/node/issues/56542
  return decoder.decode(input, { stream: true }) + decoder.decode();
}
