// Which language a page speaks, and how a visitor changes it without a cookie.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { languageCodes, languages } from '../../src/languages/languages.ts';
import { wordsOf } from '../../src/languages/words.ts';
import { startApp, type TestApp } from './start-app.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app?.stop());

const ask = (path: string, language: string) =>
  app.request(path, { headers: { 'accept-language': language } });
const inEnglish = [wordsOf('en').t('home.heading'), '>Topics<', '>Subscribe<', 'No account'];

test.each(languageCodes)('a browser that prefers %s gets it', async (code) => {
  const response = await ask('/', code);
  const html = await response.text();
  expect(html).toContain(`<html lang="${languages[code].tag}">`);
  expect(html).toContain(wordsOf(code).t('home.heading'));
  expect(response.headers.get('content-language')).toBe(languages[code].tag);
  expect(response.headers.get('vary')).toContain('Accept-Language');
  expect(response.headers.get('set-cookie')).toBeNull();
  if (code !== 'en') for (const words of inEnglish) expect(html).not.toContain(words);
});

test.each(['/nothing', '/papers/2025-12-12', '/paper/2', '/preferences/x', '/preview/fragment'])(
  '%s is asked for in another language by its address',
  async (path) => {
    const response = await ask(`${path}?lang=fr`, 'de');
    expect(response.headers.get('content-language')).toBe('fr');
  },
);

test('links and forms keep the language that was asked for, and only then', async () => {
  const asked = await (await ask('/papers/2025-12-12?lang=es', 'de')).text();
  expect(asked).toContain('href="/paper/2?lang=es"');
  expect(asked).toContain('href="/?lang=es"');
  const home = await (await ask('/?lang=es', 'de')).text();
  expect(home).toContain('action="/subscribe?lang=es"');
  expect(home).toContain('data-preview-url="/preview/fragment?lang=es"');
  const plain = await (await ask('/?lang=es', 'es')).text();
  expect(plain).toContain('action="/subscribe"');
  const latest = await ask('/papers?lang=es', 'de');
  expect(latest.headers.get('location')).toBe('/papers/2025-12-12?lang=es');
});

test('the switch leads to the same page in each language', async () => {
  const html = await (await ask('/papers/2025-12-12?page=1&lang=ja', 'de')).text();
  for (const code of languageCodes) {
    expect(html).toContain(
      `<a href="?page=1&amp;lang=${code}" rel="alternate" lang="${languages[code].tag}"`,
    );
  }
  expect(html.match(/aria-current="true"/g)).toHaveLength(1);
});

test('whoever signs up is kept with the language of the page', async () => {
  const fields = { email: 'lang@example.org', topics: 'language' };
  const response = await app.post('/subscribe?lang=zh', fields);
  expect(await response.text()).toContain(wordsOf('zh').t('inbox.title'));
  expect(await app.findChoices('lang@example.org')).toMatchObject({ language: 'zh' });
});

test('the pages behind a reader’s links speak the reader’s language, and change with it', async () => {
  const reader = await app.addActive('speaks@example.org', { language: 'ja' });
  const path = `/preferences/${app.signToken('preferences', reader)}`;
  expect((await ask(path, 'en')).headers.get('content-language')).toBe('ja');
  expect((await ask(`${path}?lang=de`, 'en')).headers.get('content-language')).toBe('de');
  const response = await app.post(`${path}?lang=de`, { topics: 'language', language: 'fr' });
  expect(response.headers.get('location')).toBe(`${path}?saved=1`);
  expect((await ask(`${path}?saved=1`, 'en')).headers.get('content-language')).toBe('fr');
  const wrong = await app.post(path, { topics: 'language', language: 'tlh' });
  expect(wrong.status).toBe(422);
  expect(await wrong.text()).toContain(wordsOf('fr').t('problems.language'));
});

test.each(languageCodes)('what is wrong with a form is said in %s', async (code) => {
  const { t } = wordsOf(code);
  const response = await app.post(`/subscribe?lang=${code}`, { email: 'x', keywords: '(camera', hour: '99' });
  const html = await response.text();
  for (const key of ['form.check', 'problems.badEmail', 'query.unclosed', 'problems.hour'] as const)
    expect(html).toContain(t(key));
  expect(html).toContain(t('form.problem', { subject: t('form.hour'), problem: t('problems.hour') }));
});

test.each(['zh', 'ja'] as const)('sentences in %s follow each other without a space', async (language) => {
  const reader = await app.addActive(`sentences-${language}@example.org`, { language });
  const token = app.signToken('preferences', reader);
  const { view, vote } = await app.sendDigest(reader);
  for (const path of [
    `/preferences/${token}`,
    `/preferences/${token}/history`,
    view,
    vote,
    `${vote}/papers/2`,
  ]) {
    const html = await (await ask(path, language)).text();
    expect(html).toContain('。');
    expect(html).not.toMatch(/。 +[^\s<]/);
  }
});

test('a language that is no longer offered is read as the fallback', async () => {
  const { id } = await app.addActive('old@example.org');
  await app.db.subscriber.update({ where: { id }, data: { language: 'la' } });
  expect((await app.getSubscriber(id)).preferences.language).toBe('en');
});

test('the API speaks English, whatever its caller prefers', async () => {
  const body = JSON.stringify({ email: 'api@example.org', topics: [] });
  const response = await app.request('/api/v1/subscriptions', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'accept-language': 'de' },
    body,
  });
  expect(JSON.stringify(await response.json())).toContain('choose at least one topic');
});
