// Two signatures on what really went over SMTP, each verified by itself: over node:crypto alone, as RFC 6376 and RFC 8463 say.
import { createHash, createPublicKey, verify } from 'node:crypto';
import { dkimVerify } from 'mailauth/lib/dkim/verify.js';
import { afterEach, expect, test } from 'vitest';
import { createDkimSigner } from '../../src/smtp/dkim.ts';
import { generateDkimKey, writeDkimRecord } from '../../src/smtp/dkim-record.ts';
import { openPostOffice, type PostOffice } from '../support/post-office.ts';
import { expertPaper } from '../support/world.ts';

let post: PostOffice;
afterEach(() => post.close());

const domainName = 'papers.example.org';
const rsa = { domainName, keySelector: 'pr2026', privateKey: generateDkimKey('rsa') };
const ed25519 = { domainName, keySelector: 'pr2026e', privateKey: generateDkimKey('ed25519') };
const records = new Map([rsa, ed25519].map(writeDkimRecord).map(({ name, text }) => [name, text]));

type Signed = { tags: Map<string, string>; covered: Buffer; bodyHash: string };

/** Section 3.4.2. */
const relax = (line: string) => {
  const at = line.indexOf(':');
  const value = line
    .slice(at + 1)
    .replaceAll('\r\n', '')
    .replace(/[ \t]+/g, ' ')
    .trim();
  return `${line.slice(0, at).toLowerCase().trim()}:${value}`;
};

function readSignatures(raw: Buffer): Signed[] {
  const text = raw.toString('latin1');
  const end = text.indexOf('\r\n\r\n');
  const headers = text.slice(0, end).split(/\r\n(?![ \t])/);
  // Section 3.4.4.
  const body = `${text
    .slice(end + 4)
    .replace(/[ \t]+/g, ' ')
    .replaceAll(' \r\n', '\r\n')
    .replace(/(?:\r\n)*$/, '')}\r\n`;
  return headers
    .filter((header) => /^dkim-signature:/i.test(header))
    .map((header) => {
      const value = header.slice(header.indexOf(':') + 1).replaceAll('\r\n', '');
      const tags = new Map(
        value.split(';').map((tag): [string, string] => {
          const at = tag.indexOf('=');
          return [tag.slice(0, at).trim(), tag.slice(at + 1).replace(/\s+/g, '')];
        }),
      );
      const left = [...headers];
      const chosen = (tags.get('h') ?? '').split(':').flatMap((name) => {
        const at = left.findLastIndex((each) => each.toLowerCase().startsWith(`${name.toLowerCase()}:`));
        return at === -1 ? [] : left.splice(at, 1);
      });
      const own = relax(header).replace(/(?<=[;\s]b=)[^;]*/, '');
      return {
        tags,
        covered: Buffer.from([...chosen.map(relax), own].join('\r\n'), 'latin1'),
        bodyHash: createHash('sha256').update(body, 'latin1').digest('base64'),
      };
    });
}

function isValid({ tags, covered, bodyHash }: Signed): boolean {
  const record = records.get(`${tags.get('s')}._domainkey.${tags.get('d')}`) ?? '';
  const published = Buffer.from(/p=(\S+)/.exec(record)?.[1] ?? '', 'base64');
  const signature = Buffer.from(tags.get('b') ?? '', 'base64');
  if (tags.get('bh') !== bodyHash) return false;
  if (tags.get('a') === 'rsa-sha256')
    return verify(
      'sha256',
      covered,
      createPublicKey({ key: published, format: 'der', type: 'spki' }),
      signature,
    );
  const key = createPublicKey({
    key: { kty: 'OKP', crv: 'Ed25519', x: published.toString('base64url') },
    format: 'jwk',
  });
  return verify(null, createHash('sha256').update(covered).digest(), key, signature);
}

test('every mail has an RSA and an Ed25519 signature, and both verify after the wire', async () => {
  post = await openPostOffice({ dkim: [rsa, ed25519] });
  await post.list('2026-03-02', [expertPaper('translation')]);
  await post.signUp('alan@example.org');
  await post.subscribe('ada@example.org');
  await post.deliver();
  expect(post.smtp.mails).toHaveLength(2);
  for (const { raw } of post.smtp.mails) {
    // The catcher keeps a message without its last line end.
    const whole = Buffer.concat([raw, Buffer.from('\r\n')]);
    const signatures = readSignatures(whole);
    expect(signatures.map(({ tags }) => [tags.get('a'), tags.get('s')])).toEqual([
      ['rsa-sha256', 'pr2026'],
      ['ed25519-sha256', 'pr2026e'],
    ]);
    expect(signatures.map(isValid)).toEqual([true, true]);
    const changed = Buffer.from(
      whole.toString('latin1').replace(/\r\nSubject: ./, '\r\nSubject: X'),
      'latin1',
    );
    expect(readSignatures(changed).map(isValid)).toEqual([false, false]);
    const { results } = await dkimVerify(whole, {
      resolver: async (name: string) => [[records.get(name) ?? '']],
    });
    expect(results.map(({ status }) => status?.result)).toEqual(['pass', 'pass']);
  }
});

test('a mail that one of the two keys cannot sign waits, and leaves signed by both later', async () => {
  post = await openPostOffice({ dkim: [rsa, ed25519] });
  await post.list('2026-03-02', [expertPaper('translation')]);
  await post.subscribe('ada@example.org');
  const { senderIdentity } = post.writerDeps;
  const { signer } = senderIdentity;
  const broken = createDkimSigner([rsa, ed25519]);
  senderIdentity.signer = { ...broken, sign: () => Promise.reject(new Error('the signing thread ended')) };
  expect(await post.deliver()).toMatchObject({ accepted: 0, deferred: 1 });
  expect(post.smtp.mails).toEqual([]);
  expect((await post.ledger()).find(({ kind }) => kind === 'digest')).toMatchObject({
    state: 'deferred',
    reasonCode: 'not_written',
  });
  senderIdentity.signer = signer;
  post.pass(60 * 60_000);
  expect(await post.sweep()).toMatchObject({ accepted: 1 });
  expect(readSignatures(post.smtp.mails[0]?.raw ?? Buffer.alloc(0))).toHaveLength(2);
});
