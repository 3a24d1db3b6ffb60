// POST /subscribe: the sign-up form. Nobody learns from the answer whether the address was known.
import type { RequestHandler } from 'express';
import { parseEmail, parsePreferences } from '../../subscribers/preferences.ts';
import { signUp } from '../../subscribers/sign-up.ts';
import type { PageDeps } from '../deps.ts';
import { listKnownTopicIds } from '../known-topics.ts';
import { sendHome } from './home.ts';
import { readPreferenceFields } from './preferences-form.ts';
import { viewPreview } from './preview-view.ts';

export function postSubscribe(deps: PageDeps): RequestHandler {
  return async (request, response) => {
    const { body } = request;
    const email = parseEmail(body.email);
    const preferences = parsePreferences(readPreferenceFields(body), {
      topicIds: await listKnownTopicIds(deps.db),
    });
    if (email.type === 'invalid' || preferences.type === 'invalid') {
      const problems = [email, preferences].flatMap((parsed) =>
        parsed.type === 'invalid' ? parsed.problems : [],
      );
      const preview = await viewPreview(deps, body);
      return sendHome(deps, response.status(422), { body, preview, problems });
    }
    await signUp(deps, { email: email.email, preferences: preferences.preferences });
    response.set('Cache-Control', 'no-store').send(
      deps.render('message', {
        title: 'Look in your inbox',
        paragraphs: [
          'A mail with one link is on its way to you. Open the link and press the button there: your first digest follows within seconds.',
          'No mail after a few minutes? Look in the spam folder, and check the address for a typo. The same address can be entered again.',
        ],
        actions: [{ href: deps.links.home(), label: 'Back to the front page' }],
        isPrivate: true,
      }),
    );
  };
}
