// What a language model answered, as text that may be shown to readers. It is nobody we trust: an abstract may have told it what
// to write.
import { z } from 'zod';
import type { Summary } from '../papers/paper.ts';
import { readText } from '../text/clean-text.ts';
import { shortenText } from '../text/shorten-text.ts';
import { dropUnseen } from '../text/unseen-markup.ts';

export type ReadAnswer = { type: 'summary'; summary: Summary } | { type: 'refused'; reason: string };

export type SummarizedPaper = { title: string; abstract: string };

const part = z.object({ text: z.string() });
// https://platform.openai.com/docs/api-reference/chat/object
const completion = z.object({
  choices: z.array(z.object({ message: z.object({ content: z.union([z.string(), z.array(part)]) }) })).min(1),
});
const wanted = z.object({ gist: z.string(), translation: z.string().nullish().catch(null) });

const gistLength = { words: 90, columns: 480 };
const longestTranslation = 6000;

/** Never throws. `translated`: a translation of the abstract is wanted, too. */
export function readAnswer(
  body: string,
  paper: SummarizedPaper,
  { translated }: { translated: boolean },
): ReadAnswer {
  const read = completion.safeParse(parseJson(body));
  const content = read.data?.choices[0]?.message.content;
  if (content === undefined) return refuse('the answer is no chat completion');
  const text = typeof content === 'string' ? content : content.map((one) => one.text).join('');
  const answer = wanted.safeParse(parseJson(unwrap(text)));
  if (!answer.success) return refuse('what the model wrote is not the JSON that was asked for');
  const gist = shortenText(toPlainText(answer.data.gist), gistLength);
  const translation = translated ? toPlainText(answer.data.translation ?? '') : '';
  if (gist === '') return refuse('the gist is empty');
  if (translated && translation === '') return refuse('the translation is empty');
  if (translation.length > longestTranslation)
    return refuse(`the translation has ${translation.length} characters`);
  const foreign = [gist, translation].flatMap(listPlaces).find((place) => !isIn(paper, place));
  if (foreign !== undefined) return refuse('it names an address that the paper does not');
  return { type: 'summary', summary: { gist, translation: translated ? translation : null } };
}

function refuse(reason: string): ReadAnswer {
  return { type: 'refused', reason };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Models think aloud, and put JSON into fences. */
function unwrap(content: string): string {
  const said = content.slice(content.lastIndexOf('</think>') + 1);
  const from = said.indexOf('{');
  return from === -1 ? '' : said.slice(from, said.lastIndexOf('}') + 1);
}

/** Without tags, links and marks: what is left is shown as text, and leads nowhere. */
function toPlainText(written: string): string {
  const plain = dropUnseen(written.slice(0, 4 * longestTranslation))
    .replace(/<\/?[a-z!][^<>]*>/gi, ' ')
    .replace(/!?\[([^[\]]*)\]\([^()\s]*\)/g, '$1')
    .replace(/(?:[a-z][a-z\d+.-]{0,20}:\/\/|www\.|mailto:)\S*/gi, ' ')
    .replace(/(\*\*|__|`)/g, '');
  return readText(plain) ?? '';
}

/** Domains and mail addresses, which mail programs make links of. */
function listPlaces(text: string): string[] {
  return text.match(/[\w.+-]*@?(?<![\w-])(?:[a-z\d-]+\.)+[a-z]{2,}(?![\w-])/gi) ?? [];
}

function isIn({ title, abstract }: SummarizedPaper, place: string): boolean {
  return `${title} ${abstract}`.toLowerCase().includes(place.toLowerCase());
}
