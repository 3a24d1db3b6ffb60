// Pages for what went wrong: what happened, and the way on.
import type { Response } from 'express';
import type { Message, MessageKey } from '../../../languages/catalogue.ts';
import { say } from '../../../languages/words.ts';
import type { SpeakingDeps } from '../deps.ts';
import { openPage } from '../open-page.ts';

const words: Record<number, { title: MessageKey; text: MessageKey }> = {
  404: { title: 'errors.notFound', text: 'errors.notFoundText' },
  413: { title: 'errors.tooLarge', text: 'errors.tooLargeText' },
  415: { title: 'errors.wrongType', text: 'errors.wrongTypeText' },
  429: { title: 'errors.tooMany', text: 'errors.tooManyText' },
  503: { title: 'errors.busy', text: 'errors.busyText' },
  500: { title: 'errors.ours', text: 'errors.oursText' },
};

const otherwise = { title: 'errors.other', text: 'errors.otherText' } as const;

/** `text` replaces the status’s own. */
export function sendErrorPage(deps: SpeakingDeps, response: Response, status: number, text?: Message): void {
  const keys = words[status] ?? otherwise;
  const page = openPage(deps, response);
  response
    .status(status)
    .set('Cache-Control', 'no-store')
    .send(
      page.render('message', {
        title: page.words.t(keys.title),
        paragraphs: [say(page.words, text ?? { key: keys.text })],
        actions: [{ href: page.links.home(), label: page.words.t('links.home') }],
        isPrivate: true,
      }),
    );
}
