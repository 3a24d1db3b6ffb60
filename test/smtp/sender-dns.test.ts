// What is looked up about a sender, and what is said about it.
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { generateDkimKey, writeDkimRecord } from '../../src/smtp/dkim-record.ts';
import { checkSenderDns, type DnsFinding, type Sending } from '../../src/smtp/sender-dns.ts';
import { type DnsServer, type Records, startDnsServer } from '../support/dns-server.ts';

let dns: DnsServer;
beforeAll(async () => {
  dns = await startDnsServer();
});
afterAll(() => dns.close());

const makeKey = () =>
  generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  }).privateKey;
const publicHalf = (privateKey: string) =>
  createPublicKey(privateKey).export({ type: 'spki', format: 'der' }).toString('base64');
const privateKey = makeKey();

const sending: Sending = {
  domains: ['papers.example.org', 'papers.example.org'],
  envelopeDomains: ['bounces.papers.example.org'],
  dkim: [{ domainName: 'papers.example.org', keySelector: 'one', privateKey }],
  servers: ['mail.example.org'],
};

const allIsWell: Records = {
  'MX papers.example.org': ['mx.example.org'],
  'A bounces.papers.example.org': ['192.0.2.7'],
  'TXT bounces.papers.example.org': ['some-site-verification=1', 'v=spf1 a:mail.example.org -all'],
  'TXT one._domainkey.papers.example.org': [`v=DKIM1; k=rsa; p=${publicHalf(privateKey)}`],
  'TXT _dmarc.example.org': ['v=DMARC1; p=quarantine; rua=mailto:dmarc@example.org'],
  'A mail.example.org': ['192.0.2.25'],
  'PTR 25.2.0.192.in-addr.arpa': ['mail.example.org'],
};

const without = (key: string): Records =>
  Object.fromEntries(Object.entries(allIsWell).filter(([name]) => name !== key));

async function check(records: Records | null, given: Partial<Sending> = {}): Promise<DnsFinding[]> {
  dns.serve(records);
  return checkSenderDns(dns.resolver, { ...sending, ...given });
}

async function findProblems(...given: Parameters<typeof check>): Promise<DnsFinding[]> {
  return (await check(...given)).filter(({ verdict }) => verdict === 'problem');
}

describe('a sender', () => {
  test('whose records are in order has nothing to do', async () => {
    const findings = await check(allIsWell);
    expect(findings.map(({ record, name, verdict }) => `${record} ${name} ${verdict}`)).toEqual([
      'MX papers.example.org ok',
      'MX bounces.papers.example.org ok',
      'SPF bounces.papers.example.org ok',
      'DKIM one._domainkey.papers.example.org ok',
      'DMARC _dmarc.papers.example.org ok',
      'PTR mail.example.org ok',
    ]);
  });

  test('without any record is told each, with what to publish where that is known', async () => {
    const problems = await findProblems({});
    expect(problems.map(({ record }) => record)).toEqual(['MX', 'MX', 'SPF', 'DKIM', 'DMARC']);
    const publish = new Map(problems.map(({ name, publish }) => [name, publish]));
    expect(publish.get('one._domainkey.papers.example.org')).toBe(
      `v=DKIM1; k=rsa; p=${publicHalf(privateKey)}`,
    );
    expect(publish.get('_dmarc.papers.example.org')).toBe(
      'v=DMARC1; p=none; rua=mailto:postmaster@papers.example.org',
    );
  });

  test.each<[what: string, record: string, name: string, texts: string[], says: RegExp]>([
    ['takes no mail', 'MX', 'papers.example.org', ['.'], /RFC 7505/],
    [
      'has two SPF records',
      'SPF',
      'bounces.papers.example.org',
      ['v=spf1 -all', 'v=spf1 mx -all'],
      /several/,
    ],
    ['lets anybody send', 'SPF', 'bounces.papers.example.org', ['v=spf1 mx +all'], /anybody/],
    ['lets anybody send, in short', 'SPF', 'bounces.papers.example.org', ['V=SPF1 all'], /anybody/],
    [
      'leaves open who else sends',
      'SPF',
      'bounces.papers.example.org',
      ['v=spf1 mx ?all'],
      /-all at its end/,
    ],
    ['has an SPF record of another kind', 'SPF', 'bounces.papers.example.org', ['v=spf10 -all'], /no SPF/],
    [
      'has another key',
      'DKIM',
      'one._domainkey.papers.example.org',
      [`p=${publicHalf(makeKey())}`],
      /another/,
    ],
    ['has revoked its key', 'DKIM', 'one._domainkey.papers.example.org', ['v=DKIM1; p='], /revoked/],
    [
      'has two policies',
      'DMARC',
      '_dmarc.papers.example.org',
      ['v=DMARC1; p=none', 'v=DMARC1;p=reject'],
      /several/,
    ],
    [
      'has a policy that says nothing',
      'DMARC',
      '_dmarc.papers.example.org',
      ['v=DMARC1; rua=x'],
      /no valid p=/,
    ],
  ])('that %s is told so, and nothing else', async (_, record, name, texts, says) => {
    const type = record === 'MX' ? 'MX' : 'TXT';
    const problems = await findProblems({ ...allIsWell, [`${type} ${name}`]: texts });
    expect(problems).toEqual([expect.objectContaining({ record, name, says: expect.stringMatching(says) })]);
  });

  test.each([
    ['redirects its SPF', 'TXT bounces.papers.example.org', 'v=spf1 redirect=_spf.example.org'],
    [
      'breaks its key over lines',
      'TXT one._domainkey.papers.example.org',
      `p = ${publicHalf(privateKey).replace(/(.{64})/g, '$1 ')}`,
    ],
    ['has a policy of its own', 'TXT _dmarc.papers.example.org', 'v=DMARC1;p=reject'],
  ])('that %s is in order', async (_, key, text) => {
    expect(await findProblems({ ...allIsWell, [key]: [text] })).toEqual([]);
  });

  test('with two keys has both looked up, each of its kind', async () => {
    const second = generateDkimKey('ed25519');
    const key = { domainName: 'papers.example.org', keySelector: 'onee', privateKey: second };
    const given = { dkim: [...sending.dkim, key] };
    const { name, text } = writeDkimRecord(key);
    expect(text).toMatch(/^v=DKIM1; k=ed25519; p=[A-Za-z0-9+/]{43}=$/);
    expect(await findProblems(allIsWell, given)).toMatchObject([{ record: 'DKIM', name, publish: text }]);
    expect(await findProblems({ ...allIsWell, [`TXT ${name}`]: [text] }, given)).toEqual([]);
    const wrongKind = { ...allIsWell, [`TXT ${name}`]: [text.replace('k=ed25519', 'k=rsa')] };
    expect(await findProblems(wrongKind, given)).toMatchObject([
      { name, says: expect.stringMatching(/k=ed25519/) },
    ]);
  });

  test('whose mails another server signs is asked for no key', async () => {
    expect((await check(allIsWell, { dkim: [] })).map(({ record }) => record)).not.toContain('DKIM');
  });
});

describe('a mail server', () => {
  test.each<[what: string, records: Records, says: RegExp]>([
    ['without a name by its address', without('PTR 25.2.0.192.in-addr.arpa'), /192\.0\.2\.25 has no name/],
    [
      'by a name that has another address',
      {
        ...allIsWell,
        'PTR 25.2.0.192.in-addr.arpa': ['host-25.example.net'],
        'A host-25.example.net': ['192.0.2.1'],
      },
      /host-25\.example\.net, which has another address/,
    ],
  ])('%s is a problem', async (_, records, says) => {
    expect(await findProblems(records)).toEqual([
      expect.objectContaining({ record: 'PTR', says: expect.stringMatching(says) }),
    ]);
  });

  test.each(['127.0.0.1', '10.1.2.3', '172.31.0.1', '::1', 'fd00::25', 'postfix.internal'])(
    'that has no public address is not judged: %s',
    async (server) => {
      const records = { ...allIsWell, 'A postfix.internal': ['192.168.0.25'] };
      expect((await check(records, { servers: [server] })).at(-1)).toMatchObject({
        record: 'PTR',
        verdict: 'unknown',
      });
    },
  );

  test('is judged by its IPv6 address, too', async () => {
    const reversed = '5.2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa';
    const records = {
      'AAAA mail6.example.org': ['2001:db8::25'],
      [`PTR ${reversed}`]: ['mail6.example.org'],
    };
    const findings = await check({ ...allIsWell, ...records }, { servers: ['mail6.example.org'] });
    expect(findings.at(-1)).toMatchObject({ record: 'PTR', verdict: 'ok' });
  });
});

test('what strangers publish reaches a terminal as plain text, and not without end', async () => {
  const text = `v=spf1 \u001b[2J\u0007 ${'a '.repeat(2000)}-all`;
  const [, , spf] = await check({ ...allIsWell, 'TXT bounces.papers.example.org': [text] });
  expect(spf?.says).toMatch(/^v=spf1 \?\[2J\? [a ]+$/);
  expect(spf?.says.length).toBe(500);
});

test('a DNS server that fails is named as what it is, for every record', async () => {
  const findings = await check(null);
  expect(findings).toHaveLength(6);
  for (const { verdict, says } of findings) {
    expect(verdict).toBe('problem');
    expect(says).toMatch(/could not be looked up \(ESERVFAIL\)/);
  }
});
