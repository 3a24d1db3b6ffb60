// A reader's mailbox, wherever the test's mail ends up: the program's local inbox, or an SMTP server of the test.
import { z } from 'zod';
import type { SmtpCatcher } from './smtp-catcher.ts';
import { waitFor } from './wait-for.ts';

/** Messages as they went over SMTP, oldest first. */
export type Mailbox = (to: string) => Promise<Buffer[]>;

const listShape = z.object({
  messages: z.array(z.object({ id: z.string(), envelope: z.object({ to: z.array(z.string()) }) })),
});

export function openLocalInbox(inboxUrl: string): Mailbox {
  return async (to) => {
    const { messages } = listShape.parse(await (await fetch(`${inboxUrl}/api/messages`)).json());
    const mine = messages.filter(({ envelope }) => envelope.to.includes(to)).reverse();
    return Promise.all(
      mine.map(async ({ id }) =>
        Buffer.from(await (await fetch(`${inboxUrl}/messages/${id}/source`)).arrayBuffer()),
      ),
    );
  };
}

export const openCatcher =
  ({ mails }: SmtpCatcher): Mailbox =>
  async (to) =>
    mails.filter((mail) => mail.to === to).map(({ raw }) => raw);

/** The reader's mail number `number`, counted from 1, as soon as it is there. */
export function waitForMail(mailbox: Mailbox, to: string, number: number): Promise<Buffer> {
  return waitFor(`mail ${number} to ${to}`, async () => (await mailbox(to))[number - 1]);
}
