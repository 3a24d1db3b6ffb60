// Synthetic subscribers, the same in every run: what each follows is drawn by a hash of their number.

import { parseQuery } from '../src/matching/query/query.ts';
import type { Db } from '../src/platform/postgres/db.ts';

/** What readers could have typed; some find a paper of the sample, some do not. */
const keywords = [
  ...['diffusion', 'reward model', 'world model', 'robot', 'video generation', 'tool use', 'benchmark'],
  ...['long context', 'attention', 'quantization', 'agents', 'reasoning', 'speech', 'medical', 'pruning'],
  ...[
    '"mixture of experts"',
    '"chain of thought"',
    '"reinforcement learning"',
    '"test-time"',
    '"flow matching"',
  ],
  ...['code OR software', 'vision language', 'retrieval', 'distillation', 'tokenizer', 'scaling', 'safety'],
  ...['GUI', 'segmentation', '3D -video', 'gaussian splatting', 'audio OR music', 'translation', 'embedding'],
  ...['multimodal', 'alignment', 'preference', 'hallucination', 'efficient inference', 'memory', 'planning'],
];

/**
 * Adds `count` active subscribers who are due since an hour: 1 to 5 topics each, all equally popular, and keywords for a
 * fifth of them. Only topics that have a paper are followed, so that everyone gets a mail.
 */
export async function addSubscribers(db: Db, count: number): Promise<void> {
  await db.$executeRaw`
    INSERT INTO subscriber (id, email, email_key, status, hour, created_at, confirmed_at, next_digest_at)
    SELECT md5('subscriber ' || number)::uuid, address, address, 'active', draw % 24, now() - interval '30 days',
      now() - interval '30 days', now() - interval '1 hour'
    FROM generate_series(1, ${count}::int) AS number,
      LATERAL (SELECT 'reader' || number || '@mail' || number % 20 || '.example' AS address,
        (hashint8extended(number, 1) & 65535)::int AS draw) AS drawn`;
}

export async function addInterests(db: Db, count: number): Promise<void> {
  await db.$executeRaw`
    INSERT INTO subscriber_topic (subscriber_id, topic_id)
    SELECT md5('subscriber ' || number)::uuid, topic_id
    FROM generate_series(1, ${count}::int) AS number, LATERAL (
      SELECT topic_id FROM (SELECT DISTINCT topic_id FROM paper_topic) AS topic
      ORDER BY hashtextextended(topic_id, number) LIMIT 1 + (hashint8extended(number, 2) & 65535) % 5) AS followed`;

  const texts = keywords.map(toStoredForm);
  await db.keywordQuery.createMany({ data: texts.map((text) => ({ text })) });
  await db.$executeRaw`
    INSERT INTO subscriber_keyword (subscriber_id, query_id, position)
    SELECT md5('subscriber ' || number)::uuid, id, row_number() OVER (PARTITION BY number)
    FROM generate_series(1, ${count}::int) AS number, LATERAL (
      SELECT id FROM keyword_query
      ORDER BY hashtextextended(text, number) LIMIT 1 + (hashint8extended(number, 3) & 65535) % 3) AS typed
    WHERE (hashint8extended(number, 4) & 65535) % 5 = 0`;
}

function toStoredForm(text: string): string {
  const parsed = parseQuery(text);
  if (parsed.type === 'invalid') throw new Error(`"${text}" is no keyword query`);
  return parsed.query.text;
}
