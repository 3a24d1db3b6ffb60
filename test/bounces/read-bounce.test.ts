// What mails that come back are taken to say, each in the shape of the server that wrote it.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findClues } from '../../src/bounces/find-clues.ts';
import { openMessage } from '../../src/bounces/open-message.ts';
import { type BounceReport, readBounce } from '../../src/bounces/read-bounce.ts';
import { bounceMailNames, someNames, writeBounceMail } from '../support/bounce-mails.ts';
import { faultSize } from '../support/fault-sizes.ts';

async function open(raw: Buffer) {
  const message = await openMessage(raw);
  if (message === null) throw new Error('it cannot be taken apart');
  return message;
}

const read = async (raw: Buffer): Promise<BounceReport> => readBounce(await open(raw));

const failure = (kind: string, status: string | null, words: string) => ({
  kind,
  status,
  diagnostic: expect.stringContaining(words),
});
const ignored = (because: string) => ({ kind: 'ignored', because });

/** Every fixture, and what it says. */
const said: Record<string, object> = {
  'postfix-unknown-user': failure('hard', '5.1.1', '550 5.1.1 <ada@example.org>: Recipient address rejected'),
  'postfix-mailbox-full': failure('soft', '5.2.2', 'user is over quota'),
  'postfix-delayed': ignored('delayed'),
  'postfix-delivered': ignored('delivered'),
  relayed: ignored('delivered'),
  'expanded-one-failed': ignored('delivered'),
  'exim-unknown-user': failure('hard', '5.1.1', 'User unknown'),
  'exim-unrouteable': failure('hard', '5.0.0', 'Unrouteable address'),
  'exim-plain': failure('hard', null, '550 No such user here'),
  'exim-plain-delayed': ignored('delayed'),
  'gmail-unknown-user': failure('hard', '5.1.1', 'The email account that you tried to reach does not exist'),
  'exchange-not-found': failure('hard', '5.1.10', 'RESOLVER.ADR.RecipientNotFound'),
  'exchange-policy': failure('policy', '5.7.1', 'AuthRequired'),
  'outlook-unavailable': failure('hard', '5.5.0', 'mailbox unavailable'),
  'qmail-unknown-user': failure('hard', '5.1.1', 'sorry, no mailbox here by that name'),
  'qmail-local': failure('hard', null, 'Sorry, no mailbox here by that name'),
  'qmail-full': failure('soft', null, '452 Mailbox full'),
  'arf-abuse': { kind: 'complaint', status: null, diagnostic: 'abuse' },
  'arf-redacted': { kind: 'complaint', status: null, diagnostic: 'abuse' },
  'arf-only-unsubscribe': { kind: 'complaint', status: null, diagnostic: 'abuse' },
  'arf-not-spam': ignored('no complaint'),
  'out-of-office': ignored('auto-reply'),
  'reply-of-a-person': ignored('no report'),
};

describe('a mail that comes back', () => {
  test.each(bounceMailNames)('in the shape of %s is understood', async (name) => {
    expect(await read(writeBounceMail(name))).toEqual(said[name]);
  });

  test('is understood with the line ends of a file as well', async () => {
    for (const name of bounceMailNames) {
      const raw = Buffer.from(writeBounceMail(name).toString().replaceAll('\r\n', '\n'));
      expect(await read(raw), name).toEqual(said[name]);
    }
  });

  test('names ours, wherever it has been left to stand', async () => {
    const token = someNames.bounceAddress.slice('bounces+'.length, -'@mail.example.org'.length);
    const messageId = { deliveryId: 42n, subscriberId: 'de957784-bbc3-4135-a7ac-197d54dc4ce3' };
    const unsubscribeToken = someNames.unsubscribeUrl.split('/').at(-1);
    const clues = async (name: string) => findClues(await open(writeBounceMail(name)));
    expect(await clues('postfix-unknown-user')).toEqual({
      bounceTokens: [token],
      messageIds: [messageId],
      unsubscribeTokens: [unsubscribeToken],
    });
    expect((await clues('arf-abuse')).bounceTokens).toEqual([token]);
    expect(await clues('arf-redacted')).toMatchObject({ bounceTokens: [], messageIds: [messageId] });
    expect(await clues('arf-only-unsubscribe')).toEqual({
      bounceTokens: [],
      messageIds: [],
      unsubscribeTokens: [unsubscribeToken],
    });
  });

  test('cut off anywhere says the same, or less, and is no error', async () => {
    const whole = writeBounceMail('gmail-unknown-user');
    for (let length = 0; length < whole.length; length += 97)
      expect(['hard', 'soft', 'ignored']).toContain((await read(whole.subarray(0, length))).kind);
  });

  test('of a thousand parts is not taken apart', async () => {
    const parts = '--b\r\nContent-Type: text/plain\r\n\r\nx\r\n'.repeat(1000);
    const raw = Buffer.from(`Content-Type: multipart/mixed; boundary=b\r\n\r\n${parts}--b--\r\n`);
    expect(await openMessage(raw)).toBeNull();
  });

  test('that says a lot is told in one line, and not to its end', async () => {
    const lines = [
      'To: x',
      'Content-Type: multipart/report; boundary="B1"\r\n\r\n--B1',
      'Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n',
      'Final-Recipient: rfc822; x@example.org\r\nAction: failed\r\nStatus: 5.1.1',
      `Diagnostic-Code: smtp; 550 5.1.1 ${'nobody\x07 here '.repeat(100)}\r\n--B1--`,
    ];
    const diagnostic = expect.stringMatching(/^550 5\.1\.1 nobody here \P{Cc}{478}$/u);
    expect(await read(Buffer.from(lines.join('\r\n')))).toMatchObject({ kind: 'hard', diagnostic });
  });

  test('made of anything at all is no error, and says nothing without end', async () => {
    const line = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.constantFrom('Action: failed', 'Status: 5.1.1', '', '--B1', 'Content-Type: message/delivery-status'),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 20 }), async (lines) => {
        const head = 'To: x\r\nContent-Type: multipart/report; boundary="B1"\r\n\r\n--B1\r\n';
        const report = await read(Buffer.from(head + lines.join('\r\n')));
        if (report.kind === 'ignored') return;
        expect((report.diagnostic ?? '').length).toBeLessThanOrEqual(500);
        expect(report.diagnostic ?? '').not.toMatch(/\p{Cc}/u);
      }),
      { numRuns: 40 * faultSize('INPUTS') },
    );
  });
});
