// The mail providers whose events we understand: a new one is a line here, a variable, and a file beside this one.
import { generic } from './generic.ts';
import { mailgun } from './mailgun.ts';
import { postmark } from './postmark.ts';
import type { Provider } from './provider.ts';
import { sendgrid } from './sendgrid.ts';
import { ses } from './ses.ts';

export const providers = { ses, postmark, sendgrid, mailgun, generic } as const satisfies Record<
  string,
  Provider
>;

export type ProviderName = keyof typeof providers;
