// The operator's own look and words: what is refused, and how it comes to pages and mails.
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { readBrand } from '../../src/brand/brand.ts';
import {
  listFaintPairs,
  mailColours,
  measureContrast,
  pageColours,
  roles,
  schemes,
} from '../../src/brand/palette.ts';
import { previewBrand } from '../../src/commands/preview-brand.ts';
import { packageFolder, readConfig } from '../../src/config/config.ts';
import { deliverDue } from '../../src/delivery/deliver.ts';
import { createMailWriter } from '../../src/delivery/write-mails.ts';
import { languageCodes } from '../../src/languages/languages.ts';
import { speakWith, wordsOf } from '../../src/languages/words.ts';
import { openTemplates, senderOf } from '../../src/mails/open-templates.ts';
import { findWorstContrast } from '../mails/measure-contrast.ts';
import { launchChromium } from '../support/chromium.ts';
import { describeWith } from '../support/needs.ts';
import { openPostOffice } from '../support/post-office.ts';
import { fewTopics, runCommand } from '../support/program.ts';
import { ada, expertPaper } from '../support/world.ts';
import { startApp, type TestApp } from '../web/start-app.ts';

const example = join(packageFolder, 'docs/brand');
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paperround-brand-'));
  await cp(example, folder, { recursive: true });
});
afterEach(async () => {
  speakWith(new Map());
  await rm(folder, { recursive: true });
});

const put = (file: string, text: string) => writeFile(join(folder, file), text);
const problems = () => readBrand(folder).problems;
const open = (from: string) => readConfig({ BRAND_DIR: from, TOPICS_FILE: fewTopics });

describe('colours', () => {
  test('of ours can all be read, and are those of the style sheet and of the mails', async () => {
    expect(listFaintPairs({ light: {}, dark: {} })).toEqual([]);
    const css = await readFile(join(packageFolder, 'templates/assets/styles.css'), 'utf8');
    for (const scheme of schemes)
      for (const [role, colour] of Object.entries(pageColours[scheme]))
        expect(css).toContain(
          `--${role.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}: ${colour};`,
        );
    const { digest, accountMail } = inject('mailSources');
    const used = new Set(
      `${digest.html}${accountMail.html}`.match(/#[\da-f]{6}\b/gi)?.map((one) => one.toLowerCase()),
    );
    const known = schemes.flatMap((scheme): string[] => Object.values(mailColours[scheme]));
    expect([...used].filter((colour) => !known.includes(colour))).toEqual([]);
    expect(known.filter((colour) => !used.has(colour))).toEqual([]);
  });

  test('have the contrast that WCAG says', () => {
    expect(measureContrast('#000000', '#ffffff')).toBe(21);
    expect(measureContrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
  });

  test('that cannot be read are named as pairs, light and dark, on pages and in mails', async () => {
    await put(
      'brand.yaml',
      'colours: { light: { ink: "#777777", paper: "#ffffff" }, dark: { onAccent: "#F0987F" } }',
    );
    const told = problems();
    expect(told).toContain(
      'brand.yaml: colours, light: ink (#777777) on paper (#ffffff) has a contrast of 4.47 on pages, and needs 4.5',
    );
    expect(told).toContain(
      'brand.yaml: colours, light: ink (#777777) on paper (#ffffff) has a contrast of 4.47 in mails, and needs 4.5',
    );
    expect(told).toContain(
      'brand.yaml: colours, dark: onAccent (#f0987f) on accent (#f0987f) has a contrast of 1.00 in mails, and needs 4.5',
    );
  });
});

describe('what is wrong is told at once, with its place:', () => {
  test.each<[string, string, string, RegExp]>([
    ['a key that is none', 'brand.yaml', 'nmae: Lab', /^brand\.yaml: .*nmae/],
    [
      'a colour that is none',
      'brand.yaml',
      'colours: { light: { ink: red } }',
      /^brand\.yaml: colours\.light\.ink is no colour/,
    ],
    ['what is no YAML', 'brand.yaml', 'name: [', /^brand\.yaml: /],
    [
      'a name of several lines',
      'brand.yaml',
      'name: "a\\nBcc: b@example.org"',
      /^brand\.yaml: name has line breaks/,
    ],
    [
      'a file elsewhere',
      'brand.yaml',
      'logo: ../../etc/passwd.svg',
      /^brand\.yaml: logo is no name of a file/,
    ],
    ['a file that is not there', 'brand.yaml', 'logo: no.svg', /^no\.svg cannot be read: ENOENT/],
    ['a picture that is none', 'logo.png', '<svg/>', /^logo\.png is not what its name says/],
    ['a logo of HTML', 'logo.svg', '<script>alert(1)</script>', /^logo\.svg is not what its name says/],
    [
      'a picture that is too large',
      'logo.svg',
      `<svg>${' '.repeat(200_000)}</svg>`,
      /^logo\.svg is larger than 200 kB/,
    ],
    [
      'a language that is none',
      'words/tlh.json',
      '{}',
      /^words\/tlh\.json is of no language: en\.json, de\.json/,
    ],
    ['words that are no JSON', 'words/de.json', '{', /^words\/de\.json: is no JSON/],
    [
      'a message that is none',
      'words/de.json',
      '{"digest":{"unsubscirbe":"x"}}',
      /^words\/de\.json: digest\.unsubscirbe is none of our messages; others there: digest\./,
    ],
    [
      'a blank that is missing',
      'words/de.json',
      '{"digest":{"invitation":"x"}}',
      /^words\/de\.json: digest\.invitation lacks \{\{siteName\}\}/,
    ],
    [
      'a blank that nothing fills',
      'words/de.json',
      '{"digest":{"unsubscribe":"{{email}}"}}',
      /^words\/de\.json: digest\.unsubscribe has \{\{email\}\}, which/,
    ],
    [
      'half a blank',
      'words/de.json',
      '{"digest":{"unsubscribe":"{{ x"}}',
      /^words\/de\.json: digest\.unsubscribe has “\{\{”/,
    ],
    [
      'a message that is no text',
      'words/de.json',
      '{"digest":{"unsubscribe":["x"]}}',
      /^words\/de\.json: digest\.unsubscribe is no text/,
    ],
    [
      'an empty message',
      'words/de.json',
      '{"digest":{"unsubscribe":" "}}',
      /^words\/de\.json: digest\.unsubscribe is no text/,
    ],
  ])('%s', async (_, file, text, problem) => {
    await put(file, text);
    expect(problems()).toEqual([expect.stringMatching(problem)]);
    expect(() => open(folder)).toThrow(/BRAND_DIR \S+: .*Example: BRAND_DIR=\.\/brand/);
  });

  test('a start, and `brand check`, end with all of them', async () => {
    await put('words/de.json', '{"a":"x","digest":{"unsubscribe":""}}');
    const { exit, stdout, stderr } = await runCommand(['brand', 'check', folder]);
    expect({ exit, stdout }).toEqual({ exit: 1, stdout: '' });
    expect(stderr).toMatch(
      /has 2 problem\(s\):\n- words\/de\.json: a is none .*\n- words\/de\.json: digest\.unsubscribe is no text\n$/,
    );
  });
});

test('the example is sound, and its name is that of the service unless SITE_NAME says another', () => {
  expect(readBrand(example).problems).toEqual([]);
  expect(open(example)).toMatchObject({
    siteName: 'Example Lab Reading Room',
    mailFrom: { name: 'Example Lab Reading Room' },
    brand: { mailLogo: { width: 48, height: 48 } },
  });
  expect(readConfig({ BRAND_DIR: example, SITE_NAME: 'Another' }).siteName).toBe('Another');
});

/** Markup wherever the operator may write. */
async function writeHostileBrand(): Promise<void> {
  await put(
    'brand.yaml',
    `name: "Lab <script>alert(1)</script>"\nfooter: "</p><img src=x onerror=alert(2)>"\nlogo: logo.svg\nmailLogo: logo.png`,
  );
  await put(
    'logo.svg',
    '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(3)"><script>alert(4)</script></svg>',
  );
  await put(
    'words/en.json',
    '{"digest":{"unsubscribe":"<b onclick=alert(5)>go</b>"},"sendLink":{"title":"<i>link</i>"}}',
  );
}

describe('pages', () => {
  let app: TestApp;
  const start = async (from: string) => {
    const { brand, siteName } = open(from);
    speakWith(brand?.words ?? new Map());
    app = await startApp({ config: { brand, siteName } });
  };
  afterEach(() => app?.stop());

  test('have the name, the logo, the colours, the footer of the language and the words', async () => {
    await put('words/de.json', '{"sendLink":{"title":"Zu Ihrem Leseplatz"}}');
    await start(folder);
    const html = await (await app.request('/?lang=de')).text();
    expect(html).toContain('Example Lab Reading Room</a>');
    expect(html).toContain('Betrieben von der Bibliothek');
    expect(html).toContain('Zu Ihrem Leseplatz');
    expect(html).toContain('content="#f7fafb" media="(prefers-color-scheme: light)"');
    const [logo = ''] = html.match(/\/assets\/logo\.[\da-f]+\.svg/) ?? [];
    const [style = ''] = html.match(/\/assets\/styles\.[\da-f]+\.css/) ?? [];
    expect(await (await app.request(style)).text()).toContain('--accent: #00628a;');
    const svg = await app.request(logo);
    expect(await svg.text()).toBe(await readFile(join(folder, 'logo.svg'), 'utf8'));
    const mailLogo = await app.request('/assets/mail-logo.png');
    expect({ status: mailLogo.status, type: mailLogo.headers.get('content-type') }).toEqual({
      status: 200,
      type: 'image/png',
    });
    // In a language that has none of its own.
    expect(await (await app.request('/?lang=ja')).text()).toContain('Run by the library');
  });

  test('show markup as it is written, and a logo runs nothing', async () => {
    await writeHostileBrand();
    await start(folder);
    const html = await (await app.request('/')).text();
    expect(html).not.toMatch(/<script>alert|<img src=x|<i>link/);
    expect(html).toContain('&lt;script&gt;alert(1)');
    const [logo = ''] = html.match(/\/assets\/logo\.[\da-f]+\.svg/) ?? [];
    const policy = (await app.request(logo)).headers.get('content-security-policy');
    expect(policy).toBe("default-src 'none'; style-src 'unsafe-inline'; sandbox");
  });
});

/** The digest that Ada gets over SMTP. */
async function mailAda(language: 'en' | 'de') {
  const post = await openPostOffice();
  try {
    await post.list('2026-03-02', [expertPaper('translation')]);
    const subscriber = await post.subscribe(ada);
    await post.db.subscriber.update({ where: { id: subscriber.id }, data: { language } });
    const config = readConfig({ BRAND_DIR: folder, BASE_URL: 'https://papers.example.org' });
    const templates = await openTemplates(config);
    const writeMails = createMailWriter({ ...post.writerDeps, templates, sender: senderOf(config) });
    await deliverDue({ ...post.deps, writeMails });
    const mails = await Promise.all(post.smtp.mails.map((mail) => post.smtp.parse(mail)));
    const digest = mails.find(({ text }) => text?.includes('translation'));
    if (digest === undefined) throw new Error('no digest came');
    return { html: String(digest.html), text: String(digest.text) };
  } finally {
    await post.close();
  }
}

describe('mails', () => {
  test('have the name, the logo by its address, the colours, the footer of the language and the words', async () => {
    const { html, text } = await mailAda('de');
    expect(html.replace(/\s+/g, ' ')).toMatch(
      /<img src="https:\/\/papers\.example\.org\/assets\/mail-logo\.png" width="48" height="48" alt/,
    );
    expect(html).toContain('Example Lab Reading Room');
    expect(html).toContain('Betrieben von der Bibliothek');
    expect(html).toContain('Lesesaal abbestellen');
    expect(html).toContain('#00628a');
    expect(html).toContain('#6fc5ea');
    expect(html).not.toMatch(/#a3341f|#f0987f/);
    expect(text.replace(/\s+/g, ' ')).toContain('Betrieben von der Bibliothek des Example Lab.');
    expect(text.toUpperCase()).toContain('EXAMPLE LAB READING ROOM');
    expect(text).toContain('Lesesaal abbestellen');
  });

  test('show markup as it is written', async () => {
    await writeHostileBrand();
    const { html } = await mailAda('en');
    expect(html).not.toMatch(/<script>|<img src=x|<b onclick/);
    expect(html).toContain('&#60;b onclick=alert(5)&#62;');
  });
});

test('words of ours are said again once nobody has others', async () => {
  await put('words/en.json', '{"digest":{"unsubscribe":"Leave"}}');
  speakWith(readBrand(folder).brand?.words ?? new Map());
  expect(wordsOf('en').t('digest.unsubscribe')).toBe('Leave');
  speakWith(new Map());
  expect(wordsOf('en').t('digest.unsubscribe')).not.toBe('Leave');
});

describeWith('chromium', 'a preview', () => {
  let out: string;
  beforeAll(async () => {
    out = await mkdtemp(join(tmpdir(), 'paperround-preview-'));
    const config = open(example);
    if (config.brand === null) throw new Error('the example has no brand');
    await previewBrand({ config, brand: config.brand, folder: out });
  });
  afterAll(() => rm(out, { recursive: true }));

  test('has a page and every mail in every language, which can be read in light and dark', async () => {
    const files = (await readdir(out)).filter((name) => /^(?:page|mail)\./.test(name));
    for (const language of languageCodes)
      expect(files).toEqual(
        expect.arrayContaining([
          `page.${language}.html`,
          `mail.digest.${language}.html`,
          `mail.confirmation.${language}.html`,
        ]),
      );
    const browser = await launchChromium();
    const page = await browser.newPage();
    for (const name of ['page.en.html', 'mail.digest.de.html', 'mail.confirmation.ja.html']) {
      await page.goto(`file://${join(out, name)}`);
      expect(await page.evaluate('[...document.images].map((image) => image.naturalWidth > 0)')).toEqual([
        true,
      ]);
      for (const colorScheme of schemes) {
        await page.emulateMedia({ colorScheme });
        expect((await findWorstContrast(page)).ratio, `${name}, ${colorScheme}`).toBeGreaterThanOrEqual(4.5);
      }
    }
    await browser.close();
  });
});

test('every role has a place in the page of the brand', async () => {
  const page = await readFile(join(packageFolder, 'docs/brand.md'), 'utf8');
  for (const role of roles) expect(page).toContain(`\`${role}\``);
});
