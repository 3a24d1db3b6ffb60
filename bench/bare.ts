// The bare transport: ready-made, signed messages through our mailer, and nothing else. What remains between it and us
// is what planning, the ledger, matching, writing and signing cost.
import { createMailer } from '../src/mailer.ts';
import type { Phase } from './phase.ts';
import { readSamples } from './sample-file.ts';

export const bare: Phase = async ({ smtpUrl, connections, mails, samplesFile }, closer) => {
  const samples = await readSamples(samplesFile);
  const mailer = createMailer({ smtpUrl, connections });
  closer.add(() => mailer.close());

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
          const result = await mailer.send({ ...sample, envelope });
          if (result.type === 'accepted') accepted += 1;
        }
      };
      // Twice as many as connections, so that none of them ever waits for the next message.
      await Promise.all(Array.from({ length: 2 * connections }, sendInTurn));
      return accepted;
    },
  };
};
