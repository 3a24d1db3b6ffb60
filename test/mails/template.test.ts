// Blanks and pieces of a template, and mistakes in it.
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { compileMailSources, loadMailSources, storeMailSources } from '../../src/mails/mail-sources.ts';
import { createMailTemplates } from '../../src/mails/mail-templates.ts';
import { compileTemplate, cutPiece } from '../../src/mails/template.ts';
import { ConfigError } from '../../src/platform/errors.ts';
import { trustHtml } from '../../src/text/html.ts';

const templatesFolder = fileURLToPath(new URL('../../templates', import.meta.url));
const load = async (folder: string) => createMailTemplates(await compileMailSources(folder));
const source = (html: string) => ({ where: 'x.mjml', html });

test('text is escaped wherever it is filled in, markup of ours is not', () => {
  const fill = compileTemplate(source('<a href="{{url}}">{{title}}</a>{{more}}'), ['url', 'title', 'more']);
  expect(
    fill({ url: 'https://a.org/?a=1&b="2"', title: "<b>{{more}}</b> ü '$&", more: trustHtml('<hr>') }),
  ).toBe(
    '<a href="https://a.org/?a=1&#38;b=&#34;2&#34;">&#60;b&#62;&#123;&#123;more}}&#60;/b&#62; &#252; &#39;$&#38;</a><hr>',
  );
});

test('a piece is cut out and leaves a blank', () => {
  const { piece, rest } = cutPiece(source('<p><!-- more: --><b>{{count}}</b><!-- :more --></p>'), 'more');
  expect(piece.html).toBe('<b>{{count}}</b>');
  expect(rest.html).toBe('<p>{{more}}</p>');
});

test.each([
  [
    'an unknown blank',
    () => compileTemplate(source('{{title}} {{titel}}'), ['title']),
    /x\.mjml: .*\{\{titel\}\}.*title/,
  ],
  [
    'a missing blank',
    () => compileTemplate(source('{{title}}'), ['title', 'url']),
    /x\.mjml: \{\{url\}\} is missing/,
  ],
  ['a missing piece', () => cutPiece(source('<p></p>'), 'card'), /x\.mjml: <!-- card: -->/],
  [
    'a piece that is there twice',
    () => cutPiece(source('<!-- a: -->1<!-- :a --><!-- a: -->2<!-- :a -->'), 'a'),
    /exactly once/,
  ],
])('%s is told', (_, compile, message) => {
  expect(compile).toThrow(ConfigError);
  expect(compile).toThrow(message);
});

describe('the folder of templates', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'templates-'));
  afterAll(() => rm(folder, { recursive: true }));

  async function breakTemplate(name: string, from: string, to: string): Promise<void> {
    await cp(templatesFolder, folder, { recursive: true });
    const text = await readFile(join(folder, name), 'utf8');
    expect(text).toContain(from);
    await writeFile(join(folder, name), text.replace(from, to));
  }

  test.each([
    ['digest.mjml', '<mj-section', '<mj-sektion', /digest\.mjml.*mj-sektion/s],
    ['digest.mjml', './parts/mail-head.mjml', './parts/absent.mjml', /absent\.mjml can not be read/],
    ['digest.mjml', '{{archive}}', 'https://elsewhere.org', /digest\.mjml \(more\).*archive/s],
    ['digest.mjml', '<!-- :lead -->', '', /digest\.mjml: <!-- lead: -->/],
    ['account-mail.mjml', '{{otherwise}}', '{{elsewise}}', /account-mail\.mjml.*elsewise/s],
    ['account-mail.mjml', '<mj-button href', '<mj-button url', /account-mail\.mjml.*url/s],
  ])('%s with %s as "%s" stops the start', async (name, from, to, message) => {
    await breakTemplate(name, from, to);
    const loading = load(folder);
    await expect(loading).rejects.toThrow(ConfigError);
    await expect(loading).rejects.toThrow(message);
  });

  test('what the build stored is taken while the templates are those it was made of', async () => {
    await cp(templatesFolder, folder, { recursive: true });
    const stored = join(folder, 'stored.json');
    await storeMailSources(folder, stored);
    const built = JSON.parse(await readFile(stored, 'utf8'));
    const compiled = await compileMailSources(folder);
    expect(await loadMailSources(folder, stored)).toEqual(compiled);

    built.sources.digest.html = 'as built';
    await writeFile(stored, JSON.stringify(built));
    expect((await loadMailSources(folder, stored)).digest.html).toBe('as built');
    await breakTemplate('parts/mail-head.mjml', '<', '<!-- changed --><');
    expect((await loadMailSources(folder, stored)).digest.html).toContain('<!-- changed -->');
    await expect(loadMailSources(join(folder, 'nowhere'), stored)).rejects.toThrow(ConfigError);
  });

  test('a missing file stops the start', async () => {
    await expect(load(join(folder, 'nowhere'))).rejects.toThrow(/nowhere.*can not be read/);
  });

  test('ours are in order', async () => {
    await expect(load(templatesFolder)).resolves.toBeDefined();
  });
});
