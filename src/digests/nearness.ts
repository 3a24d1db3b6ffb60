// How near papers come to what a reader liked: by votes, by the papers of their library, by what they said they work on.
import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { findNamedPapers } from '../library/find-named.ts';
import type { MatchedPaper } from '../matching/match.ts';
import type { Paper } from '../papers/paper.ts';
import { findPapers } from '../papers/store.ts';
import { once } from '../platform/once.ts';
import type { Db } from '../platform/postgres/db.ts';
import type { Subscriber } from '../subscribers/subscriber.ts';
import { findPaperTopics } from '../topics/store.ts';
import { type Because, explainNearness, findNearestExamples, shortenTitle } from '../vectors/explain.ts';
import { createVectorizer, type PaperVector, type Vectorizer } from '../vectors/paper-vector.ts';
import { buildProfile, createScorer, type Profile, type Scorer } from '../vectors/profile.ts';
import { findProfiles, type StoredProfile, saveProfile } from '../vectors/profile-store.ts';
import {
  addUpTopics,
  compareTopics,
  type LikedExample,
  type TopicScores,
  topicsWeight,
} from '../vectors/rank.ts';
import { findModel, findModelId, findVectors, type StoredModel } from '../vectors/store.ts';
import { describeQueries } from './interests.ts';

/** `id` is null for somebody who only tries it out. */
export type ReaderOfExamples = {
  id: string | null;
  preferences: Pick<Subscriber['preferences'], 'library' | 'about' | 'keywords'>;
  votes: Subscriber['votes'];
};

/** What a reader leans to, in one model. */
export type Leaning = {
  reader: ReaderOfExamples;
  loaded: LoadedModel;
  profile: Profile;
  topics: TopicScores;
  /** Their library, looked up once, when it is asked for. */
  findNamed: FindNamed;
};

type FindNamed = () => ReturnType<typeof findNamedPapers>;

type LoadedModel = { model: StoredModel; vectorize: Vectorizer; scorer: Scorer };

/** `like` is null where the nearest example is what the reader wrote about themselves. */
export type Likeness = { like: string | null; words: string[] };

export type Nearness = {
  /** Reads the stored profiles of all of them at once, for `read` to take. */
  prepare(readers: readonly ReaderOfExamples[]): Promise<void>;
  /** Null for a reader who gave no example, and before anything was learnt. Computed when examples or model have changed only. */
  read(reader: ReaderOfExamples): Promise<Leaning | null>;
  /** One number per paper, about -0.5 to 2.2. */
  rate(leaning: Leaning, papers: readonly MatchedPaper[]): Promise<Float64Array>;
  /** Sequence numbers of the papers that are themselves examples of what is liked: the reader knows them. */
  listLiked(leaning: Leaning): Promise<ReadonlySet<number>>;
  /** Null for one that is near to no example. */
  explain(leaning: Leaning, papers: readonly Paper[]): Promise<(Likeness | null)[]>;
};

/** Of a reader with more votes, the newest. */
const mostExamples = 100;
/** Profiles that were read for somebody who was not asked about since make room. */
const mostPrepared = 2000;
/** The model in force is looked up so often. */
const modelKeptMs = 10_000;
/** So much later at most is seen that an example was mended, or has other topics. */
const exampleKeptMs = 600_000;

export function createNearness({ db }: { db: Db }): Nearness {
  let current: { loaded: Promise<LoadedModel | null>; until: number } = {
    loaded: Promise.resolve(null),
    until: 0,
  };
  const vectors = new WeakMap<Paper, { modelId: number; vector: PaperVector }>();
  const likenesses = new LRUCache<string, Likeness>({ max: 2000 });
  const prepared = new LRUCache<string, { modelId: number; stored: StoredProfile | null }>({
    max: mostPrepared,
  });
  const examples = new LRUCache<number, ExamplePaper>({ max: 5000, ttl: exampleKeptMs });

  function getModel(): Promise<LoadedModel | null> {
    if (performance.now() < current.until) return current.loaded;
    const before = current.loaded;
    const loaded = loadModel(db, before);
    current = { loaded, until: performance.now() + modelKeptMs };
    loaded.catch(() => {
      current = { loaded: before, until: 0 };
    });
    return loaded;
  }

  /** Each is looked up once for all readers of an edition. */
  async function getVectors(
    { model, vectorize }: LoadedModel,
    papers: readonly Paper[],
  ): Promise<PaperVector[]> {
    const isKnown = (paper: Paper) => vectors.get(paper)?.modelId === model.id;
    const missing = papers.filter((paper) => !isKnown(paper));
    const stored = await findVectors(db, { modelId: model.id, seqs: missing.map(({ seq }) => seq) });
    for (const paper of missing) {
      const vector = stored.get(paper.seq) ?? vectorize(paper);
      vectors.set(paper, { modelId: model.id, vector });
    }
    return papers.flatMap((paper) => vectors.get(paper)?.vector ?? []);
  }

  /** Readers like the same papers: each is looked up once for all of them. */
  async function findExamples(seqs: readonly number[]): Promise<Map<number, ExamplePaper>> {
    const known = new Map(
      seqs.flatMap((seq) => {
        const example = examples.get(seq);
        return example === undefined ? [] : [[seq, example] as const];
      }),
    );
    const missing = [...new Set(seqs)].filter((seq) => !known.has(seq));
    if (missing.length === 0) return known;
    const [papers, topics] = await Promise.all([findPapers(db, missing), findPaperTopics(db, missing)]);
    for (const [seq, paper] of papers) {
      const scores = (topics.get(seq) ?? []).map(({ id, score }) => [id, score] as const);
      const example = { paper, topics: new Map(scores) };
      examples.set(seq, example);
      known.set(seq, example);
    }
    return known;
  }

  async function listExamples({
    loaded,
    reader,
    findNamed,
  }: Pick<Leaning, 'loaded' | 'reader' | 'findNamed'>): Promise<Examples> {
    const votes = reader.votes.slice(-mostExamples);
    const named = await findNamed();
    const known = await findExamples([
      ...named.flatMap(({ paper }) => paper?.seq ?? []),
      ...votes.map(({ paperSeq }) => paperSeq),
    ]);
    const papers = [...known.values()].map(({ paper }) => paper);
    const vectorOf = new Map(
      (await getVectors(loaded, papers)).map((vector, index) => [papers[index]?.seq, vector]),
    );
    const toExample = (seq: number): LikedExample[] => {
      const [example, vector] = [known.get(seq), vectorOf.get(seq)];
      if (example === undefined || vector === undefined) return [];
      return [{ name: shortenTitle(example.paper.title), vector, topics: example.topics }];
    };
    const fromText = (name: string, text: string): LikedExample => ({
      name,
      vector: loaded.vectorize({ title: text, abstract: null }),
      topics: new Map(),
    });
    const withWish = (wish: 'more' | 'fewer') =>
      votes.filter((vote) => vote.wish === wish).flatMap(({ paperSeq }) => toExample(paperSeq));
    const { about } = reader.preferences;
    return {
      liked: [
        ...named.flatMap(({ title, paper }) =>
          paper === null
            ? title === null
              ? []
              : fromText(shortenTitle(title), title)
            : toExample(paper.seq),
        ),
        ...withWish('more'),
        ...(about === '' ? [] : [fromText('', about)]),
      ],
      disliked: withWish('fewer'),
    };
  }

  async function takeProfile(id: string, modelId: number): Promise<StoredProfile | null> {
    const known = prepared.get(id);
    prepared.delete(id);
    if (known?.modelId === modelId) return known.stored;
    return (await findProfiles(db, { subscriberIds: [id], modelId })).get(id) ?? null;
  }

  return {
    async prepare(readers) {
      const ids = readers.filter(hasLiked).flatMap(({ id }) => id ?? []);
      const model = ids.length === 0 ? undefined : (await getModel())?.model;
      if (model === undefined) return;
      const found = await findProfiles(db, { subscriberIds: ids, modelId: model.id });
      for (const id of ids) prepared.set(id, { modelId: model.id, stored: found.get(id) ?? null });
    },

    async read(reader) {
      const loaded = hasLiked(reader) ? await getModel() : null;
      if (loaded === null) return null;
      const { model } = loaded;
      const findNamed = once(() => findNamedPapers(db, reader.preferences.library));
      const basis = hashExamples(reader);
      const stored = reader.id === null ? null : await takeProfile(reader.id, model.id);
      if (stored?.basis === basis) {
        const { profile, topics } = stored;
        return { reader, loaded, profile, topics, findNamed };
      }
      const { liked, disliked } = await listExamples({ loaded, reader, findNamed });
      const followed = describeQueries(reader.preferences.keywords);
      const profile = buildProfile(
        liked.map(({ vector }) => vector),
        disliked.map(({ vector }) => vector),
        followed && loaded.vectorize(followed),
      );
      if (profile === null) return null;
      const made = { profile, topics: addUpTopics(liked.map(({ topics }) => topics)) };
      if (reader.id !== null)
        await saveProfile(db, { subscriberId: reader.id, modelId: model.id, basis, ...made });
      return { reader, loaded, ...made, findNamed };
    },

    async rate({ loaded, profile, topics }, papers) {
      const vectorsOf = await getVectors(
        loaded,
        papers.map(({ paper }) => paper),
      );
      const scores = loaded.scorer.score(profile, vectorsOf);
      if (topics.size > 0)
        for (const [number, paper] of papers.entries())
          if (paper.topics.length > 0)
            scores[number] = (scores[number] ?? 0) + topicsWeight * compareTopics(topics, scoresOf(paper));
      return scores;
    },

    async listLiked({ reader, findNamed }) {
      const named = (await findNamed()).flatMap(({ paper }) => paper?.seq ?? []);
      const voted = reader.votes.filter(({ wish }) => wish === 'more').map(({ paperSeq }) => paperSeq);
      return new Set([...named, ...voted]);
    },

    async explain(leaning, papers) {
      const { loaded } = leaning;
      const { liked } = await listExamples(leaning);
      const vectorsOf = await getVectors(loaded, papers);
      const nearest = findNearestExamples(vectorsOf, { examples: liked, scorer: loaded.scorer });
      return papers.map((paper, number) => {
        const [example, vector] = [nearest[number], vectorsOf[number]];
        if (example === null || example === undefined || vector === undefined) return null;
        const because = explainNearness({ paper, vector }, { nearest: example, model: loaded.model });
        return shareLikeness(likenesses, paper, because);
      });
    },
  };
}

type ExamplePaper = { paper: Paper; topics: TopicScores };

type Examples = { liked: LikedExample[]; disliked: LikedExample[] };

async function loadModel(db: Db, before: Promise<LoadedModel | null>): Promise<LoadedModel | null> {
  const id = await findModelId(db);
  if (id === null) return null;
  const known = await before.catch(() => null);
  if (known?.model.id === id) return known;
  const model = await findModel(db, id);
  if (model === null) return null;
  return { model, vectorize: createVectorizer(model), scorer: createScorer(model.terms.length) };
}

function hasLiked({ votes, preferences: { library, about } }: ReaderOfExamples): boolean {
  return library.length > 0 || about !== '' || votes.some(({ wish }) => wish === 'more');
}

function hashExamples({ votes, preferences: { library, about, keywords } }: ReaderOfExamples): string {
  const given = [votes.map(({ paperSeq, wish }) => [paperSeq, wish]), library, about, keywords];
  return createHash('sha256').update(JSON.stringify(given)).digest('base64url').slice(0, 22);
}

function scoresOf({ topics }: Pick<MatchedPaper, 'topics'>): TopicScores {
  return new Map(topics.map(({ id, score }) => [id, score]));
}

/** The same object for all readers who like the same: cards are made once for each. */
function shareLikeness(known: LRUCache<string, Likeness>, paper: Paper, { like, words }: Because): Likeness {
  const key = JSON.stringify([paper.seq, like, words]);
  const shared = known.get(key) ?? { like: like === '' ? null : like, words };
  known.set(key, shared);
  return shared;
}
