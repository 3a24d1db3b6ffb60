// What an input looks like that is no listing, and what to do about it: one sentence for whoever imported it.

const saveAsText = 'select all of the page in a browser, paste it into a text file, and import that file';

const visibleCharacter = /[^\s\p{Cf}]/u;
/** 32 MiB wrapped at 40 characters have fewer. */
const maxLines = 1_000_000;

/** File signatures of what people keep beside such a text. */
const fileSignatures: [signature: string, what: string][] = [
  ['%PDF', 'a PDF'],
  ['PK\u0003\u0004', 'a ZIP archive or an office document'],
  ['\u001f\u008b', 'a gzip archive'],
  ['\u0089PNG', 'a picture'],
  ['\u00ff\u00d8\u00ff', 'a picture'],
  ['GIF8', 'a picture'],
  ['{\\rtf', 'a rich text document'],
];

/** Looks at the bytes before they are decoded. Null when they may well be text. */
export function describeForeignBytes(input: Uint8Array): string | null {
  if (input.length === 0) return `It is empty: ${saveAsText}.`;

  const start = String.fromCharCode(...input.subarray(0, 16));
  for (const [signature, what] of fileSignatures) {
    if (start.startsWith(signature)) return `It looks like ${what}, not the text of a page: ${saveAsText}.`;
  }
  return null;
}

/** Looks at the decoded text. Null when it may well be a listing. */
export function describeForeignText(text: string): string | null {
  const start = text.slice(0, 4096).trimStart();
  if (!visibleCharacter.test(text)) return `It has no text at all: ${saveAsText}.`;
  if (countControls(text.slice(0, 65_536)) > 0.02) {
    return `It looks like a binary file, not the text of a page: ${saveAsText}.`;
  }
  if (/^<(?:!|\?|[a-z])/i.test(start)) {
    return `It looks like an HTML or XML document, not the text of a page: ${saveAsText}.`;
  }
  if (looksLikeJson(start, text)) return `It looks like JSON, not the text of a page: ${saveAsText}.`;
  if (hasTooManyLines(text)) {
    return `It has over ${maxLines.toLocaleString('en')} lines, far more than a listing: split the file and import the parts one by one.`;
  }
  return null;
}

/** The sentence for a text in which no papers were found. */
export function describeTextWithoutPapers(origin: 'page' | 'unknown'): string {
  if (origin === 'page') {
    return `It looks like a daily papers page whose titles or details were lost on the way: ${saveAsText}.`;
  }
  return `It looks like ordinary text: no paper in it has an author count, an organisation, a date or a link to it, so ${saveAsText}.`;
}

/** The share of characters that no text has. */
function countControls(text: string): number {
  let controls = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code < 9 || (code > 13 && code < 32) || code === 0x7f || code === 0xfffd) controls += 1;
  }
  return text.length === 0 ? 0 : controls / text.length;
}

function hasTooManyLines(text: string): boolean {
  return countBreaks(text, '\n') > maxLines || countBreaks(text, '\r') > maxLines;
}

function countBreaks(text: string, sign: '\n' | '\r'): number {
  let count = 0;
  for (let at = text.indexOf(sign); at !== -1; at = text.indexOf(sign, at + 1)) count += 1;
  return count;
}

/** A title may start with a bracket ("[Re] ..."), so the first sign alone does not decide. */
function looksLikeJson(start: string, text: string): boolean {
  if (/^(?:\{\s*["}]|\[\s*(?:[{"\]]|\[\s*["\d{]))/.test(start)) return true;
  if (!start.startsWith('[')) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
