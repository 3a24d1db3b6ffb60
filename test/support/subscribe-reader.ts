// A confirmed reader by the steps of the domain, without a mail in between.

import type { TokenSigner } from '../../src/platform/keys/tokens.ts';
import type { Db } from '../../src/platform/postgres/db.ts';
import type { MailPromises } from '../../src/subscribers/account/mail-promises.ts';
import type { Preferences } from '../../src/subscribers/preferences/preferences.ts';
import { confirm } from '../../src/subscribers/sign-up/confirm.ts';
import { answerSignUps, requestSignUp } from '../../src/subscribers/sign-up/sign-up.ts';

type Deps = {
  db: Db;
  tokens: TokenSigner;
  promises: MailPromises;
  wakeDelivery: () => Promise<void>;
  now: () => Date;
};

export async function subscribeReader(
  deps: Deps,
  { email, preferences }: { email: string; preferences: Preferences },
): Promise<void> {
  const consent = { door: 'form', words: 'en 0123456789abcdef', source: null } as const;
  const id = await requestSignUp(deps, { email, preferences, consent });
  await answerSignUps(deps);
  await confirm(deps, deps.tokens.sign({ purpose: 'confirm', subscriberId: id, issuedAt: deps.now() }));
}
