// The commands as they are called from outside: names, shapes, exit codes, and what goes to which stream.
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { promises } from '../../src/ledger/promise.ts';
import { createTokenSigner } from '../../src/platform/keys/tokens.ts';
import { createDb } from '../../src/platform/postgres/db.ts';
import { defaultPreferences } from '../../src/subscribers/preferences/preferences.ts';
import { findScript } from '../support/build.ts';
import { createEmptyDatabase, type TestDatabase } from '../support/postgres.ts';
import { type Env, type Finished, fewTopics, launch, projectFolder, runCommand } from '../support/program.ts';
import { readMail } from '../support/read-mail.ts';
import { runHere } from '../support/run-here.ts';
import { type SmtpCatcher, startSmtpCatcher } from '../support/smtp-catcher.ts';
import { runSql } from '../support/sql.ts';
import { subscribeReader } from '../support/subscribe-reader.ts';

const sample = 'seeds/daily-papers-2025-12-12.txt';

/** A server of the operator's own whose database, Redis and mail server all do not answer. */
const nowhere = {
  DATABASE_URL: 'postgresql://nobody@127.0.0.1:9/nothing',
  REDIS_URL: 'redis://127.0.0.1:9',
  SMTP_URL: 'smtp://127.0.0.1:9',
  BASE_URL: 'https://papers.example.org',
  SECRET_KEY: 'for this test alone, and 32 characters long',
};

const paperShape = z.strictObject({
  title: z.string().min(1),
  abstract: z.string().nullable(),
  authorsCount: z.int().nullable(),
  organization: z.string().nullable(),
  publishedOn: z.iso.date().nullable(),
  comments: z.int().nullable(),
  upvotes: z.int().nullable(),
  links: z.array(z.url({ protocol: /^https?$/ })),
});
const importShape = z.strictObject({
  date: z.iso.date(),
  papers: z.array(paperShape),
  warnings: z.array(z.strictObject({ line: z.int().min(1), message: z.string().min(1) })),
});
const words = z.array(z.string().min(1)).min(1);
const assignShape = z.strictObject({
  papers: z.array(
    z.strictObject({
      title: z.string(),
      topics: z.array(z.strictObject({ id: z.string(), score: z.number(), because: words })),
    }),
  ),
});
const matchShape = z.strictObject({
  papers: z.array(z.strictObject({ title: z.string(), because: words })),
  hint: z.null(),
});

/** The one document that a command printed; throws when stdout holds anything else, or the command failed. */
function readDocument<Shape extends z.ZodType>(finished: Finished, shape: Shape): z.output<Shape> {
  expect(finished).toMatchObject({ exit: 0 });
  return shape.parse(JSON.parse(finished.stdout));
}

describe('papers import', () => {
  test('reads the sample from the caller’s own folder, without any server', async () => {
    const finished = await runCommand(
      ['papers', 'import', 'daily-papers-2025-12-12.txt', '--dry-run', '--json'],
      { env: nowhere, launcher: 'npm', folder: join(projectFolder, 'seeds') },
    );
    const { date, papers, warnings } = readDocument(finished, importShape);
    expect({ date, warnings }).toEqual({ date: '2025-12-12', warnings: [] });
    const count = (has: (paper: z.output<typeof paperShape>) => boolean) => papers.filter(has).length;
    expect({
      papers: papers.length,
      authors: count(({ authorsCount }) => authorsCount !== null),
      organizations: count(({ organization }) => organization !== null),
      withoutMeta: count(
        ({ authorsCount, organization, publishedOn }) =>
          authorsCount === null && organization === null && publishedOn === null,
      ),
      comments: count(({ comments }) => comments !== null),
    }).toEqual({ papers: 58, authors: 51, organizations: 4, withoutMeta: 3, comments: 10 });
    expect(papers.map(({ organization }) => organization)).toContain('Gensyn');
  });

  test('reads standard input, takes the day it is given, and says in a line what came of it', async () => {
    const finished = await runCommand(['papers', 'import', '-', '--date', '2025-12-13', '--dry-run'], {
      stdin: readFileSync(join(projectFolder, sample)),
    });
    expect(finished).toMatchObject({ exit: 0, stdout: expect.stringContaining('58 papers of 2025-12-13') });
    expect(finished.stdout.trim().split('\n')).toHaveLength(1);
  });

  test('does not mind a reader who has seen enough', async () => {
    const args = ['papers', 'import', sample, '--dry-run', '--json'];
    const { child, ended, stderr } = await launch(args, { env: nowhere, launcher: 'node' });
    child.stdout.destroy();
    expect(await ended).toBe(0);
    expect(stderr()).toBe('');
  });

  test('without a day anywhere takes the newest such one of the text that is not in the future', async () => {
    const finished = await runHere(['papers', 'import', '-', '--dry-run', '--json'], {
      stdin: readFileSync(join(projectFolder, sample)),
    });
    const today = new Date().toISOString().slice(0, 10);
    const year = Number(today.slice(0, 4)) - (today.slice(5) < '12-12' ? 1 : 0);
    expect(readDocument(finished, importShape).date).toBe(`${year}-12-12`);
  });
});

describe('matching', () => {
  test('topics assign gives each paper its topics, with scores and the words that spoke for them', async () => {
    const finished = await runHere(['topics', 'assign', sample, '--json'], { env: nowhere });
    const { papers } = readDocument(finished, assignShape);
    expect(papers).toHaveLength(58);
    expect(papers.filter(({ topics }) => topics.length > 0).length).toBeGreaterThan(40);
  });

  test('papers match finds the papers of a keyword query, with the words that matched', async () => {
    const query = '"mixture of experts" OR moe';
    const finished = await runHere(['papers', 'match', sample, '--query', query, '--json'], {
      env: nowhere,
    });
    const { papers } = readDocument(finished, matchShape);
    expect(papers.map(({ title }) => title)).toContain('Tutel: Adaptive Mixture-of-Experts at Scale');
    expect(papers.length).toBeLessThan(58);
  });

  test('papers match says how a query was read that may mean something else', async () => {
    const { exit, stderr } = await runHere(['papers', 'match', sample, '--query', 'au:Juan Carlos Niebles'], {
      env: nowhere,
    });
    expect([exit, stderr]).toEqual([0, expect.stringContaining('write au:"Juan" Carlos Niebles')]);
  });
});

describe('digest preview', () => {
  const preview = (format: string, ...more: string[]) =>
    runHere(['digest', 'preview', sample, '--keywords', 'diffusion; moe', '--format', format, ...more], {
      env: nowhere,
    });

  test('as mime is a message that a mail program understands', async () => {
    const { exit, stdout } = await preview('mime', '--max', '3');
    expect(exit).toBe(0);
    const mail = await readMail(Buffer.from(stdout));
    expect(mail.partTypes).toEqual(['text/plain', 'text/html']);
    expect(mail.subject).not.toBe('');
    expect(mail.headers.get('list-unsubscribe-post')).toEqual(['List-Unsubscribe=One-Click']);
    const papers = new Set(mail.hrefs.filter((href) => href.includes('/paper/')));
    expect(papers.size).toBe(3);
  });
});

describe('mail check', () => {
  const finding = z.strictObject({
    record: z.enum(['MX', 'SPF', 'DKIM', 'DMARC', 'PTR']),
    name: z.string(),
    verdict: z.enum(['ok', 'problem', 'unknown']),
    says: z.string().min(1),
    publish: z.string().nullable(),
  });

  test('fails for a domain that no DNS knows, and says what it lacks', async () => {
    const env = { ...nowhere, MAIL_FROM: 'digest@papers.invalid' };
    const { exit, stdout } = await runHere(['mail', 'check', '--json'], { env });
    const { findings } = z.strictObject({ findings: z.array(finding) }).parse(JSON.parse(stdout));
    expect({ exit, findings }).toMatchObject({
      exit: 1,
      findings: [
        { record: 'MX', name: 'papers.invalid', verdict: 'problem' },
        { record: 'SPF', name: 'papers.invalid', verdict: 'problem' },
        { record: 'DMARC', name: '_dmarc.papers.invalid', verdict: 'problem' },
        { record: 'PTR', name: '127.0.0.1', verdict: 'unknown' },
      ],
    });
  });

  test('has nothing to look up while mails go to the local inbox', async () => {
    const { exit, stderr } = await runHere(['mail', 'check']);
    expect(exit).toBe(1);
    expect(stderr).toMatch(/SMTP_URL/);
  });
});

describe('on a database', () => {
  let database: TestDatabase;
  let smtp: SmtpCatcher;
  let env: Env;
  beforeAll(async () => {
    database = await createEmptyDatabase();
    smtp = await startSmtpCatcher();
    const { BASE_URL, SECRET_KEY } = nowhere;
    env = {
      DATABASE_URL: database.databaseUrl,
      SMTP_URL: smtp.smtpUrl,
      BASE_URL,
      SECRET_KEY,
      TOPICS_FILE: fewTopics,
    };
  });
  afterAll(async () => {
    await smtp.close();
    await database.drop();
  });

  const sql = (query: string) => runSql(database.databaseUrl, query);

  test('migrate brings it up to date', async () => {
    expect(await runHere(['migrate'], { env })).toMatchObject({
      exit: 0,
      stdout: 'The database is up to date.\n',
    });
    expect(await sql('SELECT count(*)::int FROM subscriber')).toEqual([{ count: 0 }]);
  });

  test('importing a listing a second time changes nothing', async () => {
    const dump = () =>
      sql(`SELECT (SELECT jsonb_agg(to_jsonb(paper) ORDER BY seq) FROM paper) AS papers,
        (SELECT jsonb_agg(to_jsonb(place) ORDER BY position) FROM listing_paper AS place) AS places,
        (SELECT jsonb_agg(to_jsonb(given) ORDER BY paper_seq, topic_id) FROM paper_topic AS given) AS topics`);
    const first = await runCommand(['papers', 'import', sample], { env });
    expect(first).toMatchObject({
      exit: 0,
      stdout: expect.stringContaining('58 papers of 2025-12-12 (58 new)'),
    });
    const before = await dump();
    const second = await runHere(['papers', 'import', sample, '--json'], { env });
    expect(readDocument(second, importShape).papers).toHaveLength(58);
    expect(await dump()).toEqual(before);
    const ownName = await runHere(['papers', 'import', sample, '--source', 'hf'], { env });
    expect(ownName).toMatchObject({ exit: 1, stderr: expect.stringContaining('papers fetch --source hf') });
    const beside = await runHere(['papers', 'import', sample, '--source', 'workshop'], { env });
    expect(beside.stdout).toContain('(0 new)');
    const sources = 'SELECT source FROM listing WHERE date = $$2025-12-12$$ ORDER BY source';
    expect(await sql(sources)).toEqual([{ source: 'file' }, { source: 'workshop' }]);
  }, 180_000);

  test('digest send mails everyone who is due, once', async () => {
    await subscribe('ada@example.org');
    const counts = z.strictObject({
      planned: z.int(),
      accepted: z.int(),
      deferred: z.int(),
      rejected: z.int(),
      unknown: z.int(),
      nothing: z.int(),
      cancelled: z.int(),
    });
    const send = () => runCommand(['digest', 'send', '--now', '--json'], { env });
    expect(readDocument(await send(), counts)).toMatchObject({ accepted: 1, cancelled: 1 });
    expect(readDocument(await send(), counts)).toMatchObject({ planned: 0, accepted: 0 });
    expect(smtp.mails.map(({ to }) => to)).toEqual(['ada@example.org']);
  }, 180_000);

  test('subscribers list tells who reads what', async () => {
    const { subscribers } = readDocument(
      await runHere(['subscribers', 'list', '--json'], { env }),
      z.strictObject({ subscribers: z.array(z.looseObject({ email: z.string() })) }),
    );
    expect(subscribers).toMatchObject([
      {
        email: 'ada@example.org',
        status: 'active',
        preferences: { ...defaultPreferences, keywords: ['diffusion'] },
        confirmedAt: expect.any(String),
        unsubscribedAt: null,
      },
    ]);
  });

  // Only Linux is sure to have this `script`, which gives a program a terminal.
  test.runIf(process.platform === 'linux')(
    'an export tells a terminal how far it is, and a file nothing of it',
    async () => {
      const { path, execArgv } = await findScript('src/cli.ts');
      const command = [process.execPath, ...execArgv, path, 'subscribers', 'export'].join(' ');
      const shown = execFileSync('script', ['-qec', `stty columns 80; ${command} > /dev/null`, '/dev/null'], {
        env: { ...process.env, ...env, LOG_LEVEL: 'error' },
        encoding: 'utf8',
      });
      expect(shown).toContain('1 lines');
      const { stdout, stderr } = await runHere(['subscribers', 'export'], { env });
      expect(stdout).toMatch(/^email,.*\r\nada@example\.org,.*\r\n$/);
      expect(stderr).not.toContain('lines');
    },
  );

  test('a port that another program has is named, with the way out', async () => {
    const stranger = createServer().listen(0, '127.0.0.1');
    await once(stranger, 'listening');
    const { port } = stranger.address() as AddressInfo;
    const taken = { ...env, HOST: '127.0.0.1', PORT: String(port) };
    const { exit, stdout, stderr } = await runCommand(['start'], { env: taken });
    stranger.close();
    expect({ exit, stdout }).toEqual({ exit: 1, stdout: '' });
    expect(stderr).toContain(`Port ${port} is in use`);
    expect(stderr).toMatch(/PORT=\d+/);
  });

  /** Confirmed, with the first digest in the ledger; nobody was woken. */
  async function subscribe(email: string): Promise<void> {
    const db = createDb(database.databaseUrl, 2);
    const tokens = createTokenSigner(nowhere.SECRET_KEY);
    const deps = { db, tokens, promises, wakeDelivery: async () => {}, now: () => new Date() };
    await subscribeReader(deps, { email, preferences: { ...defaultPreferences, keywords: ['diffusion'] } });
    await db.$disconnect();
  }
});

test('tells its version, as a restore wants to know it', async () => {
  const { version } = JSON.parse(readFileSync(join(projectFolder, 'package.json'), 'utf8'));
  const told = await runHere(['--version'], { env: nowhere });
  expect([told.exit, told.stdout]).toEqual([0, `${version}\n`]);
});

describe('a mistake ends with 1, nothing on stdout, and a message that names the thing and the place:', () => {
  test.each<[string, string[], RegExp]>([
    [
      'a file that is not there',
      ['papers', 'import', 'no/such.txt', '--dry-run'],
      /no\/such\.txt .*no such file/,
    ],
    ['a page as HTML', ['papers', 'import', '-', '--dry-run', '--json'], /standard input: .*HTML/],
    ['a day that is none', ['papers', 'import', sample, '--date', '2025-02-30'], /--date.*2025-02-30/],
    [
      'a topic that is none',
      ['digest', 'preview', sample, '--topics', 'astrology'],
      /“astrology”.*llm-training/,
    ],
    ['a command that is none', ['frobnicate'], /'frobnicate'/],
    ['a role that is none', ['start', '--role', 'king'], /--role.*king.*all, web, worker/],
    ['a database that does not answer', ['migrate'], /"nothing" on 127\.0\.0\.1:9 .*DATABASE_URL/],
  ])('%s', async (_title, args, message) => {
    const { exit, stdout, stderr } = await runHere(args, {
      env: nowhere,
      stdin: '<!doctype html><p>Papers</p>',
    });
    expect({ exit, stdout }).toEqual({ exit: 1, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  test('a configuration with several, all told at once with example values', async () => {
    const env = { DATABASE_URL: 'mysql://db', PORT: 'eighty', SECRET_KEY: 'short', MAIL_FROM: 'nobody' };
    const { exit, stdout, stderr } = await runCommand(['start'], { env });
    expect({ exit, stdout }).toEqual({ exit: 1, stdout: '' });
    for (const name of ['DATABASE_URL', 'PORT', 'SECRET_KEY', 'MAIL_FROM', 'SMTP_URL', 'BASE_URL']) {
      expect(stderr).toMatch(new RegExp(`^- ${name} .* Example: ${name}=`, 'm'));
    }
  });
});
