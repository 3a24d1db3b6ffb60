// "You see more of Mixture of experts, fewer of Robotics": what a reader's votes changed, each to be taken back.
import type { Db } from '../../db.ts';
import { balanceVotes } from '../../digests/weigh-votes.ts';
import { findPapers } from '../../papers/store.ts';
import type { Subscriber } from '../../subscribers/subscriber.ts';
import { createInterestNames, listInWords } from './interest-names.ts';

export type LeaningsView = {
  votes: number;
  /** One sentence; empty when the votes cancel each other out. */
  sentence: string;
  /** The strongest first. */
  leanings: { interest: string; name: string; wish: 'more' | 'fewer'; votes: number }[];
};

/** Null for a reader without votes. */
export async function viewLeanings(
  db: Db,
  { votes, preferences }: Pick<Subscriber, 'votes' | 'preferences'>,
): Promise<LeaningsView | null> {
  if (votes.length === 0) return null;
  const papers = await findPapers(
    db,
    votes.map(({ paperSeq }) => paperSeq),
  );
  const organizations = [...papers.values()].flatMap(({ organization }) => organization ?? []);
  const nameOf = await createInterestNames(db, [...preferences.organizations, ...organizations]);
  const leanings = [...balanceVotes(votes)]
    .map(([interest, balance]) => ({
      interest,
      name: nameOf(interest),
      wish: balance > 0 ? ('more' as const) : ('fewer' as const),
      votes: Math.abs(balance),
    }))
    .sort((one, other) => other.votes - one.votes || one.name.localeCompare(other.name));
  const namesOf = (wanted: 'more' | 'fewer') =>
    listInWords(leanings.filter(({ wish }) => wish === wanted).map(({ name }) => name));
  const parts = [
    ...(namesOf('more') === '' ? [] : [`more of ${namesOf('more')}`]),
    ...(namesOf('fewer') === '' ? [] : [`fewer of ${namesOf('fewer')}`]),
  ];
  return {
    votes: votes.length,
    sentence: parts.length === 0 ? '' : `You see ${parts.join(', ')}.`,
    leanings,
  };
}
