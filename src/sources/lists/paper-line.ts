// One paper that is written on a line or in a few: its title, what leads to it, and the details beside them.
import { readArxivId, readDoi } from '../../papers/paper-ids.ts';
import { type Details, findField, readDetails, readName } from './details.ts';

export type PaperLine = Details & {
  title: string;
  arxiv: string | null;
  doi: string | null;
  /** Where it is, if it has neither. */
  page: string | null;
  links: string[];
};

/** `[text](address "title")`, with brackets in either. */
const markdownLink =
  /!?\[((?:[^[\]]|\[[^[\]]{0,300}\]){0,600})\]\(<?((?:[^()\s<>]|\([^()\s]{0,200}\)){1,1000})>?(?:\s{1,9}["'(][^"()]{0,300}["')])?\)/g;
const bareAddress = /<?(?:https?:\/\/|(?:www\.)?(?:arxiv|doi)\.org\/)[^\s<>|\]"]{3,1000}>?/gi;
const namedId =
  /\[?\(?\b(?:arxiv(?:[ -]?(?:id|preprint))?[:\s]\s{0,3}(?:\d{4}\.\d{4,5}(?:v\d{1,2})?|[a-z-]{2,10}(?:\.[a-z]{2})?\/\d{7})|doi:\s{0,3}10\.\d{4,9}\/[^\s,;)\]|]{1,200})(?:\s?\[[\w.-]{2,20}\])?[)\]]?/gi;
const bareId = /(?<![\w.:/-])[[(]?\d{4}\.\d{4,5}(?:v\d{1,2})?[)\]]?(?![\w-]|\.\d)/g;

/** What a link is called that leads to a paper without naming it. */
const label =
  /^[^\p{L}\p{N}]*(?:(?:the |full |project |read |view |open |hf |original )?(?:paper|pdf|arxiv|abs|abstract|link|html|code|github|repo(?:sitory)?|project|website|web|site|page|homepage|read|text|hf|hugging ?face|alphaxiv|url|doi|here|source|preprint|demo|data|dataset|models?|weights|blog|slides|video|poster|openreview|bib(?:tex)?|more|other|download)(?: (?:page|link|here|pdf))?)?[^\p{L}\p{N}]*$/iu;

type Link = {
  text: string;
  arxiv: string | null;
  doi: string | null;
  page: string | null;
  address: string | null;
};
/** Of houses whose pages are papers. */
const paperPage =
  /^https?:\/\/(?:openreview\.net\/(?:forum|pdf)\?id=|aclanthology\.org\/[\w.-]{6}|proceedings\.(?:mlr\.press|neurips\.cc)\/\S{6}|openaccess\.thecvf\.com\/content)/i;
/** Stands for a link while the words around it are read. */
const mark = (index: number) => `\u{e000}${index}\u{e001}`;
const anyMark = /\u{e000}(\d{1,4})\u{e001}/gu;

/** As chat programs write it: `<address|text>`. */
const chatLink = /<(https?:\/\/[^\s<>|]{3,1000})\|([^<>|]{1,600})>/g;

/** Null for what names no paper, or speaks of one in a sentence. `place`: whether a bullet or a heading says that here is one. */
export function readPaperLine(lines: readonly string[], place: 'marked' | 'bare'): PaperLine | null {
  const links: Link[] = [];
  const { ahead, below } = raiseTitle(lines.map((line) => takeLinks(line, links)));
  const [first = '', ...rest] = below;
  const own = [first, ...ahead, ...rest].flatMap((line, at) =>
    at <= ahead.length || isAboutIt(line) ? listLinks(line, links) : [],
  );
  const named = own.filter(isPaper);
  const [leads] = named;
  if (leads === undefined) return null;
  const found = findTitle(first, { links, place });
  if (found === null || !/\p{L}{2}/u.test(found.title) || found.title.length > longestTitle) return null;
  const details = readDetails(
    [found.rest, ...rest].map((line) =>
      line.replace(anyMark, (_, at: string) => keepText(links[Number(at)])),
    ),
  );
  return {
    ...details,
    title: found.title,
    arxiv: leads.arxiv ?? named.find(({ arxiv }) => arxiv !== null)?.arxiv ?? null,
    doi: named.find(({ doi }) => doi !== null)?.doi ?? null,
    page: leads.page,
    links: links.flatMap((link) => (link.address === null || isPaper(link) ? [] : link.address)),
  };
}

const longestTitle = 400;

const titleLine = /^\s*title:\s*(?=\S)/i;
const mostLinesAhead = 4;

/** As arXiv's pages have it: the id and its links, and the title on a line below them. */
function raiseTitle(lines: readonly string[]): { ahead: readonly string[]; below: readonly string[] } {
  const told = lines.filter((line) => line.trim() !== '');
  const at = told.slice(0, mostLinesAhead).findIndex((line) => titleLine.test(line));
  const ahead = told.slice(0, Math.max(at, 0));
  if (!ahead.some((line) => line.search(anyMark) !== -1)) return { ahead: [], below: lines };
  return { ahead, below: [(told[at] ?? '').replace(titleLine, ''), ...told.slice(at + 1)] };
}

function listLinks(line: string, links: readonly Link[]): Link[] {
  return [...line.matchAll(anyMark)].flatMap(([, at]) => links[Number(at)] ?? []);
}

/** Below a title: an address and its label, and no sentence that speaks of another paper. */
function isAboutIt(line: string): boolean {
  const plain = readPlain(line.replace(anyMark, ' ')).replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '');
  return plain === '' || label.test(plain) || isBesides(line.replace(anyMark, ' '));
}

function takeLinks(line: string, links: Link[]): string {
  const keep = (text: string, target: string) => {
    const arxiv = readArxivId(target);
    const isAddress = /^https?:/i.test(target);
    const doi = arxiv === null ? readDoi(target) : null;
    const page = arxiv === null && doi === null && paperPage.test(target) ? target : null;
    links.push({ text: readPlain(text), arxiv, doi, page, address: isAddress ? target : null });
    return mark(links.length - 1);
  };
  return line
    .replace(chatLink, (_, target: string, text: string) => keep(text, target))
    .replace(markdownLink, (whole, text: string, target: string) =>
      whole.startsWith('!') ? '' : keep(text, target),
    )
    .replace(bareAddress, (target) => {
      const [tail = ''] = /[>),.;:!?]*$/.exec(target) ?? [];
      return keep('', target.slice(0, target.length - tail.length).replace(/^</, '')) + tail.replace('>', '');
    })
    .replace(namedId, (found) =>
      keep(
        '',
        found
          .replace(/^[[(]+|[)\]]+$/g, '')
          .replace(/\s?\[[\w.-]{2,20}\]?$/, '')
          .replace(/^(arxiv)(?:[ -]?(?:id|preprint))?[:\s]\s*/i, '$1:'),
      ),
    )
    .replace(bareId, (found) => keep('', found.replace(/[[\]()]/g, '')));
}

function isPaper(link: Link | undefined): boolean {
  return link !== undefined && (link.arxiv !== null || link.doi !== null || link.page !== null);
}

function isLabel({ text }: Link): boolean {
  return label.test(text) || readArxivId(text) !== null || readDoi(text) !== null || /^https?:/i.test(text);
}

/** A link to something else may be called what is a detail. */
function keepText(link: Link | undefined): string {
  return link === undefined || isPaper(link) || isLabel(link) ? ' ' : link.text;
}

/** In bold or in quotes, where the line begins. */
const emphasized = /^(\*\*|__)(.{3,400}?)\1/u;
const quoted = /^(?:"([^"]{3,400})"|“([^”]{3,400})”|«([^»]{3,400})»)/u;
/** A picture, a mark of a quotation, a box to tick; a month or a conference: `[2026/03]`, `[ICLR 2026]`. */
const start =
  /^(?:\s|\p{So}|\p{Sk}|\ufe0f|\u200d|>)*(?:\[[ xX]\]\s*)?(?:[[(](?:\d{4}(?:[/.-]\d{1,2})?|\p{Lu}\p{L}{2,9}[’' -]?\d{2,4})[\])]\s+)?/u;

function findTitle(
  line: string,
  { links, place }: { links: readonly Link[]; place: 'marked' | 'bare' },
): { title: string; rest: string } | null {
  const text = line.replace(start, '');
  const linked = [...text.matchAll(anyMark)].find(([, at]) => {
    const link = links[Number(at)];
    return link !== undefined && isPaper(link) && !isLabel(link);
  });
  if (linked !== undefined) {
    const before = text
      .slice(0, linked.index)
      .replace(anyMark, ' ')
      .replace(/[*_"“]+$/u, '');
    if (!isBesides(before)) return null;
    const title = links[Number(linked[1])]?.text ?? '';
    return {
      title,
      rest: `${before} — ${text.slice(linked.index + linked[0].length).replace(/^[*_"”]+/u, '')}`,
    };
  }
  const [bold, , inBold] = emphasized.exec(text) ?? [];
  const [inQuotes, ...parts] = quoted.exec(text) ?? [];
  const whole = bold ?? inQuotes;
  const marked = inBold ?? parts.find((part) => part !== undefined);
  const isField = findField(marked?.replace(/:$/, '') ?? '') !== null;
  if (whole !== undefined && marked !== undefined && !isField) {
    const title = readPlain(
      marked.replace(/:$/, '').replace(anyMark, (_, at: string) => links[Number(at)]?.text ?? ''),
    );
    return { title, rest: text.slice(whole.length) };
  }
  return findBareTitle(text, { links, place });
}

/** Nothing, or details: not the beginning of a sentence. */
function isBesides(before: string): boolean {
  if (isDetail(readPlain(before).replace(/^[\s[(]+|[\s\])|:–—-]+$/g, ''))) return true;
  const plain = readPlain(before).replace(/^[\s\d#.,:;|()[\]–—-]+|[\s.,:;|()[\]–—-]+$/g, '');
  if (plain === '' || /^(?:title|paper|name|new|link|daily pick)$/i.test(plain)) return true;
  const { unread, abstract } = readDetails([plain]);
  return unread.length === 0 && abstract === null;
}

const separator = /\s+[–—|·•‧-]+\s+|\t+|\s*\|\s*|(?<=\S)\s*[;]\s+/u;

/** All up to the first detail, or up to the names behind its commas. */
function findBareTitle(
  text: string,
  { links, place }: { links: readonly Link[]; place: 'marked' | 'bare' },
): { title: string; rest: string } | null {
  if (place === 'bare' && !isAtEdge(text)) return null;
  const plain = text
    .replace(anyMark, (_, at: string) => {
      const link = links[Number(at)];
      return link === undefined || isPaper(link) || isLabel(link) ? '\t' : link.text;
    })
    .replace(/^(?:title|paper):\s*/i, '')
    .replace(/[[(]\s*[\t\s,/|]*[\])]/g, '\t')
    .replace(/^[\s,:;–—|-]+/, '');
  const [ahead, beginning] = splitAhead(plain);
  const parts = beginning.split(separator).map((part) => part.trim());
  const [head = ''] = parts;
  const firstDetail = parts.findIndex((part, at) => at > 0 && (part === '' || isDetail(part)));
  const last = firstDetail === -1 ? parts.length : firstDetail;
  const end =
    last === 1
      ? head.length
      : beginning.indexOf(parts[last - 1] ?? '', head.length) + (parts[last - 1]?.length ?? 0);
  const [whole, behind] = splitBehind(readPlain(beginning.slice(0, end)).replace(/[\s,:;]+$/, ''));
  const { title, names } = splitNames(whole);
  return {
    title: readPlain(title.replace(/[\s,:;–—|-]+$/u, '').replace(/(?<!\.)\.$/, '')),
    rest: `${ahead} — ${names} — ${behind} — ${beginning.slice(end)}`,
  };
}

/** `(2025-11-03) A Ferry`, `2025-11-03: A Ferry`: what stands in front of a title. */
function splitAhead(text: string): [ahead: string, beginning: string] {
  const [whole, inBrackets, bare] =
    /^(?:[[(]([^\])]{1,60})[\])]|([^:|–—·]{1,60}?)(?::|\s[|–—·-])(?=\s))\s*/u.exec(text) ?? [];
  const ahead = inBrackets ?? bare ?? '';
  const isRead =
    whole !== undefined &&
    whole.length < text.trim().length &&
    isDetail(ahead) &&
    readDetails([ahead]).authors.length === 0;
  return isRead ? [ahead, text.slice(whole.length)] : ['', text];
}

/** `A Ferry (2025)`, `A Ferry [12 upvotes]` */
function splitBehind(text: string): [title: string, behind: string] {
  const [whole, inside = ''] = /[\s.,]*[[(]([^[\]()]{1,60})[\])]\.?$/.exec(text) ?? [];
  const isRead = whole !== undefined && whole.length < text.length && isDetail(inside);
  return isRead ? [text.slice(0, -whole.length), inside] : [text, ''];
}

function isDetail(part: string): boolean {
  const { unread, abstract } = readDetails([part]);
  return unread.length === 0 && abstract === null;
}

/** A paper's id in the middle of a line is spoken of. */
function isAtEdge(text: string): boolean {
  const [, before = '', after = ''] =
    /^(.*?)(?:[[(]?\u{e000}\d{1,4}\u{e001}[\])]?[\s,;/|]*)+(.*)$/u.exec(text) ?? [];
  const rest = readPlain(after).replace(/^[\s.,:;–—|()-]+|[\s.,:;)]+$/g, '');
  return before.trim() === '' || rest === '' || isDetail(rest);
}

/** `A Ferry, Boats and Sails, Ada Lovelace and Grace Hopper`: names stand last, and `by` or brackets part them, too. */
function splitNames(text: string): { title: string; names: string } {
  const [, before, after] = /^(.{3,}?)(?:,? by | \()([^()]{3,300})\)?$/.exec(text) ?? [];
  if (before !== undefined && after !== undefined && isDetail(after)) return { title: before, names: after };
  const sentences = text.split(/(?<=[\p{L}\d)\]]{2}[.?!])\s+(?=[\p{Lu}\d]|arXiv)/u);
  if (sentences.length > 1) return splitReference(sentences);
  const parts = text.split(/,\s+/);
  let first = parts.length;
  while (first > 1 && isNames(parts[first - 1] ?? '')) first -= 1;
  return { title: parts.slice(0, first).join(', '), names: parts.slice(first).join(', ') };
}

/** `Ada Lovelace. A Ferry. NeurIPS, 2025`: what is neither names nor no news is the title. */
function splitReference(sentences: readonly string[]): { title: string; names: string } {
  const bare = (sentence: string) => sentence.replace(/[.,\s]+$/, '');
  const isAside = sentences.map((sentence) => isDetail(bare(sentence).replace(/, \d{4}$/, '')));
  const first = isAside.indexOf(false);
  if (first === -1) return { title: sentences.join(' '), names: '' };
  const next = isAside.indexOf(true, first);
  const end = next === -1 ? sentences.length : next;
  const asides = [...sentences.slice(0, first), ...sentences.slice(end)];
  return { title: sentences.slice(first, end).join(' '), names: asides.map(bare).join(' — ') };
}

function isNames(part: string): boolean {
  const names = part
    .replace(/^and /, '')
    .replace(/,? et al\.?$/i, '')
    .split(/ and | & /);
  return names.every((name) => readName(name.trim()) === 'name');
}

/** Without emphasis and code marks. */
export function readPlain(text: string): string {
  return text
    .replace(/(\*\*|__|~~)(?=\S)(.+?)(?<=\S)\1/g, '$2')
    .replace(/(?<![\w\\*])([*_])(?=\S)([^*_]+?)(?<=\S)\1(?!\w)/g, '$2')
    .replace(/`([^`]+)`/g, '$1')
    .replace(/\\([\\`*_{}[\]()#+.!|~<>-])/g, '$1')
    .replace(/\s+/g, ' ')
    .trim();
}
