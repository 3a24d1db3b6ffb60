// Mail addresses in words that others wrote: a server's refusal repeats whom it refuses. What is logged, kept for operators or
// shown has them masked; whom it is about is known by the delivery.

const label = String.raw`[\p{L}\p{N}\p{M}_-]{1,63}`;
const domain = String.raw`(?:\[[^\]\s]{1,80}\]|(?:${label}\.){1,10}${label})`;
const name = String.raw`(?:"[^"\r\n]{1,128}"|[^\s<>()\[\],;:"\\@]{1,256})`;
/** As it is, percent-encoded as in links, or quoted-printable; an address in angle brackets needs no dot in its domain. */
const address = new RegExp(
  String.raw`${name}(?:@|%40|=40)${domain}|(?<=<)[^<>\r\n@]{1,256}@[^<>\s]{1,255}(?=>)`,
  'giu',
);

export function maskAddresses(text: string): string {
  // Most words have none.
  return /@|[%=]40/.test(text) ? text.replace(address, '…') : text;
}
