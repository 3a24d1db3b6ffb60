// A test mail to an address of the operator's: from the sender, over the servers and under the signature of a digest, so that
// what it meets is what digests meet. It is no delivery of the ledger.
import { randomUUID } from 'node:crypto';
import { findRemedy, type OutcomeCode } from '../ledger/outcome-codes.ts';
import type { Links } from '../platform/links.ts';
import type { Mailer } from '../smtp/mailer.ts';
import { composeMessage, type SenderIdentity } from '../smtp/message.ts';
import { createBodyEncoder } from '../smtp/message-body.ts';
import { explainRefusal } from '../smtp/outcome.ts';
import { escapeHtml } from '../text/html.ts';

export type TestResult = {
  outcome: 'accepted' | 'refused' | 'not-sent' | 'unknown';
  /** What the server answered, or what went wrong. */
  words: string;
  code: OutcomeCode | null;
  remedy: string | null;
};

/** No delivery, that could be settled. */
const lookForIt =
  'see whether it arrived, or what the log of the mail server has of it: it may have been taken';

export async function sendTestMail(
  {
    mailer,
    senderIdentity,
    links,
    now,
  }: { mailer: Mailer; senderIdentity: SenderIdentity; links: Links; now: () => Date },
  to: string,
): Promise<TestResult> {
  const { siteName } = senderIdentity;
  const lines = [
    `This is a test mail of ${siteName}, asked for by whoever runs it.`,
    'It came from the sender, over the mail server and with the signature of its digests.',
    'Who reads it need not do anything.',
  ];
  const message = await composeMessage(senderIdentity, {
    addressed: {
      id: 0n,
      subscriberId: randomUUID(),
      kind: 'digest',
      edition: null,
      to,
      subject: `Test mail of ${siteName}`,
      language: 'en',
      date: now(),
      links: { home: links.home(), archive: links.home(), unsubscribe: links.unsubscribe('preview') },
    },
    body: createBodyEncoder([])({
      text: [lines.join('\n\n')],
      html: [
        `<!doctype html><html lang="en"><body><p>${lines.map(escapeHtml).join('</p><p>')}</p></body></html>`,
      ],
    }),
    blanks: {},
  });
  const result = await mailer.send(message);
  switch (result.type) {
    case 'accepted':
      return { outcome: 'accepted', words: result.reply, code: null, remedy: null };
    case 'refused': {
      const { code } = explainRefusal(result);
      return { outcome: 'refused', words: result.reply, code, remedy: findRemedy(code) };
    }
    case 'failed': {
      const code = result.bodyStarted ? 'no_answer' : 'no_connection';
      const outcome = result.bodyStarted ? 'unknown' : 'not-sent';
      const remedy = result.bodyStarted ? lookForIt : findRemedy(code);
      return { outcome, words: result.reason, code, remedy };
    }
    case 'held':
      return {
        outcome: 'not-sent',
        words: result.reason,
        code: result.cause,
        remedy: findRemedy(result.cause),
      };
    case 'unsendable':
      return { outcome: 'not-sent', words: result.reason, code: 'cannot_be_sent', remedy: null };
  }
}
