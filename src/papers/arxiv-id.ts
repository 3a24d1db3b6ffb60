// arXiv identifiers (https://info.arxiv.org/help/arxiv_identifier.html), and the pages behind one.

const prefix = /^(?:https?:\/\/(?:[a-z]+\.)?arxiv\.org\/(?:abs|pdf|html)\/|(?:oai:)?arxiv(?:\.org)?:)/i;
const sinceApril2007 = /^(\d{2}(?:0[1-9]|1[0-2])\.\d{4,5})(?:v\d{1,3})?$/;
/** `math.GT/0309136` and `math/0309136` are one paper. */
const before = /^([a-z]+(?:-[a-z]+)?)(?:\.[a-z]{2})?\/(\d{7})(?:v\d{1,3})?$/i;

/** The id without its version, out of an id, an OAI id or an address; null for what is none. */
export function readArxivId(text: string): string | null {
  const id = text
    .trim()
    .replace(prefix, '')
    .replace(/\.pdf$/, '');
  const [, number] = sinceApril2007.exec(id) ?? [];
  if (number !== undefined) return number;
  const [, archive, serial] = before.exec(id) ?? [];
  return archive === undefined ? null : `${archive.toLowerCase()}/${serial}`;
}

/** Where a paper is read: derived, since sources leave some of them out. */
export function listArxivLinks(id: string): { abs: string; pdf: string; html: string } {
  const at = (form: string) => `https://arxiv.org/${form}/${id}`;
  return { abs: at('abs'), pdf: at('pdf'), html: at('html') };
}
