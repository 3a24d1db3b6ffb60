// What strangers asked for by an address, and what comes of it: decided after the answer, the same way for all of them.
import type { Db } from '../platform/db.ts';
import type { MailPromises } from './mail-promises.ts';
import { answerLinkRequests } from './request-preferences-link.ts';
import { answerSignUps } from './sign-up.ts';

/** Sign-ups, and requests for a preferences link; where one kind fails, the other is answered all the same. */
export async function answerRequests(deps: {
  db: Db;
  promises: MailPromises;
  wakeDelivery: () => Promise<void>;
  now: () => Date;
}): Promise<void> {
  try {
    await answerSignUps(deps);
  } finally {
    await answerLinkRequests(deps);
  }
}
