// GET /api/v1/openapi.json, /docs and /docs/shapes: the API as it describes itself, for programs and for people.
import { z } from 'zod';
import { wordsOf } from '../../languages/words.ts';
import { viewRoutes, viewShapes } from './docs-view.ts';
import { type OpenApi, writeOpenApi } from './openapi.ts';
import { messageShapes } from './operator/webhooks.ts';
import type { ApiDeps, Route, RouteFacts } from './route.ts';

/** They change with a version only. */
const cacheControl = 'public, max-age=300';

/** `listRoutes` has all routes, these among them. */
export function aboutRoutes(listRoutes: () => readonly RouteFacts[]): readonly Route[] {
  let written: OpenApi | null = null;
  const write = ({ config }: ApiDeps) => {
    written ??= writeOpenApi(listRoutes(), { ...config, messages: messageShapes });
    return written;
  };
  return [
    {
      method: 'get',
      path: '/openapi.json',
      id: 'getOpenApi',
      tag: 'about',
      summary: 'This description, for programs (OpenAPI 3.1)',
      access: { type: 'open' },
      answer: {
        status: 200,
        says: 'The document.',
        shape: z.looseObject({ openapi: z.string() }),
      },
      open: (deps, { share }) =>
        share((_request, response) => {
          response.set('Cache-Control', cacheControl).json(write(deps));
        }),
    },
    {
      method: 'get',
      path: '/docs',
      id: 'getDocs',
      tag: 'about',
      summary: 'This description, for people',
      access: { type: 'open' },
      answer: { status: 200, says: 'A page.', shape: z.string(), mediaType: 'text/html' },
      open: sendPage('api-docs', (deps) => ({
        title: 'API',
        ...viewRoutes(write(deps)),
        specHref: deps.links.api('/openapi.json'),
        shapesHref: deps.links.api('/docs/shapes'),
      })),
    },
    {
      method: 'get',
      path: '/docs/shapes',
      id: 'getShapes',
      tag: 'about',
      summary: 'What answers are made of and what webhooks are sent, for people',
      access: { type: 'open' },
      answer: { status: 200, says: 'A page.', shape: z.string(), mediaType: 'text/html' },
      open: sendPage('api-shapes', (deps) => ({
        title: 'The shapes of the API',
        ...viewShapes(write(deps)),
        docsHref: deps.links.api('/docs'),
      })),
    },
  ];
}

function sendPage(template: string, view: (deps: ApiDeps) => object): Route['open'] {
  return (deps, { share }) =>
    share((_request, response) => {
      const { render, links } = deps;
      const page = render(template, view(deps), { words: wordsOf('en'), links, languages: [] });
      response.set('Cache-Control', cacheControl).send(page);
    });
}
