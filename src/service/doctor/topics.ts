// Can the topics be read: the file's, and those that operators wrote, which count before it.
import type { Config } from '../../config/config.ts';
import { createPgClient } from '../../platform/postgres/pg.ts';
import { parseTopicsFile, type TopicsFile } from '../../topics/read-topics.ts';
import { readCatalogue } from '../../topics/topics-file.ts';
import { layOver, type WrittenTopic } from '../../topics/written/written.ts';
import { describeError, fail, ok, type Told, warn } from './finding.ts';

type Input = { config: Pick<Config, 'topicsFile'>; databaseUrl: string | null; patienceMs: number };

export async function examineTopics({ config, databaseUrl, patienceMs }: Input): Promise<Told[]> {
  let file: TopicsFile;
  try {
    const { yaml, fileName } = await readCatalogue(config);
    file = parseTopicsFile(yaml, fileName);
  } catch (error) {
    return [fail(describeError(error), 'Correct it there: the service does not start with it')];
  }
  const written = databaseUrl === null ? [] : await listWritten(databaseUrl, patienceMs);
  const { topics, problems } = layOver(file, written);
  const changed = written.filter(({ retired }) => !retired).length;
  return [
    ok(
      `${topics.length} topics are in force; by hand ${changed} were written or changed, and ${written.length - changed} retired`,
    ),
    ...problems.map(({ id, reason }) =>
      warn(
        `the topic ${id}, written by hand, is not in force as it was written: ${reason}`,
        `Open it under /admin/topics and store it anew, or paperround topics edit; paperround topics retire ${id} ends this`,
      ),
    ),
  ];
}

/** None where there is no such table yet, or no database: what is said of that says enough. */
async function listWritten(databaseUrl: string, patienceMs: number): Promise<WrittenTopic[]> {
  const client = createPgClient(databaseUrl, {
    connectionTimeoutMillis: patienceMs,
    query_timeout: patienceMs,
  });
  try {
    await client.connect();
    const { rows } = await client.query<WrittenTopic>(
      `SELECT id, definition, retired, version, changed_at AS "changedAt", changed_by AS "changedBy" FROM written_topic
       WHERE retired OR definition IS NOT NULL ORDER BY id`,
    );
    return rows;
  } catch {
    return [];
  } finally {
    await client.end().catch(() => {});
  }
}
