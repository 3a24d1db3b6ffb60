// The database and the key, as they are configured or as they are made here.
import { join } from 'node:path';
import { type Config, packageFolder } from '../config/config.ts';
import { startEmbeddedPostgres } from '../local/postgres/postgres.ts';
import { readSecretKey } from '../local/secret-key.ts';
import { createDb, createSharedDb, type Db } from '../platform/db.ts';
import { createKeyedHash, type KeyedHash } from '../platform/keyed-hash.ts';
import type { Logger } from '../platform/logger.ts';
import { applyMigrations } from '../platform/migrate.ts';
import { takesTimeLimit } from '../platform/pg.ts';
import { createProofs, type Proofs } from '../platform/proof-of-work.ts';
import { createStamps, type Stamps } from '../platform/stamps.ts';
import { createTokenSigner, type TokenSigner } from '../platform/tokens.ts';
import type { Closer } from './closer.ts';

/** A migrated database: the configured one, or the embedded one, started or joined. */
export async function openDatabase(
  { config, log }: { config: Config; log: Logger },
  closer: Closer,
): Promise<{ db: Db; databaseUrl: string }> {
  const databaseUrl = config.databaseUrl ?? (await startPostgres(config, log, closer));
  const { applied } = await applyMigrations({
    databaseUrl,
    folder: join(packageFolder, 'prisma/migrations'),
    say: (message) => log.warn(message),
  });
  if (applied.length > 0) log.info({ applied }, 'migrations applied');
  const db = createDb(databaseUrl);
  closer.add(() => db.$disconnect());
  return { db, databaseUrl };
}

const webConnections = 8;

/** The share of the web pages. */
export async function openWebDatabase(databaseUrl: string, closer: Closer): Promise<Db> {
  const endsStatements = await takesTimeLimit(databaseUrl);
  const db = createSharedDb(databaseUrl, { connections: webConnections, endsStatements });
  closer.add(() => db.$disconnect());
  return db;
}

async function startPostgres(config: Config, log: Logger, closer: Closer): Promise<string> {
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
