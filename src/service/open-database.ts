// The database and the key, as they are configured or as they are made here.
import { join } from 'node:path';
import { type Config, packageFolder } from '../config/config.ts';
import { startEmbeddedPostgres } from '../local/postgres/postgres.ts';
import { readSecretKey } from '../local/secret-key.ts';
import { ConfigError } from '../platform/errors.ts';
import { createKeyedHash, type KeyedHash } from '../platform/keys/keyed-hash.ts';
import { createProofs, type Proofs } from '../platform/keys/proof-of-work.ts';
import { createStamps, type Stamps } from '../platform/keys/stamps.ts';
import { createTokenSigner, type TokenSigner } from '../platform/keys/tokens.ts';
import type { Logger } from '../platform/logger.ts';
import { createDb, createSharedDb, type Db } from '../platform/postgres/db.ts';
import { applyMigrations, checkMigrations } from '../platform/postgres/migrate.ts';
import { takesTimeLimit } from '../platform/postgres/pg.ts';
import type { Closer } from './closer.ts';

type Opening = { config: Config; log: Logger };

/**
 * A migrated database: the configured one, or the embedded one, started or joined. With MIGRATE=off it has been migrated
 * before; else this throws ConfigError.
 */
export async function openDatabase(
  { config, log }: Opening,
  closer: Closer,
): Promise<{ db: Db; databaseUrl: string }> {
  const databaseUrl = await findDatabase({ config, log }, closer);
  const { ahead } = config.migrates ? await migrate(databaseUrl, log) : await refusePending(databaseUrl);
  if (ahead.length > 0)
    log.warn({ ahead }, 'the database is newer than this program, which can work beside it');
  const db = createDb(databaseUrl);
  closer.add(() => db.$disconnect());
  return { db, databaseUrl };
}

const folder = join(packageFolder, 'prisma/migrations');

/** Applies what is pending, whatever MIGRATE says. */
export async function migrateDatabase(
  { config, log }: Opening,
  closer: Closer,
): Promise<{ applied: string[]; ahead: string[] }> {
  return migrate(await findDatabase({ config, log }, closer), log);
}

export async function checkDatabase(
  { config, log }: Opening,
  closer: Closer,
): Promise<{ pending: string[]; ahead: string[] }> {
  return checkMigrations({ databaseUrl: await findDatabase({ config, log }, closer), folder });
}

async function migrate(databaseUrl: string, log: Logger) {
  const { applied, ahead } = await applyMigrations({
    databaseUrl,
    folder,
    say: (message) => log.warn(message),
  });
  if (applied.length > 0) log.info({ applied }, 'migrations applied');
  return { applied, ahead };
}

async function refusePending(databaseUrl: string) {
  const { pending, ahead } = await checkMigrations({ databaseUrl, folder });
  const [first, ...others] = pending;
  if (first === undefined) return { ahead };
  const more = others.length === 0 ? '' : ` and ${others.length} after it`;
  throw new ConfigError(
    `Migration ${first}${more} is not applied to the database yet, and MIGRATE=off leaves that to you: run \`paperround migrate\`, and start again`,
  );
}

const webConnections = 8;

/** The share of the web pages. */
export async function openWebDatabase(databaseUrl: string, closer: Closer): Promise<Db> {
  const endsStatements = await takesTimeLimit(databaseUrl);
  const db = createSharedDb(databaseUrl, { connections: webConnections, endsStatements });
  closer.add(() => db.$disconnect());
  return db;
}

async function findDatabase({ config, log }: Opening, closer: Closer): Promise<string> {
  if (config.databaseUrl !== null) return config.databaseUrl;
  const folder = join(config.dataFolder, 'postgres');
  const { databaseUrl, stop } = await startEmbeddedPostgres({ folder, log: (message) => log.info(message) });
  closer.add(stop);
  return databaseUrl;
}

export async function openTokens(config: Config): Promise<TokenSigner> {
  return createTokenSigner(await readSecret(config), config.secretKeyPrevious);
}

/** Of where a sign-up came from. */
export async function openSourceHash(config: Config): Promise<KeyedHash> {
  return createKeyedHash(await readSecret(config), 'sources of sign-ups');
}

/** Null: none is asked for. */
export async function openProofs(config: Config): Promise<Proofs | null> {
  return config.signUpProof ? createProofs(await readSecret(config)) : null;
}

/** Of when forms were opened. */
export async function openStamps(config: Config): Promise<Stamps> {
  return createStamps(await readSecret(config));
}

async function readSecret({ secretKey, dataFolder }: Config): Promise<string> {
  return secretKey ?? (await readSecretKey(dataFolder));
}
