// A Zotero group among the papers that a reader likes: its papers stand in its place, as if they had been pasted.
import type { RequestHandler } from 'express';
import { readLibrary } from '../../library/read-library.ts';
import {
  type GroupAddress,
  type GroupTrouble,
  groupTroubles,
  readGroupAddress,
} from '../../library/zotero-group.ts';
import { writeGroupTrouble } from '../../subscribers/preferences/group-troubles.ts';
import type { WebDeps } from './deps.ts';
import { readSources } from './limits/rate-limits.ts';

type Deps = Pick<WebDeps, 'groups' | 'budgets' | 'config'>;

/** How often groups may be asked for, for one visitor and for all of them: they are asked at a foreign house. */
const budgets = {
  source: { name: 'zotero', points: 10, seconds: 600 },
  all: { name: 'zotero-all', points: 300, seconds: 3600 },
};
/** In one library. */
const mostGroups = 3;

export const groupTroubleField = 'libraryGroup';

/** Of a form: what stands in the box is kept where a group could not be read, and `libraryGroup` says why. */
export function expandGroupsInForm(deps: Deps): RequestHandler {
  return async (request, _response, next) => {
    const { library } = request.body;
    delete request.body[groupTroubleField];
    const lines = (Array.isArray(library) ? library : [library]).filter((text) => typeof text === 'string');
    const expanded = await expandGroups(
      deps,
      lines,
      () => readSources(request, deps.config.trustProxy).address,
    );
    if (expanded.type === 'trouble') request.body[groupTroubleField] = expanded.trouble;
    if (expanded.type === 'papers') request.body.library = expanded.papers.join('\n');
    next();
  };
}

/** Of the API: a problem of the field. */
export function expandGroupsInJson(deps: Deps): RequestHandler {
  return async (request, _response, next) => {
    const { library } = request.body;
    const isList = Array.isArray(library) && library.every((text) => typeof text === 'string');
    if (!isList) return next();
    const expanded = await expandGroups(
      deps,
      library,
      () => readSources(request, deps.config.trustProxy).address,
    );
    if (expanded.type === 'trouble') request.body.library = [writeGroupTrouble(expanded.trouble)];
    if (expanded.type === 'papers') request.body.library = expanded.papers;
    next();
  };
}

export function readGroupTrouble(sent: unknown): GroupTrouble | null {
  return groupTroubles.find((trouble) => trouble === sent) ?? null;
}

type Expanded =
  | { type: 'untouched' }
  | { type: 'papers'; papers: string[] }
  | { type: 'trouble'; trouble: GroupTrouble };

async function expandGroups(
  deps: Deps,
  texts: readonly string[],
  findSource: () => string,
): Promise<Expanded> {
  if (!texts.some((text) => /zotero\.org\//i.test(text))) return { type: 'untouched' };
  const lines = texts.flatMap((text) => text.split(/\r\n|\r|\n/));
  const addresses = lines.map(readGroupAddress);
  const groups = addresses.filter((address) => address !== null);
  if (groups.length === 0) return { type: 'untouched' };
  if (groups.length > mostGroups) return { type: 'trouble', trouble: 'busy' };
  // Read by itself: it may be BibTeX.
  const papers = readLibrary(lines.filter((_, at) => addresses[at] === null).join('\n'));
  for (const address of groups) {
    if (address === 'unclear') return { type: 'trouble', trouble: 'unclear' };
    const answer = await readGroup(deps, address, findSource);
    if (answer.type === 'trouble') return answer;
    papers.push(...answer.papers);
  }
  return { type: 'papers', papers: [...new Set(papers)] };
}

async function readGroup({ groups, budgets: all }: Deps, address: GroupAddress, findSource: () => string) {
  const known = groups.recall(address);
  if (known !== null) return known;
  const granted = await all.spend([
    { budget: budgets.source, key: findSource() },
    { budget: budgets.all, key: 'all' },
  ]);
  return granted.isGranted ? groups.read(address) : ({ type: 'trouble', trouble: 'busy' } as const);
}
