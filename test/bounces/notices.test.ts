// Mails that come back in the shapes of many systems, in words of our own. Each says in its field X-Case what is right: kind,
// and the address that failed.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openMessage } from '../../src/bounces/open-message.ts';
import { type BounceReading, examineBounce } from '../../src/bounces/read-bounce.ts';
import { someNames } from '../support/bounce-mails.ts';
import { measureProcessorTime } from '../support/processor-time.ts';
import { projectFolder } from '../support/program.ts';

const folder = join(projectFolder, 'test/bounces/notices');
const names = readdirSync(folder).map((file) => file.replace(/\.eml$/, ''));

function writeNotice(name: string): string {
  const text = readFileSync(join(folder, `${name}.eml`), 'utf8');
  return Object.entries(someNames).reduce(
    (mail, [blank, value]) => mail.replaceAll(`{{${blank}}}`, value),
    text,
  );
}

const examine = async (mail: string): Promise<BounceReading> => {
  const message = await openMessage(Buffer.from(mail.replaceAll('\n', '\r\n')));
  if (message === null) throw new Error('it cannot be taken apart');
  return examineBounce(message);
};

function describeReading(reading: BounceReading): string {
  const kind = reading.kind === 'ignored' ? reading.because.replace(' ', '-') : reading.kind;
  return `${kind} ${reading.recipient ?? '-'}`;
}

const expected = (mail: string) => /^X-Case: (.+)$/m.exec(mail)?.[1];

describe('a notice', () => {
  test.each(names)('in the shape of %s is understood', async (name) => {
    const mail = writeNotice(name);
    expect(describeReading(await examine(mail))).toBe(expected(mail));
  });

  test('that a person forwards or answers is no report, whatever it quotes', async () => {
    for (const name of names)
      for (const mark of ['Fwd', 'Re', 'AW', 'TR', '回复']) {
        const mail = writeNotice(name)
          .replace(/^Return-Path: .*\n/m, 'Return-Path: <grace@example.com>\n')
          .replace(/^From: .*$/m, 'From: Grace <grace@example.com>')
          .replace(/^X-Failed-Recipients: .*\n/m, '')
          .replace(/^X-MS-Exchange-Message-Is-Ndr:.*\n/m, '')
          .replace(
            /^Content-Type: multipart\/report; report-type=delivery-status/m,
            'Content-Type: multipart/mixed',
          )
          .replaceAll('Content-Type: message/delivery-status', 'Content-Type: text/plain')
          .replace(/^Subject: /m, `Subject: ${mark}: `);
        expect((await examine(mail)).kind, `${mark} ${name}`).toBe('ignored');
      }
  });

  test('of any length and make costs no time', async () => {
    const head = 'From: postmaster@example.org\nSubject: Undeliverable: Papers\n';
    const bodies = ['user ', '\n', ' \n', '<', '550 ', 'a@', '- ', '@', '--', 'x', '&nbsp;', 'To: '].map(
      (piece) => piece.repeat(200_000),
    );
    for (const body of bodies)
      for (const type of ['text/plain', 'text/html']) {
        const cost = await measureProcessorTime(() => examine(`${head}Content-Type: ${type}\n\n${body}`));
        expect(cost, `${type} of ${body.slice(0, 3)}`).toBeLessThan(2000);
      }
  }, 60_000);

  test('of several readers, with nothing above the first, is of the mildest', async () => {
    const of = (address: string, words: string) => `<${address}@example.org>: ${words}\n`;
    const body = [of('ada', 'mailbox full'), of('grace', 'user unknown'), of('alan', 'user unknown')].join(
      '\n',
    );
    const head = 'From: MAILER-DAEMON@example.org\nSubject: failure notice\n\n';
    expect(describeReading(await examine(head + body))).toBe('soft ada@example.org');
  });

  test.each([
    'could not be successfully delivered',
    'was not successfully delivered',
    'wasn’t successfully delivered',
  ])('whose subject says that it %s is of no mail that arrived', async (words) => {
    const mail = `From: MAILER-DAEMON@example.org\nSubject: =?utf-8?Q?Message_${words.replace('’', '=E2=80=99').replaceAll(' ', '_')}?=\n\nThis is the mail system.\n\n<ada@example.org>: user unknown\n`;
    expect(describeReading(await examine(mail))).toBe('hard ada@example.org');
  });

  test('with a header that never ends is no error', async () => {
    const mail = `From: postmaster@example.org\nSubject: Undeliverable: Papers\n\nTo: ${'Ada, '.repeat(2_000_000)}`;
    expect((await examine(mail)).kind).toBe('soft');
  });
});
