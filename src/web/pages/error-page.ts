// Pages for what went wrong: what happened, and the way on.
import type { Response } from 'express';
import type { PageDeps } from '../deps.ts';

const texts: Record<number, { title: string; text: string }> = {
  404: { title: 'There is no such page', text: 'The address may be mistyped, or what stood here is gone.' },
  413: {
    title: 'That was too much to read',
    text: 'The form holds more than we accept. Shorten it and send it again.',
  },
  415: {
    title: 'We cannot read that',
    text: 'Send the form as a browser does, with its fields URL-encoded.',
  },
  429: { title: 'That was a lot at once', text: 'Wait a few minutes, then try again.' },
  500: {
    title: 'Something broke on our side',
    text: 'It was logged and will be looked at. Please try again a little later.',
  },
};

const otherwise = {
  title: 'That did not work',
  text: 'The request could not be read. Go back and try again.',
};

/** `text` replaces the status’s own. */
export function sendErrorPage(
  { render, links }: Pick<PageDeps, 'render' | 'links'>,
  response: Response,
  status: number,
  text?: string,
): void {
  const words = texts[status] ?? otherwise;
  response
    .status(status)
    .set('Cache-Control', 'no-store')
    .send(
      render('message', {
        title: words.title,
        paragraphs: [text ?? words.text],
        actions: [{ href: links.home(), label: 'To the front page' }],
        isPrivate: true,
      }),
    );
}
