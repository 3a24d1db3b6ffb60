// What a page and every mail become with a brand, as files to be opened in a browser: nothing runs, nobody is written to.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Brand } from '../brand/brand.ts';
import { type Config, packageFolder } from '../config/config.ts';
import { languageCodes, languages } from '../languages/languages.ts';
import { speakWith, type Words, wordsOf } from '../languages/words.ts';
import { renderAccountMail } from '../mails/account-mail.ts';
import { openTemplates, senderOf } from '../mails/open-templates.ts';
import { createLinks } from '../platform/links.ts';
import { parseListing } from '../sources/listing-text.ts';
import { type AccountMailKind, accountMails } from '../subscribers/account/account-mails.ts';
import { readAssets } from '../web/http/answers/assets.ts';
import { createRenderer } from '../web/http/answers/render.ts';
import { previewDigest } from './preview-digest.ts';

/** Writes them into `folder`, and says how many. */
export async function previewBrand({
  config: given,
  brand,
  folder,
}: {
  config: Config;
  brand: Brand;
  folder: string;
}): Promise<number> {
  const config = { ...given, brand, siteName: brand.name ?? given.siteName };
  speakWith(brand.words);
  await mkdir(join(folder, 'assets'), { recursive: true });
  const assets = readAssets(brand);
  for (const [name, body] of assets.list()) await writeFile(join(folder, 'assets', name), body);

  const render = createRenderer({ config, links: createLinks('.'), assets });
  const templates = await openTemplates(config);
  const listing = await readSample();
  const files: string[] = [];
  const write = async (name: string, html: string) => {
    files.push(name);
    await writeFile(join(folder, name), html.replaceAll(`${config.baseUrl}/assets/`, 'assets/'));
  };
  for (const language of languageCodes) {
    const words = wordsOf(language);
    const voice = { words, links: createLinks('.'), languages: [] };
    await write(`page.${language}.html`, render('message', describePage(words, config.siteName), voice));
    const wanted = { topics: [], keywords: ['llm OR model'], maxPapers: 8, language };
    const digest = await previewDigest(listing, { ...wanted, format: 'html', config, now: new Date() });
    await write(`mail.digest.${language}.html`, digest);
    for (const kind of Object.keys(accountMails) as AccountMailKind[]) {
      const links = { url: `${config.baseUrl}/`, noMail: `${config.baseUrl}/` };
      const mail = renderAccountMail(templates, { kind, ...links, sender: senderOf(config), language });
      await write(`mail.${kind}.${language}.html`, mail.html);
    }
  }
  const items = files.map((name) => `<li><a href="${name}">${name}</a></li>`);
  const head = '<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>Preview</title>';
  await writeFile(join(folder, 'index.html'), `${head}<h1>Preview</h1><ul>${items.join('\n')}</ul></html>\n`);
  return files.length;
}

/** A page that asks for something, as most do. */
function describePage({ t, language }: Words, siteName: string) {
  const say = (part: 'heading' | 'news' | 'offer' | 'button') =>
    t(`accountMails.confirmation.${part}`, { siteName });
  return {
    title: say('heading'),
    paragraphs: [say('news'), say('offer'), languages[language].name],
    isPrivate: true,
    post: { action: '#', button: say('button') },
    actions: [{ href: '#', label: t('sendLink.title') }],
  };
}

async function readSample() {
  const fileName = 'daily-papers-2025-12-12.txt';
  const bytes = await readFile(join(packageFolder, 'seeds', fileName));
  const listing = parseListing(bytes, { fileName, today: '2025-12-12' });
  if (listing.type === 'refused') throw new Error(listing.reason);
  return listing;
}
