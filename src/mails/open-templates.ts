// Mails as the operator wants them: the templates in their colours and words, and who sends.
import { join } from 'node:path';
import { paintMail } from '../brand/palette.ts';
import { type Config, packageFolder } from '../config/config.ts';
import { speakWith } from '../languages/words.ts';
import { createLinks } from '../platform/links.ts';
import type { Sender } from './mail-content.ts';
import { loadMailSources } from './mail-sources.ts';
import { createMailTemplates, type MailTemplates } from './mail-templates.ts';
import type { Source } from './template.ts';

type Wanted = Pick<Config, 'siteName' | 'baseUrl' | 'postalAddress' | 'brand'>;

export async function openTemplates({ brand }: Pick<Config, 'brand'>): Promise<MailTemplates> {
  const sources = await loadMailSources(join(packageFolder, 'templates'));
  if (brand === null) return createMailTemplates(sources);
  speakWith(brand.words);
  const paint = ({ where, html }: Source) => ({ where, html: paintMail(html, brand.colours) });
  return createMailTemplates({ digest: paint(sources.digest), accountMail: paint(sources.accountMail) });
}

export function senderOf({ siteName, baseUrl, postalAddress, brand }: Wanted): Sender {
  const sender = { name: siteName, baseUrl, postalAddress };
  if (brand === null) return sender;
  const { footer, mailLogo } = brand;
  // Named, not sent along: a mail stays small, and who loads no pictures misses none.
  const logo =
    mailLogo === null
      ? null
      : { url: createLinks(baseUrl).asset('mail-logo.png'), width: mailLogo.width, height: mailLogo.height };
  return { ...sender, footer, logo };
}
