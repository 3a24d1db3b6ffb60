// "You see more of Mixture of experts, fewer of Robotics": what a reader's votes changed, each to be taken back.

import { balanceVotes } from '../../digests/weigh-votes.ts';
import type { MessageKey } from '../../languages/catalogue.ts';
import type { Words } from '../../languages/words.ts';
import { findPapers } from '../../papers/store.ts';
import type { Db } from '../../platform/postgres/db.ts';
import type { Subscriber } from '../../subscribers/subscriber.ts';
import { createInterestNames } from '../public/preferences/interest-names.ts';

export type VoteEffectsView = {
  votes: number;
  /** One sentence. */
  sentence: string;
  /** The strongest first. */
  effects: { interest: string; name: string; wish: 'more' | 'fewer'; votes: number }[];
};

/** Null for a reader without votes. */
export async function viewVoteEffects(
  { db, words, topicNames }: { db: Db; words: Words; topicNames: ReadonlyMap<string, string> },
  { votes, preferences }: Pick<Subscriber, 'votes' | 'preferences'>,
): Promise<VoteEffectsView | null> {
  if (votes.length === 0) return null;
  const papers = await findPapers(
    db,
    votes.map(({ paperSeq }) => paperSeq),
  );
  const organizations = [...papers.values()].flatMap(({ organization }) => organization ?? []);
  const nameOf = createInterestNames({ words, topicNames }, [...preferences.organizations, ...organizations]);
  const effects = [...balanceVotes(votes)]
    .map(([interest, balance]) => ({
      interest,
      name: nameOf(interest),
      wish: balance > 0 ? ('more' as const) : ('fewer' as const),
      votes: Math.abs(balance),
    }))
    .sort((one, other) => other.votes - one.votes || one.name.localeCompare(other.name));
  const namesOf = (wanted: 'more' | 'fewer') =>
    words.list(effects.filter(({ wish }) => wish === wanted).map(({ name }) => name));
  const [more, fewer] = [namesOf('more'), namesOf('fewer')];
  return { votes: votes.length, sentence: words.t(chooseSentence(more, fewer), { more, fewer }), effects };
}

function chooseSentence(more: string, fewer: string): MessageKey {
  if (more !== '' && fewer !== '') return 'voteEffects.moreAndFewer';
  if (more !== '') return 'voteEffects.onlyMore';
  return fewer !== '' ? 'voteEffects.onlyFewer' : 'voteEffects.balanced';
}
