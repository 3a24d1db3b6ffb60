// A page with one field, for an email address.
import type { Response } from 'express';
import type { Message } from '../../languages/catalogue.ts';
import { say } from '../../languages/words.ts';
import type { Subscriber } from '../../subscribers/subscriber.ts';
import type { PageDeps } from '../http/deps.ts';
import { openPage } from '../http/open-page.ts';

export type EmailForm = {
  title: string;
  text: string;
  label: string;
  /** As it was typed. */
  email: string;
  /** What is wrong with it. */
  problem: Message | null;
  button: string;
  smallPrint: string;
  /** The ways out of the page. */
  actions?: { href: string; label: string }[];
};

/** `subscriber`: whose page it is, when that is known. */
export function sendEmailForm(
  deps: PageDeps,
  response: Response,
  { text, problem, ...form }: EmailForm,
  subscriber?: Subscriber,
): void {
  const { words, render } = openPage(deps, response, subscriber);
  const said = problem === null ? null : say(words, problem);
  response.send(render('email-form', { ...form, paragraphs: [text], problem: said, isPrivate: true }));
}

/** For showing it again; bounded. */
export function readTypedEmail({ email }: { email?: unknown }): string {
  return typeof email === 'string' ? email.slice(0, 1000) : '';
}
