// Fills the database: migrations, topics, the sample listing, subscribers.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageFolder } from '../src/config/config.ts';
import { importListing } from '../src/papers/import-listing.ts';
import { createDb } from '../src/platform/postgres/db.ts';
import { applyMigrations } from '../src/platform/postgres/migrate.ts';
import { parseListing } from '../src/sources/listing-text.ts';
import { utcDay } from '../src/text/days.ts';
import { readTopics } from '../src/topics/topics-file.ts';
import { longStatements } from './long-statements.ts';
import type { Phase } from './phase.ts';
import { addInterests, addSubscribers } from './population.ts';

export const populate: Phase = async ({ databaseUrl, mails }, closer) => {
  await applyMigrations({ databaseUrl, folder: join(packageFolder, 'prisma/migrations') });
  const db = createDb(databaseUrl, 10, longStatements);
  closer.add(() => db.$disconnect());

  return {
    async listPapers() {
      const topics = await readTopics({ topicsFile: null });
      await topics.storeTopics(db);
      const fileName = 'daily-papers-2025-12-12.txt';
      const bytes = await readFile(join(packageFolder, 'seeds', fileName));
      const listing = parseListing(bytes, { fileName, today: '2025-12-12' });
      if (listing.type === 'refused') throw new Error(listing.reason);
      const { added } = await importListing(
        { db },
        { source: 'sample', ...listing, date: utcDay(new Date()) },
      );
      await topics.assignTopics(db);
      return added.length;
    },
    async addSubscribers() {
      await addSubscribers(db, mails);
      return mails;
    },
    async addInterests() {
      await addInterests(db, mails);
      await db.$executeRaw`ANALYZE`;
      return mails;
    },
  };
};
