import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { dkimVerify } from 'mailauth/lib/dkim/verify.js';
import { type ParsedMail, simpleParser } from 'mailparser';
import { describe, expect, test } from 'vitest';
import type { MailKind } from '../../src/ledger/delivery.ts';
import { createDkimSigner } from '../../src/smtp/dkim.ts';
import { composeMessage } from '../../src/smtp/message.ts';
import { createBodyEncoder } from '../../src/smtp/message-body.ts';
import { escapeHtml } from '../../src/text/html.ts';

const { privateKey, publicKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'der' },
});
const signer = createDkimSigner([{ domainName: 'papers.example.org', keySelector: 'a2026', privateKey }]);

const given = {
  subject: 'Experts + 9 more · 12 Dec',
  text: ['PAPERROUND\n\nTwo  spaces and a — dash', '\n\n', '{{unsubscribe}}\n'],
  html: ['<p>Two  spaces</p>', '\n', '<p><a href="{{unsubscribe}}">Unsubscribe</a></p>\n'],
  unsubscribe:
    'https://papers.example.org/unsubscribe/AQHelXeEu8NBNaesGX1U3EzjawOg8Mj8ZSty4Lu0TAm5LWjQHsQ?a=b&c',
};

const home = 'https://papers.example.org/';
const archive = 'https://papers.example.org/papers/2025-12-12';

async function compose(
  changes: Partial<typeof given> & { to?: string; siteName?: string; kind?: MailKind } = {},
): Promise<Buffer> {
  const { subject, text, html, unsubscribe } = { ...given, ...changes };
  const { raw } = await composeMessage(
    {
      signer,
      bounceAddresses: null,
      siteName: changes.siteName ?? 'Paperround',
      digestFrom: { name: 'Paperround', address: 'digest@papers.example.org' },
      accountFrom: { name: '', address: 'account@papers.example.org' },
    },
    {
      addressed: {
        id: 7n,
        subscriberId: 'de957784-bbc3-4135-a7ac-197d54dc4ce3',
        kind: changes.kind ?? 'digest',
        edition: '2025-12-12',
        language: 'en',
        to: changes.to ?? 'ada@example.org',
        subject,
        date: new Date('2025-12-12T07:00:00Z'),
        links: { home, archive, unsubscribe },
      },
      body: createBodyEncoder(['unsubscribe'])({ text, html }),
      blanks: { unsubscribe },
    },
  );
  return raw;
}

async function verify(raw: Buffer): Promise<string | undefined> {
  const resolver = async () => [[`v=DKIM1; k=rsa; p=${publicKey.toString('base64')}`]];
  const { results } = await dkimVerify(raw, { resolver });
  return results[0]?.status?.result;
}

const headerOf = (mail: ParsedMail, name: string) => mail.headerLines.filter(({ key }) => key === name);
const linesOf = (raw: Buffer) => raw.toString('latin1').split('\r\n');

describe('a digest on the wire', () => {
  test('has each header once, those of lists among them', async () => {
    const mail = await simpleParser(await compose());
    for (const name of [
      'from',
      'to',
      'subject',
      'date',
      'message-id',
      'mime-version',
      'list-id',
      'list-unsubscribe',
    ]) {
      expect(headerOf(mail, name), name).toHaveLength(1);
    }
    const lines = Object.fromEntries(
      mail.headerLines.map(({ key, line }) => [key, line.replace(/^[^:]+: /, '')]),
    );
    expect(lines).toMatchObject({
      'list-unsubscribe': `<${given.unsubscribe}>`,
      'list-unsubscribe-post': 'List-Unsubscribe=One-Click',
      'list-id': 'Paperround <digest.papers.example.org>',
      'list-help': `<${home}>`,
      'list-archive': `<${archive}>`,
      'list-owner': '<mailto:digest@papers.example.org>',
      'list-post': 'NO',
      'auto-submitted': 'auto-generated',
      'x-auto-response-suppress': 'All',
      'content-language': 'en',
      precedence: 'bulk',
      'feedback-id': '2025-12-12:digest:daily:papers-example-org',
      'message-id': '<digest.7.de957784-bbc3-4135-a7ac-197d54dc4ce3@papers.example.org>',
    });
    expect(mail.subject).toBe(given.subject);
    expect(mail.from?.value).toEqual([{ name: 'Paperround', address: 'digest@papers.example.org' }]);
  });

  test('has headers in lines of at most 78 octets', async () => {
    const [head = ''] = (await compose()).toString('latin1').split('\r\n\r\n');
    // An address has no place to be folded at.
    const lines = head.split('\r\n').filter((line) => !line.includes('https://'));
    expect(lines.filter((line) => line.length > 78)).toEqual([]);
  });

  test('has a long subject in lines of at most 78 octets, beyond ASCII only as encoded words', async () => {
    const subject = `${'schöne Neue Welt '.repeat(7)}+ 9 more`;
    const raw = (await compose({ subject })).toString('latin1');
    const [head = ''] = raw.split('\r\n\r\n', 1);
    expect(head).toMatch(/^[\t\r\n -~]*$/);
    expect(head).toMatch(/^Subject: =\?UTF-8\?Q\?/im);
    const lines = /^Subject: .*(?:\r\n .*)*/m.exec(head)?.[0].split('\r\n') ?? [];
    expect(lines.length).toBeGreaterThan(2);
    for (const line of lines) expect(line.length, line).toBeLessThanOrEqual(78);
    expect((await simpleParser(raw)).subject).toBe(subject);
  });

  test('is text first and HTML second, with the reader’s link in both', async () => {
    const raw = (await compose()).toString('latin1');
    expect(raw.indexOf('text/plain')).toBeLessThan(raw.indexOf('text/html'));
    const mail = await simpleParser(raw);
    expect(mail.text).toContain('Two  spaces and a — dash');
    expect(mail.text).toContain(given.unsubscribe);
    expect(mail.html).toContain(`href="${escapeHtml(given.unsubscribe)}"`);
    expect(raw).not.toContain('{{');
  });

  test('is 7-bit, in lines that no server refuses', async () => {
    for (const line of linesOf(
      await compose({ subject: `${'schöne Neue Welt '.repeat(40)}`, text: ['ü'.repeat(3000)] }),
    )) {
      expect(line.length).toBeLessThanOrEqual(998);
      expect(line).toMatch(/^[\t -~]*$/);
    }
  });

  test('lets a text go on after a link on its line, in lines of quoted-printable that are not too long', async () => {
    for (const length of [5, 40, 60, 75, 76, 77, 150]) {
      const unsubscribe = `https://example.org/${'u'.repeat(length)}`;
      const raw = await compose({
        unsubscribe,
        text: ['Two\n{{unsubscribe}}/papers/12\nThree\n'],
        html: ['none'],
      });
      expect((await simpleParser(raw)).text).toBe(`Two\n${unsubscribe}/papers/12\nThree\n`);
      expect(await verify(raw)).toBe('pass');
      const [, body = ''] = raw.toString('latin1').split('quoted-printable\r\n\r\n');
      for (const line of body.split('\r\n--')[0]?.split('\r\n') ?? [])
        expect(line.length).toBeLessThanOrEqual(76);
    }
  });

  test('verifies whatever its texts, and any change of them breaks the signature', async () => {
    const words = fc.string({ unit: fc.constantFrom(...'ab =.\t\n—中{}"<&'), maxLength: 120 });
    await fc.assert(
      fc.asyncProperty(words, fc.array(words), fc.array(words), async (subject, text, html) => {
        const raw = await compose({
          subject,
          text: [...text.flatMap((piece) => [piece, '\n']), '{{unsubscribe}}\n'],
          html: html.flatMap((piece) => [escapeHtml(piece), '{{unsubscribe}}']),
        });
        expect(await verify(raw)).toBe('pass');
      }),
      { numRuns: 200 },
    );
    const raw = (await compose()).toString('latin1');
    expect(await verify(Buffer.from(raw.replace('Two', 'Too'), 'latin1'))).toBe('neutral');
    expect(await verify(Buffer.from(raw.replace('One-Click', 'Two-Click'), 'latin1'))).toBe('fail');
  });

  test.each([
    'A title\r\nBcc: eve@example.org',
    'A title\nX-Evil: 1',
    '=?utf-8?Q?A=0D=0ABcc:=20eve@example.org?=',
    'A\u0000title',
  ])('cannot be given another header by the subject %j', async (subject) => {
    const mail = await simpleParser(await compose({ subject }));
    expect(mail.headerLines.map(({ key }) => key)).not.toEqual(expect.arrayContaining(['bcc']));
    expect(mail.headerLines.map(({ key }) => key)).not.toEqual(expect.arrayContaining(['x-evil']));
    expect(headerOf(mail, 'subject')).toHaveLength(1);
  });

  test('keeps its List-Id whatever the service is called', async () => {
    const mail = await simpleParser(await compose({ siteName: 'Größe <x>\r\nBcc: eve@example.org' }));
    expect(headerOf(mail, 'list-id')[0]?.line).toContain('<digest.papers.example.org>');
    expect(headerOf(mail, 'bcc')).toEqual([]);
  });
});

describe('a mail about the subscription', () => {
  test('has nothing of a list to leave, and another sender than digests', async () => {
    const mail = await simpleParser(await compose({ kind: 'confirmation' }));
    const names = mail.headerLines.map(({ key }) => key);
    expect(names.filter((name) => name.startsWith('list-') || name === 'precedence')).toEqual([]);
    expect(names).toEqual(expect.arrayContaining(['auto-submitted', 'x-auto-response-suppress']));
    expect(mail.from?.value).toEqual([{ name: '', address: 'account@papers.example.org' }]);
  });
});
