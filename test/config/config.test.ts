import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import {
  examineConfig,
  packageFolder,
  readConfig,
  readOfflineConfig,
  variables,
} from '../../src/config/config.ts';
import { smtpOptions } from '../../src/config/variables.ts';
import { listWarnings } from '../../src/config/warnings.ts';
import { generateDkimKey } from '../../src/smtp/dkim-record.ts';

const served = {
  DATABASE_URL: 'postgresql://paperround:secret@db:5432/paperround',
  SMTP_URL: 'smtp://mail.example.org:587',
  BASE_URL: 'https://papers.example.org',
  SECRET_KEY: 'a'.repeat(64),
};

function messageOf(env: Record<string, string>): string {
  try {
    readConfig(env);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('the configuration was taken');
}

describe('the configuration', () => {
  test('of nothing at all is a local trial', () => {
    expect(readConfig({})).toMatchObject({
      databaseUrl: null,
      redisUrl: null,
      smtpServers: [],
      secretKey: null,
      baseUrl: 'http://localhost:3000',
      host: '127.0.0.1',
      port: 3000,
    });
  });

  test('takes an empty variable for one that is not set', () => {
    expect(readConfig({ REDIS_URL: '', PORT: ' ' })).toMatchObject({ redisUrl: null, port: 3000 });
  });

  test('with a database wants to know the rest that has no default, all at once', () => {
    const message = messageOf({ DATABASE_URL: served.DATABASE_URL });
    for (const name of ['SMTP_URL', 'BASE_URL', 'SECRET_KEY'])
      expect(message).toContain(`${name} is missing`);
    expect(readConfig(served)).toMatchObject({
      host: '0.0.0.0',
      mailFrom: { name: 'Paperround', address: 'digest@papers.example.org' },
      mailFromTransactional: { address: 'account@papers.example.org' },
    });
  });

  test('reads a list of domains as such lists are published, and says when there is none', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'paperround-domains-')), 'domains.txt');
    writeFileSync(
      file,
      '# throw-away\r\nMail.Example\n@one.example # why\n\n*.two.example\nbücher.example\n',
    );
    const { disposableDomains } = readConfig({ DISPOSABLE_DOMAINS_FILE: file });
    expect([...disposableDomains]).toEqual([
      'mail.example',
      'one.example',
      'two.example',
      'xn--bcher-kva.example',
    ]);
    expect(messageOf({ DISPOSABLE_DOMAINS_FILE: '/no/such/file' })).toContain(
      'DISPOSABLE_DOMAINS_FILE is not a readable file',
    );
  });

  test('names every problem with an example of a right value', () => {
    const message = messageOf({
      PORT: 'eighty',
      DATABASE_URL: 'mysql://db',
      SMTP_URL: 'mail.example.org',
      MAIL_FROM: 'nobody',
      UNKNOWN_POLICY: 'maybe',
      SECRET_KEY: 'short',
    });
    for (const name of [
      'PORT',
      'DATABASE_URL',
      'SMTP_URL',
      'MAIL_FROM',
      'UNKNOWN_POLICY',
      'SECRET_KEY',
    ] as const) {
      expect(message).toMatch(new RegExp(`- ${name} is `));
      expect(message).toContain(`${name}=${variables[name]?.example}`);
    }
  });

  test('says what is wrong in words that go on from the name, whatever the value', () => {
    const odd = ['-1', 'x', '99999999999', 'ada', 'x'.repeat(5000)];
    const problems = Object.keys(variables).flatMap((name) =>
      odd.flatMap((value) => {
        const { problems } = examineConfig({ [name]: value });
        return problems.map(({ says }) => says.replace(value, ''));
      }),
    );
    expect(problems.length).toBeGreaterThan(100);
    expect(
      problems.filter((problem) => /invalid|too (?:small|big)|expected|received/i.test(problem)),
    ).toEqual([]);
  });

  test('takes an address for what comes back, with room for a token', () => {
    const set = { BOUNCE_ADDRESS: 'bounces@papers.example.org', BOUNCE_PORT: '2525' };
    expect(readConfig(set)).toMatchObject({ bounceAddress: set.BOUNCE_ADDRESS, bouncePort: 2525 });
    expect(readConfig({})).toMatchObject({ bounceAddress: null, bouncePort: null });
    expect(messageOf({ BOUNCE_PORT: '2525' })).toMatch(
      /- BOUNCE_ADDRESS is missing.*Example: BOUNCE_ADDRESS=/,
    );
    for (const [address, problem] of [
      ['bounces', 'is not a mail address'],
      ['bounces+all@papers.example.org', 'is not a mail address without “+”'],
      ['The Lab <bounces@papers.example.org>', 'is not a mail address'],
      [`${'b'.repeat(24)}@papers.example.org`, 'has more than 23 characters before the “@”'],
    ] as const)
      expect(messageOf({ BOUNCE_ADDRESS: address })).toContain(`- BOUNCE_ADDRESS ${problem}`);
  });

  test('warns of a bounce address that no SPF record of the sender speaks for', () => {
    const warn = (BOUNCE_ADDRESS: string, MAIL_FROM = 'digest@papers.example.org') =>
      listWarnings(readConfig({ BOUNCE_ADDRESS, MAIL_FROM }));
    for (const aligned of ['b@papers.example.org', 'b@bounces.papers.example.org', 'b@EXAMPLE.org'])
      expect(warn(aligned)).toEqual([]);
    for (const foreign of ['b@example.net', 'b@newspapers.example.org'])
      expect(warn(foreign)).toEqual([expect.stringMatching(/^BOUNCE_ADDRESS is at .*DMARC/)]);
  });

  test('names the sources that are fetched, and what arXiv is asked for', () => {
    expect(readConfig({}).sources).toEqual([]);
    expect(readConfig({ SOURCES: 'hf' }).sources).toEqual([{ kind: 'hf', setting: '' }]);
    expect(readConfig({ SOURCES: 'hf, arxiv:cs.LG+cs.DC+cs.LG' }).sources).toEqual([
      { kind: 'hf', setting: '' },
      { kind: 'arxiv', setting: 'cs.LG+cs.DC' },
    ]);
    expect(readConfig({ SOURCES: 'arxiv:cond-mat.mes-hall+math+q-bio' }).sources).toHaveLength(1);
    expect(readConfig({ SOURCES: 'arxiv' }).sources[0]?.setting).toMatch(/^cs\.LG\+/);
    expect(readConfig({ LISTINGS_FOLDER: '/srv/in' }).sources).toEqual([
      { kind: 'folder', setting: '/srv/in' },
    ]);
  });

  test.each([
    'hf,hf',
    'pubmed',
    'arxiv:',
    'arxiv:cs.LG+',
    'hf:cs.LG',
    'arxiv:cs.LG OR all',
    'arxiv:a,arxiv:b',
    ',',
  ])('refuses the sources “%s”', (SOURCES) => {
    expect(messageOf({ SOURCES })).toMatch(/- SOURCES has “.*Example: SOURCES=hf,arxiv:cs\.LG\+cs\.DC/);
  });

  test('takes other addresses for the services, without the slash at their end', () => {
    expect(readConfig({ HF_URL: 'http://proxy.example.org/hf/' }).sourceValues).toMatchObject({
      HF_URL: 'http://proxy.example.org/hf',
    });
    expect(readConfig({}).sourceValues).toMatchObject({ ARXIV_API_URL: 'https://export.arxiv.org' });
    expect(messageOf({ ARXIV_FEED_URL: 'ftp://rss.arxiv.org' })).toMatch(
      /- ARXIV_FEED_URL is not an address of the web/,
    );
  });

  test('says how an address begins that is not one of the web', () => {
    const message = messageOf({ SMTP_URL: 'smtp.example.org:587', DATABASE_URL: 'mysql://db/papers' });
    expect(message).toContain('- SMTP_URL is not an address that begins with smtp:// or smtps://. Example:');
    expect(message).toContain(
      '- DATABASE_URL is not an address that begins with postgres:// or postgresql://.',
    );
  });

  test('never repeats a secret that it refuses', () => {
    expect(messageOf({ SECRET_KEY: 'hunter2', DATABASE_URL: 'nonsense://me:hunter3@db' })).not.toMatch(
      /hunter/,
    );
  });

  test('reads a sender with and without a name', () => {
    expect(readConfig({ MAIL_FROM: '"The Lab" <papers@lab.example.org>' }).mailFrom).toEqual({
      name: 'The Lab',
      address: 'papers@lab.example.org',
    });
    expect(readConfig({ MAIL_FROM: 'papers@lab.example.org' }).mailFrom).toEqual({
      name: '',
      address: 'papers@lab.example.org',
    });
    expect(messageOf({ MAIL_FROM: 'Lab\r\nBcc: x@example.org <papers@lab.example.org>' })).toContain(
      'MAIL_FROM',
    );
  });
});

describe('mail servers', () => {
  test('may be several, each with a weight and a rate', () => {
    const SMTP_URL =
      'smtp://one.example.org?weight=3&rate=20  smtps://user:word@two.example.org:465?name=papers.example.org';
    expect(readConfig({ SMTP_URL }).smtpServers).toEqual([
      { url: 'smtp://one.example.org', weight: 3, limits: { perSecond: 20, windows: [] }, tls: 'required' },
      {
        url: 'smtps://user:word@two.example.org:465?name=papers.example.org',
        weight: 1,
        limits: { perSecond: null, windows: [] },
        tls: 'required',
      },
    ]);
  });

  test('have limits, those of all or their own', () => {
    const { smtpServers } = readConfig({
      SMTP_LIMITS: '10/s, 500/min, 5000 per hour, 20000/day',
      SMTP_URL: 'smtp://one.example.org smtp://two.example.org?rate=2&limits=50/min,400/h,300/h',
    });
    const [minute, hour, day] = [60, 3600, 86_400];
    expect(smtpServers.map(({ limits }) => limits)).toEqual([
      {
        perSecond: 10,
        windows: [
          { count: 500, seconds: minute },
          { count: 5000, seconds: hour },
          { count: 20_000, seconds: day },
        ],
      },
      {
        perSecond: 2,
        windows: [
          { count: 50, seconds: minute },
          { count: 300, seconds: hour },
          { count: 20_000, seconds: day },
        ],
      },
    ]);
  });

  test.each(['500', '500/week', '0/min', '1.5/h', '-1/s', '10/s 500/min'])(
    'limits like %s are refused',
    (limits) => {
      expect(messageOf({ SMTP_LIMITS: limits })).toContain('SMTP_LIMITS is not like its example');
      const inUrl = messageOf({ SMTP_URL: `smtp://one.example.org?limits=${encodeURIComponent(limits)}` });
      expect(inUrl).toContain('SMTP_URL has limits that are not like');
    },
  );

  test('are told of options that do not exist, and the page of configuration has all that do', () => {
    expect(messageOf({ SMTP_URL: 'smtp://one.example.org?wieght=3' })).toContain(
      'SMTP_URL has the option “wieght”',
    );
    const page = readFileSync(join(packageFolder, 'docs/configuration.md'), 'utf8');
    const documented = [...page.slice(page.indexOf('## Options of `SMTP_URL`')).matchAll(/^\| (`.*?) \|/gm)];
    const names = documented.flatMap(([, cell = '']) => cell.replaceAll('`', '').split(', '));
    expect(names.sort()).toEqual([...smtpOptions].sort());
  });

  test('may be trusted more than they prove, which is warned of', () => {
    const config = readConfig({ SMTP_URL: 'smtp://one.example.org?tls=optional smtp://two.example.org' });
    expect(config.smtpServers.map(({ url, tls }) => [url, tls])).toEqual([
      ['smtp://one.example.org', 'optional'],
      ['smtp://two.example.org', 'required'],
    ]);
    expect(listWarnings(config)).toEqual([
      expect.stringMatching(/^SMTP_URL has tls=optional for one\.example\.org/),
    ]);
    expect(messageOf({ SMTP_URL: 'smtp://one.example.org?tls=maybe' })).toContain('SMTP_URL has a tls');
  });

  test.each([
    [{ SMTP_EHLO_NAME: 'mail.example.org', BASE_URL: 'https://papers.example.net' }, 'mail.example.org'],
    [{ BASE_URL: 'https://papers.example.net:8443/x' }, 'papers.example.net'],
  ])('are greeted by a name: %j', (env, name) => {
    expect(readConfig(env).ehloName).toBe(name);
    for (const BASE_URL of [
      'http://127.0.0.1:3000',
      'http://[::1]:3000',
      'http://localhost',
      'http://papers.localhost',
    ])
      expect(readConfig({ BASE_URL, MAIL_FROM: 'digest@example.net' }).ehloName).toMatch(
        /^(?!papers)[a-z0-9-]+(\.[a-z0-9-]+)+$/i,
      );
  });

  test('that want XOAUTH2 need a client and a token that lasts', () => {
    const set = { SMTP_OAUTH_CLIENT_ID: 'client', SMTP_OAUTH_REFRESH_TOKEN: 'lasting' };
    expect(readConfig(set).smtpOAuth).toMatchObject({
      clientId: 'client',
      tokenUrl: expect.stringMatching(/googleapis/),
    });
    expect(messageOf({ SMTP_OAUTH_CLIENT_ID: 'client' })).toContain('SMTP_OAUTH_REFRESH_TOKEN is missing');
  });

  test('with a weight that is none are refused', () => {
    expect(messageOf({ SMTP_URL: 'smtp://one.example.org?weight=much' })).toContain('SMTP_URL has a weight');
    expect(messageOf({ SMTP_URL: 'smtp://one.example.org http://two.example.org' })).toContain('SMTP_URL is');
  });
});

describe('a DKIM key', () => {
  const sign = (privateKey: string, more = {}) => ({
    MAIL_FROM: 'digest@papers.example.org',
    DKIM_DOMAIN: 'example.org',
    DKIM_SELECTOR: 'a2026',
    DKIM_PRIVATE_KEY: privateKey,
    ...more,
  });
  const pem = { type: 'pkcs8', format: 'pem' } as const;
  const spki = { type: 'spki', format: 'pem' } as const;
  const rsa = (modulusLength: number) =>
    generateKeyPairSync('rsa', { modulusLength, privateKeyEncoding: pem, publicKeyEncoding: spki })
      .privateKey;

  test('of 2048 bits is taken', () => {
    expect(readConfig(sign(rsa(2048))).dkim).toMatchObject([
      { domainName: 'example.org', keySelector: 'a2026' },
    ]);
  });

  test('that would leave mails unsigned is refused at start', () => {
    const { privateKey } = generateKeyPairSync('ed25519', {
      privateKeyEncoding: pem,
      publicKeyEncoding: spki,
    });
    expect(messageOf(sign(privateKey))).toContain('DKIM_PRIVATE_KEY is not an RSA key');
    expect(messageOf(sign(rsa(1024)))).toContain('DKIM_PRIVATE_KEY is not an RSA key');
    expect(messageOf(sign('/no/such/key.pem'))).toContain('DKIM_PRIVATE_KEY is neither');
  });

  test('needs its domain and selector, and a domain that fits the sender', () => {
    expect(messageOf({ DKIM_DOMAIN: 'example.org' })).toContain('DKIM_SELECTOR is missing');
    expect(messageOf(sign(rsa(2048), { DKIM_DOMAIN: 'other.example' }))).toContain(
      'DKIM_DOMAIN does not fit',
    );
  });
});

describe('what comes back', () => {
  test('is read from a mailbox, whose messages are marked or moved', () => {
    const url = 'imaps://bounces%40example.org:secret@imap.example.org/INBOX';
    expect(readConfig({ BOUNCE_MAILBOX_URL: url }).bounceMailbox).toMatchObject({
      user: 'bounces@example.org',
      done: { type: 'seen' },
    });
    expect(
      readConfig({ BOUNCE_MAILBOX_URL: url, BOUNCE_MAILBOX_FOLDER: 'Done' }).bounceMailbox?.done,
    ).toEqual({ type: 'move', folder: 'Done' });
    expect(messageOf({ BOUNCE_MAILBOX_URL: 'imaps://imap.example.org' })).not.toContain('secret');
    expect(messageOf({ BOUNCE_MAILBOX_FOLDER: 'Done' })).toContain('BOUNCE_MAILBOX_URL is missing');
  });

  test('is told by the mail providers that are set, and the two files of a certificate belong together', () => {
    expect(readConfig({ WEBHOOK_GENERIC: 'x'.repeat(20) }).webhooks).toEqual({ generic: 'x'.repeat(20) });
    expect(readConfig({}).webhooks).toEqual({});
    const message = messageOf({
      WEBHOOK_SES: 'arn:aws:s3:::bucket',
      WEBHOOK_SENDGRID: 'nonsense',
      WEBHOOK_MAILGUN: 'short',
      BOUNCE_TLS_CERT: '/etc/cert.pem',
    });
    for (const name of ['WEBHOOK_SES', 'WEBHOOK_SENDGRID', 'WEBHOOK_MAILGUN', 'BOUNCE_TLS_KEY'])
      expect(message).toContain(name);
  });
});

describe('a second DKIM key', () => {
  const set = (more: Record<string, string>) => ({
    MAIL_FROM: 'digest@papers.example.org',
    DKIM_DOMAIN: 'example.org',
    DKIM_SELECTOR: 'a2026',
    DKIM_PRIVATE_KEY: generateDkimKey('rsa'),
    DKIM_ED25519_SELECTOR: 'a2026e',
    DKIM_ED25519_PRIVATE_KEY: generateDkimKey('ed25519'),
    ...more,
  });

  test('signs beside the first, under a selector of its own', () => {
    expect(readConfig(set({})).dkim.map(({ keySelector }) => keySelector)).toEqual(['a2026', 'a2026e']);
    expect(messageOf(set({ DKIM_ED25519_SELECTOR: 'a2026' }))).toContain('each key has its own');
    expect(messageOf(set({ DKIM_ED25519_SELECTOR: '' }))).toContain('DKIM_ED25519_SELECTOR is missing');
    expect(messageOf(set({ DKIM_PRIVATE_KEY: '' }))).toContain('DKIM_PRIVATE_KEY is missing');
    expect(messageOf(set({ DKIM_ED25519_PRIVATE_KEY: generateDkimKey('rsa') }))).toContain(
      'not an Ed25519 key',
    );
  });
});

describe('a variable in a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'paperround-config-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const write = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };

  test('counts as the variable, whichever it is', () => {
    const { DATABASE_URL, SMTP_URL, SECRET_KEY, ...rest } = served;
    const env = {
      ...rest,
      DATABASE_URL_FILE: write('database', `${DATABASE_URL}\n`),
      SMTP_URL_FILE: write('smtp', SMTP_URL),
      SECRET_KEY_FILE: write('key', `${SECRET_KEY}\r\n`),
      SITE_NAME_FILE: write('name', 'The Lab'),
    };
    expect(readConfig(env)).toMatchObject({
      databaseUrl: DATABASE_URL,
      secretKey: SECRET_KEY,
      siteName: 'The Lab',
      host: '0.0.0.0',
    });
    expect(readOfflineConfig(env).databaseUrl).toBeNull();
  });

  test('that is not there, is empty or is set beside it is told', () => {
    expect(messageOf({ SECRET_KEY_FILE: join(folder, 'none') })).toMatch(
      /- SECRET_KEY is not to be had from SECRET_KEY_FILE \(ENOENT/,
    );
    expect(messageOf({ SECRET_KEY_FILE: write('empty', '\n') })).toContain('SECRET_KEY is not in');
    expect(
      messageOf({ SECRET_KEY: 'x'.repeat(40), SECRET_KEY_FILE: write('key', 'y'.repeat(40)) }),
    ).toContain('leave one');
  });
});

describe('warnings', () => {
  test('tell what would trouble readers of a real service, and leave a trial alone', () => {
    expect(listWarnings(readConfig({}))).toEqual([]);
    expect(listWarnings(readConfig({ ...served, BASE_URL: 'http://papers.lan' }))).toHaveLength(3);
  });
});
