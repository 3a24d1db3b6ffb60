// Mails that come back, by hand in the shapes in which real servers write them, about a mail of ours.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectFolder } from './program.ts';

const folder = join(projectFolder, 'test/bounces/fixtures');

/** What in it is ours. */
export type SentNames = { bounceAddress: string; messageId: string; unsubscribeUrl: string };

export const someNames: SentNames = {
  bounceAddress: 'bounces+00000000002a503300112233445566778899aabb@mail.example.org',
  messageId: 'digest.42.de957784-bbc3-4135-a7ac-197d54dc4ce3@papers.example.org',
  unsubscribeUrl:
    'https://papers.example.org/unsubscribe/AQHelXeEu8NBNaesGX1U3EzjawOg8Mj8ZSty4Lu0TAm5LWjQHsQ',
};

export const bounceMailNames = readdirSync(folder).map((file) => file.replace(/\.eml$/, ''));

/** As it comes over SMTP. */
export function writeBounceMail(name: string, names: SentNames = someNames): Buffer {
  const text = readFileSync(join(folder, `${name}.eml`), 'utf8');
  const filled = Object.entries(names).reduce(
    (mail, [blank, value]) => mail.replaceAll(`{{${blank}}}`, value),
    text,
  );
  return Buffer.from(filled.replaceAll('\n', '\r\n'));
}
