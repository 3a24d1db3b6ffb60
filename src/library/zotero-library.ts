// A group's or a person's public library at Zotero, for a reader's own: its address as readers paste it, and its newest papers by Zotero's API, asked for once.
// https://www.zotero.org/support/dev/web_api/v3/basics
import { LRUCache } from 'lru-cache';
import type { HttpClient, HttpFailure } from '../sources/http/client.ts';
import { readLibrary } from './read-library.ts';

/** `collection`: its key, where the address is of a part of the library. */
export type ZoteroAddress = {
  owner: 'groups' | 'users';
  id: string;
  collection: string | null;
};

/**
 * `private`: it is not open to the public, or there is none. `silent`: no answer that could be read came in time. `busy`: asked
 * too often. `named`: a person's, by a name that its API does not know. `unclear`: an address of Zotero's that is no library's. `later`: nobody
 * was asked.
 */
export const zoteroTroubles = ['private', 'silent', 'empty', 'busy', 'named', 'unclear', 'later'] as const;
export type ZoteroTrouble = (typeof zoteroTroubles)[number];

/** `papers`: lines of a library, the newest first. */
export type ZoteroAnswer = { type: 'papers'; papers: string[] } | { type: 'trouble'; trouble: ZoteroTrouble };

export type ZoteroReader = {
  /** What was answered lately; null where Zotero would have to be asked. */
  recall(address: ZoteroAddress): Promise<ZoteroAnswer> | null;
  /** Never throws. Those who ask for the same library meanwhile wait for one answer. */
  read(address: ZoteroAddress): Promise<ZoteroAnswer>;
};

/** As many as a library may have. */
const mostPapers = 200;
/** Zotero gives no more at once. */
const pageSize = 100;
/** Its items may be notes, which are no papers. */
const mostPages = 4;
const keptMs = { papers: 10 * 60_000, trouble: 30_000 };
const mostKept = 200;

const anyAddress = /^(?:[-*•] )?<?(?:https?:\/\/)?((?:www\.|api\.)?zotero\.org)\/(\S{0,500}?)>?$/i;
const ownerPath = /^(groups|users)\/(\d{1,12})(?:[/?#]|$)/i;
/** `ada/library`; what Zotero has beside people's pages is named first. */
const personPath =
  /^(?:users\/)?(?!(?:groups|users?|support|settings|download|styles|start|search|static|blog|about)(?:[/?#]|$))[^/?#]+(?:\/(?:library|collections|items|tags|publications)(?:[/?#]|$)|\/?$)/i;
const collectionPath = /\/collections?(?:Key)?\/([A-Z0-9]{8})(?:[/?#]|$)/i;

/** Of a line of a library; null for one that has nothing to do with Zotero. */
export function readZoteroAddress(line: string): ZoteroAddress | 'named' | 'unclear' | null {
  const [, , path] = anyAddress.exec(line.trim()) ?? [];
  if (path === undefined) return null;
  const [, owner, id] = ownerPath.exec(path) ?? [];
  if (id === undefined) return personPath.test(path) ? 'named' : 'unclear';
  return {
    owner: owner?.toLowerCase() === 'users' ? 'users' : 'groups',
    id,
    collection: collectionPath.exec(path)?.[1]?.toUpperCase() ?? null,
  };
}

/** `baseUrl` is where the API is, without a slash at its end. An answer that takes longer than `patienceMs` in all is none. */
export function createZoteroReader({
  http,
  baseUrl,
  patienceMs,
}: {
  http: HttpClient;
  baseUrl: string;
  patienceMs: number;
}): ZoteroReader {
  const kept = new LRUCache<string, Promise<ZoteroAnswer>>({ max: mostKept, ttl: keptMs.papers });
  return {
    recall: (address) => kept.get(placeOf(baseUrl, address)) ?? null,
    read(address) {
      const place = placeOf(baseUrl, address);
      const known = kept.get(place);
      if (known !== undefined) return known;
      const answer = askZotero(http, place, AbortSignal.timeout(patienceMs));
      kept.set(place, answer);
      answer.then(({ type }) => {
        if (kept.peek(place) === answer) kept.set(place, answer, { ttl: keptMs[type] });
      });
      return answer;
    },
  };
}

function placeOf(baseUrl: string, { owner, id, collection }: ZoteroAddress): string {
  return `${baseUrl}/${owner}/${id}${collection === null ? '' : `/collections/${collection}`}/items/top`;
}

async function askZotero(http: HttpClient, place: string, signal: AbortSignal): Promise<ZoteroAnswer> {
  const papers: string[] = [];
  for (let page = 0; page < mostPages && papers.length < mostPapers; page += 1) {
    const url = `${place}?format=csljson&sort=dateAdded&direction=desc&limit=${pageSize}&start=${page * pageSize}`;
    const answer = await http.get({ url, accept, previous: null, signal }).catch(() => null);
    if (answer?.type !== 'document') return { type: 'trouble', trouble: nameTrouble(answer) };
    papers.push(...readLibrary(answer.text));
    if (answer.hasNext !== true) break;
  }
  const first = [...new Set(papers)].slice(0, mostPapers);
  return first.length === 0 ? { type: 'trouble', trouble: 'empty' } : { type: 'papers', papers: first };
}

const accept = ['application/vnd.citationstyles.csl+json', 'application/json'];

function nameTrouble(answer: HttpFailure | { type: 'unchanged' } | null): ZoteroTrouble {
  const status = answer?.type === 'failed' ? answer.status : undefined;
  return status === 401 || status === 403 || status === 404 ? 'private' : 'silent';
}
