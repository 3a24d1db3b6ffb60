// The web addresses in an abstract.

const webAddress = /https?:\/\/[^\s<>"'`{}|\\^[\]]+/gi;
const sentenceEnd = /[.,;:!?*~…。，；：！？、）」』”’]/;

/** The http(s) URLs in order, each once, without the punctuation of the sentence around them. */
export function findLinks(text: string): string[] {
  const links = [...text.matchAll(webAddress)].map(([address]) => trimPunctuation(address));
  return [...new Set(links.filter((link) => URL.canParse(link) && /^https?:\/\/[^/]/i.test(link)))];
}

/** A closing bracket stays when the address itself opened it: https://en.wikipedia.org/wiki/Transformer_(model). */
function trimPunctuation(address: string): string {
  let unopened = 0;
  for (const sign of address) unopened += sign === ')' ? 1 : sign === '(' ? -1 : 0;

  let end = address.length;
  for (; end > 0; end -= 1) {
    const last = address.charAt(end - 1);
    if (last === ')' && unopened > 0) unopened -= 1;
    else if (!sentenceEnd.test(last)) break;
  }
  return address.slice(0, end);
}
