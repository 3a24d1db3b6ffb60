// Readers' profiles in PostgreSQL.
import type { DbOrTransaction } from '../platform/postgres/db.ts';
import { packProfile, unpackProfile } from './pack.ts';
import type { Profile } from './profile.ts';
import type { TopicScores } from './rank.ts';

/** Of a reader, in a model, from examples that hash to `basis`. */
type ProfileKey = { subscriberId: string; modelId: number; basis: string };

export type StoredProfile = { basis: string; profile: Profile; topics: TopicScores };

/** By reader, in this model; who has none has no entry. */
export async function findProfiles(
  db: DbOrTransaction,
  { subscriberIds, modelId }: { subscriberIds: string[]; modelId: number },
): Promise<Map<string, StoredProfile>> {
  const rows = await db.readerProfile.findMany({ where: { subscriberId: { in: subscriberIds }, modelId } });
  return new Map(
    rows.map(({ subscriberId, basis, profile, topics }) => {
      const scores = Object.entries(Object(topics)).map(([id, score]) => [id, Number(score)] as const);
      return [subscriberId, { basis, profile: unpackProfile(profile), topics: new Map(scores) }];
    }),
  );
}

/** A reader who is gone meanwhile has none. */
export async function saveProfile(
  db: DbOrTransaction,
  { subscriberId, modelId, basis, profile, topics }: ProfileKey & { profile: Profile; topics: TopicScores },
): Promise<void> {
  await db.$executeRaw`
    INSERT INTO reader_profile (subscriber_id, model_id, basis, profile, topics)
    SELECT id, ${modelId}, ${basis}, ${packProfile(profile)}, ${JSON.stringify(Object.fromEntries(topics))}::jsonb
    FROM subscriber WHERE id = ${subscriberId}::uuid
    ON CONFLICT (subscriber_id) DO UPDATE SET model_id = EXCLUDED.model_id, basis = EXCLUDED.basis,
      profile = EXCLUDED.profile, topics = EXCLUDED.topics`;
}
