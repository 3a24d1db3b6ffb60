// /hooks: where mail providers tell what became of mails. Only those that are configured are there; whoever does not prove to be
// one of them is refused without a word why.
import express, { type Request, type RequestHandler, type Response, Router } from 'express';
import { ZodError } from 'zod';
import type { Hooks } from '../../bounces/hooks.ts';
import type { Provider } from '../../bounces/providers/provider.ts';
import { type ProviderName, providers } from '../../bounces/providers/providers.ts';
import type { MailEvent } from '../../bounces/record-event.ts';
import { apiErrors } from '../http/answers/error-handler.ts';
import { sendProblem } from '../http/answers/problem.ts';
import type { WebDeps } from '../http/deps.ts';

/** Clocks differ. */
const aheadMs = 5 * 60 * 1000;

type Deps = Pick<WebDeps, 'now' | 'logger'> & { hooks: Hooks };

export function hookRoutes(deps: Deps): Router {
  const router = Router({ caseSensitive: true });
  for (const [name, setting] of Object.entries(deps.hooks.settings)) {
    const provider = providers[name as ProviderName];
    const read = express.raw({ type: () => true, limit: provider.maxBytes, inflate: false });
    router.post(`/${name}`, read, postEvents(deps, { provider, setting }));
  }
  router.use((_request, response) =>
    sendProblem(response, { status: 404, detail: 'There is nothing at this address.' }),
  );
  router.use(apiErrors(deps.logger));
  return router;
}

function postEvents(
  { hooks, now }: Deps,
  { provider, setting }: { provider: Provider; setting: string },
): RequestHandler {
  return async (request: Request, response: Response) => {
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    const header = (name: string) => request.get(name) ?? null;
    const verified = await provider.verify(hooks, { body, header }, setting);
    const ageMs = now().getTime() - (verified?.signedAt ?? now()).getTime();
    if (verified === null || ageMs > provider.maxAgeMs || ageMs < -aheadMs) {
      sendProblem(response, { status: 403, detail: 'This request is not taken.' });
      return;
    }
    const events = readEvents(provider, { content: verified.content, now: now() });
    if (events === null) {
      sendProblem(response, { status: 400, detail: 'The body has not the form that was expected.' });
      return;
    }
    await provider.answer?.(hooks, verified.content);
    for (const event of events) await hooks.record(event);
    response.set('Cache-Control', 'no-store').json({ events: events.length });
  };
}

function readEvents(
  provider: Provider,
  { content, now }: { content: unknown; now: Date },
): MailEvent[] | null {
  try {
    return provider.parse(content, now);
  } catch (error) {
    if (error instanceof ZodError) return null;
    throw error;
  }
}
