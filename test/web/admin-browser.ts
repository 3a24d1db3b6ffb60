// The console as an administrator's browser asks for it and sends its forms, without JavaScript.
import { expect } from 'vitest';
import { createAdmin } from '../../src/operators/admins.ts';
import type { TestApp } from './start-app.ts';

const password = 'correct horse battery';

export type Console = Awaited<ReturnType<typeof openConsole>>;

/** Makes the administrator, too. */
export async function openConsole(app: TestApp, name: string, role: 'operator' | 'viewer') {
  await createAdmin(app.db, { name, role, password, now: app.clock.now });
  const login = await app.request('/admin/login', {
    method: 'POST',
    body: new URLSearchParams({ name, password }),
  });
  const [cookie = ''] = login.headers.getSetCookie();
  const headers = { cookie: cookie.split(';')[0] ?? '' };

  const get = async (path: string) => {
    const answer = await app.request(`/admin${path}`, { headers });
    return { status: answer.status, html: await answer.text() };
  };
  const readToken = (html: string) => /name="form_token" value="([^"]+)"/.exec(html)?.[1] ?? '';

  /** `multipart` as a form with a file in it is sent. */
  async function post(
    path: string,
    fields: Record<string, string | File>,
    { multipart = false, token }: { multipart?: boolean; token?: string } = {},
  ) {
    const form_token = token ?? readToken((await get('/audit')).html);
    const body = multipart ? new FormData() : new URLSearchParams();
    for (const [field, value] of Object.entries({ form_token, ...fields }))
      body.append(field, value as string);
    const answer = await app.request(`/admin${path}`, { method: 'POST', headers, body });
    const location = answer.headers.get('location');
    if (location === null) return { status: answer.status, html: await answer.text(), done: null };
    expect(answer.status).toBe(303);
    const page = await app.request(location, { headers });
    const html = await page.text();
    const done = /class="saved" role="status">([^<]*)/.exec(html)?.[1] ?? null;
    return { status: answer.status, html, done };
  }

  /** The hidden fields of the page's forms, and what stands in the others, by name. */
  const readFields = (html: string) =>
    Object.fromEntries(
      [...html.matchAll(/<input[^>]*? name="(\w+)"[^>]*? value="([^"]*)"/g)].map(
        ([, field = '', value = '']) => [field, value],
      ),
    );
  return { get, post, readFields, cookie: headers.cookie, name };
}
