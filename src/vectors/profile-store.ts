// Readers' profiles in PostgreSQL.
import type { DbOrTransaction } from '../platform/db.ts';
import { packProfile, unpackProfile } from './pack.ts';
import type { Profile } from './profile.ts';
import type { TopicScores } from './rank.ts';

/** Of a reader, in a model, from examples that hash to `basis`. */
type ProfileKey = { subscriberId: string; modelId: number; basis: string };

/** Null when the stored one, if any, is of another model or of other examples. */
export async function findProfile(
  db: DbOrTransaction,
  { subscriberId, ...of }: ProfileKey,
): Promise<{ profile: Profile; topics: TopicScores } | null> {
  const row = await db.readerProfile.findFirst({ where: { subscriberId, ...of } });
  if (row === null) return null;
  const topics = Object.entries(Object(row.topics)).map(([id, score]) => [id, Number(score)] as const);
  return { profile: unpackProfile(row.profile), topics: new Map(topics) };
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
