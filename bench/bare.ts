// The bare transports: ready-made, signed messages and nothing else, through nodemailer's pool, and through our mailer.
// What remains between them and us is what planning, the ledger, matching, writing and signing cost.
import { createTransport } from 'nodemailer';
import { createMailer, type OutgoingMessage } from '../src/smtp/mailer.ts';
import type { Phase } from './phase.ts';
import { readSamples } from './sample-file.ts';
import type { Setting } from './setting.ts';

export const bare: Phase = async (setting, closer) => {
  const pool = createTransport({
    url: setting.smtpUrl,
    pool: true,
    maxConnections: setting.connections,
    maxMessages: Number.POSITIVE_INFINITY,
  });
  closer.add(() => pool.close());
  return sendAll(setting, async (message) => {
    await pool.sendMail(message);
    return true;
  });
};

export const bareMailer: Phase = async (setting, closer) => {
  const mailer = createMailer(setting);
  closer.add(() => mailer.close());
  return sendAll(setting, async (message) => (await mailer.send(message)).type === 'accepted');
};

async function sendAll(
  { connections, mails, samplesFile }: Setting,
  send: (message: OutgoingMessage) => Promise<boolean>,
): Promise<{ send(): Promise<number> }> {
  const samples = await readSamples(samplesFile);
  return {
    async send() {
      let next = 0;
      let accepted = 0;
      const sendInTurn = async () => {
        for (let number = next++; number < mails; number = next++) {
          const sample = samples[number % samples.length];
          if (sample === undefined) throw new Error('there are no samples');
          // A recipient of its own, for the sink's count.
          const envelope = { ...sample.envelope, to: `reader${number}@mail.example` };
          if (await send({ ...sample, envelope })) accepted += 1;
        }
      };
      // Twice as many as connections, so that none of them ever waits for the next message.
      await Promise.all(Array.from({ length: 2 * connections }, sendInTurn));
      return accepted;
    },
  };
}
