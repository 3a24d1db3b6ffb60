// What stands beside a title in a list of papers: who wrote it, when, how many liked it, and what it says.
import { nameParticles } from '../../papers/authors.ts';
import { readCount, readShownDate, type ShownDate } from '../listing/read-day.ts';

export type Details = {
  authors: string[];
  authorsCount: number | null;
  organization: string | null;
  date: { text: string; shown: ShownDate } | null;
  upvotes: number | null;
  comments: number | null;
  abstract: string | null;
  /** Short parts that nobody knows what to make of. */
  unread: string[];
};

export const noDetails: Details = {
  authors: [],
  authorsCount: null,
  organization: null,
  date: null,
  upvotes: null,
  comments: null,
  abstract: null,
  unread: [],
};

/** Longer parts are sentences about the paper. */
const surelyAbstract = 60;

const fieldLine = /^[^\p{L}]{0,6}(\p{L}[\p{L} ()/;.]{1,24}?)[*_]{0,2}\s?:[*_]{0,2}\s*(.*)$/u;
const fields: Record<string, Field> = {};
const fieldNames: [field: Field, names: string][] = [
  ['authors', 'authors,author,by,author(s),written by,autoren,auteurs,autores'],
  ['abstract', 'abstract,summary,tl;dr,tldr,description,gist,notes,zusammenfassung'],
  ['date', 'date,published,submitted,published on,submitted on,publication date,posted,released,day,datum'],
  ['upvotes', 'upvotes,upvote,votes,likes,▲,👍,points,score'],
  ['comments', 'comments,💬,discussion'],
  ['organization', 'organization,organisation,affiliation,affiliations,institution,lab,org,team'],
  ['authorsCount', 'author count,authors count,# authors,number of authors'],
  [
    'ignored',
    'link,links,url,arxiv,paper,pdf,code,project,project page,github,tags,topics,keywords,category,categories,subjects,venue,id,doi,status,year',
  ],
  ['title', 'title,paper title,name,titel,titre,título'],
];
for (const [field, names] of fieldNames) for (const name of names.split(',')) fields[name] = field;

export type Field =
  | 'title'
  | 'authors'
  | 'authorsCount'
  | 'abstract'
  | 'date'
  | 'upvotes'
  | 'comments'
  | 'organization'
  | 'ignored';

/** Of the head of a table's column, or of what stands before a colon. */
export function findField(name: string): Field | null {
  const plain = name.replace(/[*_`]/g, '').trim().toLowerCase();
  const letters = plain.replace(/^[^\p{L}#]+|[^\p{L})]+$/gu, '');
  return fields[plain] ?? fields[letters] ?? null;
}

/** Lines without links. The first that tells something counts. */
export function readDetails(lines: readonly string[]): Details {
  const found: Details[] = [];
  let wasAbstract = false;
  for (const line of lines) {
    const [, name = '', value = ''] = fieldLine.exec(line.trim()) ?? [];
    const field = findField(name);
    const text = line.replace(/(?<=^|[\s([])[*_]+|[*_]+(?=$|[\s)\],.;:])/g, '').trim();
    if (field !== null && field !== 'title') {
      found.push(readField(field, value.replace(/^[*_]+\s*|[*_]+$/g, '').trim()));
      wasAbstract = field === 'abstract';
    } else if (wasAbstract && text !== '') found.push({ ...noDetails, abstract: text });
    else {
      const details = readParts(text);
      found.push(...details);
      wasAbstract = details.length === 1 && details[0]?.abstract === text;
    }
  }
  return found.reduce(merge, noDetails);
}

export function merge(one: Details, other: Details): Details {
  const abstract = [one.abstract, other.abstract].filter((text) => text !== null && text !== '').join(' ');
  return {
    authors: one.authors.length > 0 ? one.authors : other.authors,
    authorsCount: one.authorsCount ?? other.authorsCount,
    organization: one.organization ?? other.organization,
    date: one.date ?? other.date,
    upvotes: one.upvotes ?? other.upvotes,
    comments: one.comments ?? other.comments,
    abstract: abstract === '' ? null : abstract,
    unread: [...one.unread, ...other.unread],
  };
}

export function readField(field: Field, value: string): Details {
  if (value === '' || field === 'ignored' || field === 'title') return noDetails;
  // Of one word each: `Lovelace, Ada`.
  if (field === 'authors')
    return readAuthors(/^\p{Lu}[^\s,;]*, \p{Lu}[^\s,;]*$/u.test(value) ? turn(value) : value);
  if (field === 'date') {
    const shown = readShownDate(value);
    return shown === null
      ? { ...noDetails, unread: [value] }
      : { ...noDetails, date: { text: value, shown } };
  }
  if (field === 'abstract' || field === 'organization') return { ...noDetails, [field]: value };
  const count = readCount(
    value.replace(/^[^\p{L}\p{N}-]+ ?/u, '').replace(/ (?:upvotes?|votes?|likes?|comments?|authors?)$/i, ''),
  );
  return count === null || /^-$/.test(value) ? noDetails : { ...noDetails, [field]: count };
}

const partSeparator = /\s+[–—|·•‧-]+\s+|\t+|\s*\|\s*|\s*;\s+|[()[\]]|\s+\/\s+/u;

/** `👍 10 💬 2` */
const beforeSign = /\s+(?=(?:▲|△|⬆|↑|👍|❤|🔥|♥|💬)\ufe0f? ?\d)/gu;

/** A sentence has dashes and brackets, too. */
function readParts(text: string): Details[] {
  const whole = readPart(text);
  if (whole !== null && whole.unread.length === 0) return [whole];
  const parts = text
    .replace(beforeSign, ' · ')
    .split(partSeparator)
    .map((part) => part.replace(/^[\s,.:;|·–—-]+|[\s,:;|·–—-]+$/g, ''));
  const read = parts
    .filter((part) => part !== '')
    .map((part) => ({ part, details: readPart(part) ?? readEnumeration(part) }));
  const unknown = read.filter(({ details }) => details === null).map(({ part }) => part);
  const known = read.flatMap(({ details }) => details ?? []);
  if (unknown.length === 0) return known;
  if (known.length === 0 && text.length >= surelyAbstract)
    return [{ ...noDetails, abstract: trimEdges(text) }];
  const long = unknown.filter((part) => part.length >= surelyAbstract).join(' ');
  const short = unknown.filter((part) => part.length < surelyAbstract);
  return [...known, { ...noDetails, abstract: long === '' ? null : long, unread: short }];
}

/** `Ada Lovelace, Grace Hopper, 5 November 2025`, `12 upvotes, 3 comments`: names go together. */
function readEnumeration(text: string): Details | null {
  const parts = text.split(/[,.]\s+(?=\S)/).map((part) => ({ part, details: readPart(part) }));
  if (parts.length < 2 || parts.length > 40) return null;
  const isName = ({ details }: (typeof parts)[number]) =>
    details === null || details.authors.length > 0 || details.authorsCount !== null;
  const names = parts.filter(isName).map(({ part }) => part);
  const others = parts.filter((part) => !isName(part)).flatMap(({ details }) => details ?? []);
  if (others.length === 0) return null;
  const authors = names.length === 0 ? noDetails : readPart(names.join(', '));
  return authors === null ? null : [authors, ...others].reduce(merge, noDetails);
}

function trimEdges(text: string): string {
  return text.replace(/^[\s,.:;|–—-]+|[\s|–—-]+$/g, '');
}

const upvotes =
  /^(?:[▲△⬆↑👍❤⭐🔥♥]\ufe0f? ?([\d.,]+k?)|([\d.,]+k?) ?(?:[▲△⬆↑👍❤🔥♥]\ufe0f?|(?:up-?)?votes?|likes?|points?)|(?:up-?)?votes?:? ?([\d.,]+k?))$/iu;
const comments = /^(?:💬 ?([\d.,]+k?)|([\d.,]+k?) ?(?:💬|comments?))$/iu;
const authorsCount = /^(\d{1,4}) authors?$/i;
/** arXiv's categories, conferences, places in a list, and other words that are no news to a reader of the paper. */
const noNews =
  /^(?:\[?(?:[a-z-]{2,8}\.[A-Z]{2}|cs|math|stat|eess|q-bio|hep-\w{2}|quant-ph)(?:[,;] ?[a-z-]{2,8}\.[A-Z]{2})*\]?|(?:\w+ )?(?:NeurIPS|NIPS|ICLR|ICML|ACL|EMNLP|NAACL|EACL|COLM|CVPR|ICCV|ECCV|AAAI|IJCAI|KDD|WWW|SIGIR|CHI|Interspeech|ICASSP|CoRL|ICRA|IROS|TMLR|JMLR|TACL|CoRR|arXiv|preprint)\b.{0,20}|#\d{1,4}|\d{1,2} pages?|(?:new|pdf|code|paper|and|by|in|on|preprint|et al\.?))$/i;

function readPart(given: string): Details | null {
  const text = trimEdges(given)
    .replace(/^\((.*)\)$/, '$1')
    .replace(/(?<=^.{1,40}[^.])[.,;]$/, '');
  if (text === '' || noNews.test(text)) return noDetails;
  const [, name = '', value = ''] = fieldLine.exec(text) ?? [];
  const field = findField(name);
  if (field !== null && field !== 'title') return readField(field, value);
  const [, ...likes] = upvotes.exec(text) ?? [];
  const told =
    likes.find((one) => one !== undefined) ??
    (/^(?:\d{1,5}|\d{1,3},\d{3})$/.test(text) && !/^(?:19|20)\d\d$/.test(text) ? text : undefined);
  if (told !== undefined) return { ...noDetails, upvotes: readCount(told) };
  if (/^(?:19|20)\d\d$/.test(text)) return noDetails;
  const [, ...remarks] = comments.exec(text) ?? [];
  const remark = remarks.find((one) => one !== undefined);
  if (remark !== undefined) return { ...noDetails, comments: readCount(remark) };
  const [, count] = authorsCount.exec(text) ?? [];
  if (count !== undefined) return { ...noDetails, authorsCount: Number(count) };
  const shown = readShownDate(text);
  if (shown !== null) return { ...noDetails, date: { text, shown } };
  const bare = text.replace(/^by:? /i, '');
  if (isOrganization(bare)) return { ...noDetails, organization: bare };
  const authors = readAuthors(bare);
  return authors.unread.length === 0 ? authors : null;
}

const moreAuthors =
  /,? (?:et al\.?|and others|u\. ?a\.)$|,? ?(?:and |& |\+ ?)(\d{1,4})(?: (?:others?|more|authors?))?$|,? ?(?:…|\.{3})$/i;

/** Without names where only some are told: those would look like all of them. */
function readAuthors(text: string): Details {
  const [more, others] = moreAuthors.exec(text) ?? [];
  const list = more === undefined ? text : text.slice(0, text.length - more.length);
  const isTurned = /^[^,;]+, (?:\p{Lu}\.? ?-?){1,3}(?:[,;]|$)/u.test(list);
  const names = (list.includes(';') ? list.split(/;\s*/) : isTurned ? pairUp(list) : list.split(/,\s*/))
    .flatMap((part) => part.replace(/^(?:and|&) /, '').split(/ and | & /))
    .map((name) => turn(name.replace(/[\d*†‡§¹²³⁴⁵]+$/u, '').trim()))
    .filter((name) => name !== '');
  const kinds = names.map(readName);
  const areNames =
    names.length > 0 &&
    (more !== undefined || kinds.some((kind) => kind === 'name')) &&
    kinds.every((kind) => kind !== 'other');
  if (!areNames) return { ...noDetails, unread: [text] };
  if (more === undefined) return { ...noDetails, authors: names };
  return { ...noDetails, authorsCount: others === undefined ? null : names.length + Number(others) };
}

/** `Lovelace, A., Hopper, G.` */
function pairUp(list: string): string[] {
  const parts = list.split(/,\s*/);
  return parts.flatMap((part, at) => (at % 2 === 0 ? `${part}, ${parts[at + 1] ?? ''}` : []));
}

function turn(name: string): string {
  const [, last, first] = /^([^,]+), ([^,]+)$/.exec(name) ?? [];
  return last === undefined ? name : `${first} ${last}`;
}

const namePart = /^(?:\p{Lu}\.?(?:-?\p{Lu}\.?){0,2}|\p{Lu}[\p{L}\p{M}'’.-]{1,24}|[\p{Lo}\p{M}]{1,8})$/u;
/** What titles are made of, and names are not. */
const titleWord =
  /^(?:a|an|the|of|for|with|via|in|on|to|from|and|(?:large|small|deep|neural|language|vision|visual|machine|model|network|learning|reasoning|training|generation|transformer|attention|agent|data|dataset|benchmark|system|method|study|survey|review|report|theory|analysis|approach|framework|image|video|audio|speech|text|code|graph|diffusion|reinforcement|policy|search|retrieval|memory|context|scaling|world|robot|human|efficient|towards?|beyond|open|source|multi\S*|self\S*|pre\S*|zero\S*|few\S*|one\S*)s?)$/i;

/** `name`: a person's. `word`: one word, as teams and some people are called. */
export function readName(name: string): 'name' | 'word' | 'other' {
  const words = name.split(/\s+/);
  if (name === '' || name.length > 60 || words.length > 5) return 'other';
  if (!words.every((word) => namePart.test(word) || nameParticles.has(word))) return 'other';
  if (words.some((word) => !/^\p{Lu}\.$/u.test(word) && titleWord.test(word.replace(/[:.]$/, ''))))
    return 'other';
  if (words.length > 1) return 'name';
  return 'word';
}

function isOrganization(text: string): boolean {
  return (
    text.length <= 60 &&
    /^\p{Lu}/u.test(text) &&
    !/, |[—–|·]/.test(text) &&
    /(?:^|\s)(?:Research|Labs?|Universit\S+|Institutes?|Institute of .*|AI|Inc\.?|DeepMind|Google|Microsoft|Meta|NVIDIA|Apple|Amazon|IBM|OpenAI|Anthropic|Alibaba|Tencent|ByteDance|Baidu|Huawei|MIT|ETH|CMU|Team|Group|College|Academy|Corporation|Cent(?:er|re)|School)(?:\s.{0,40})?$/u.test(
      text,
    )
  );
}
