// POST /subscribe: the sign-up form. Nobody learns from the answer, or from its time, whether the address was known: nothing is
// looked up about it before the answer.
import type { RequestHandler } from 'express';
import { parseEmail, parsePreferences } from '../../subscribers/preferences/parse-preferences.ts';
import { requestSignUp } from '../../subscribers/sign-up/sign-up.ts';
import { showAddress } from '../../text/address.ts';
import { sendErrorPage } from '../http/answers/error-page.ts';
import { recordConsent } from '../http/consent.ts';
import type { PageDeps } from '../http/deps.ts';
import { listKnownTopicIds } from '../http/known-topics.ts';
import { admitSignUp } from '../http/limits/proof-door.ts';
import { openPage } from '../http/open-page.ts';
import { guardForm, listHiddenFields } from './form-guard.ts';
import { sendHome } from './home.ts';
import { viewPreview } from './preferences/preview-view.ts';
import { readPreferenceFields, readText } from './preferences/read-preferences.ts';

export function postSubscribe(deps: PageDeps): RequestHandler {
  return async (request, response) => {
    const { body } = request;
    const page = openPage(deps, response);
    const { t, language } = page.words;
    const topics = await deps.readTopics(language);
    const email = parseEmail(body.email, deps.config.disposableDomains);
    const preferences = parsePreferences(
      { ...readPreferenceFields(body), language },
      { topicIds: listKnownTopicIds(topics), now: deps.now() },
    );
    if (email.type === 'invalid' || preferences.type === 'invalid') {
      const problems = [email, preferences].flatMap((parsed) =>
        parsed.type === 'invalid' ? parsed.problems : [],
      );
      const preview = await viewPreview({ ...deps, topics }, page, body);
      return sendHome(deps, response.status(422), { topics, body, preview, problems });
    }
    const guarded = guardForm(deps, body);
    if (guarded.type === 'again') {
      response.set('Cache-Control', 'no-store').send(
        page.render('button', {
          title: t('again.title'),
          paragraphs: [t('again.text', { email: showAddress(email.email) })],
          hidden: listHiddenFields(body, guarded.stamp),
          button: t('home.subscribe'),
          smallPrint: t('home.confirmFirst'),
        }),
      );
      return;
    }
    // A program learns nothing from the answer either.
    if (guarded.type === 'person') {
      const admission = await admitSignUp(deps, request, readText(body.altcha));
      if (admission.type === 'refused') {
        response.set('Retry-After', String(admission.retryAfterSeconds));
        return sendErrorPage(deps, response, 429, { key: 'errors.noProofText' });
      }
      await requestSignUp(deps, {
        email: email.email,
        preferences: preferences.preferences,
        consent: recordConsent(deps, request, { door: 'form', language }),
      });
    }
    response.set('Cache-Control', 'no-store').send(
      page.render('message', {
        title: t('inbox.title'),
        paragraphs: [t('inbox.text'), t('inbox.noMail')],
        actions: [{ href: page.links.home(), label: t('links.home') }],
        isPrivate: true,
      }),
    );
    deps.wakeRequests();
  };
}

/** For the script of the front page, which is the same for everybody. */
export function getStamp({ stamps, now }: PageDeps): RequestHandler {
  return (_request, response) => {
    response.set('Cache-Control', 'no-store').type('text/plain').send(stamps.issue(now()));
  };
}
