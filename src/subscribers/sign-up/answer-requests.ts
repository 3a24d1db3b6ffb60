import type { PromisingDeps } from '../account/mail-promises.ts';
import { answerLinkRequests } from './request-preferences-link.ts';
import { answerSignUps } from './sign-up.ts';

/** Sign-ups, and requests for a preferences link; where one kind fails, the other is answered all the same. */
export async function answerRequests(deps: PromisingDeps): Promise<void> {
  try {
    await answerSignUps(deps);
  } finally {
    await answerLinkRequests(deps);
  }
}
