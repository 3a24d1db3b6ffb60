import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { type IncomingHttpHeaders, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTransport, type SendMailOptions } from 'nodemailer';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openInboxFolder } from '../../../src/local/inbox/folder.ts';
import { type Inbox, startInbox } from '../../../src/local/inbox/inbox.ts';
import { openLinksInNewTab, splitLinks } from '../../../src/local/inbox/pages.ts';

let folder: string;
let inbox: Inbox;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paperround-inbox-'));
  inbox = await startInbox({ folder, host: '127.0.0.1', webPort: 0, log() {} });
});

afterAll(async () => {
  await inbox.stop();
  await rm(folder, { recursive: true, force: true });
});

beforeEach(async () => {
  await ask('/empty', { method: 'POST' });
});

type Answer = { status: number; headers: IncomingHttpHeaders; body: string };

/** Behind the key, which is left out of what comes back. */
async function ask(path: string, options: Parameters<typeof askAt>[1] = {}): Promise<Answer> {
  const root = new URL(inbox.webUrl ?? '').pathname;
  const { status, headers, body } = await askAt(root + path, options);
  const bare = Object.entries(headers).map(([name, value]) => [name, String(value).replace(root, '')]);
  return { status, headers: Object.fromEntries(bare), body: body.replaceAll(root, '') };
}

/** Sends the path as it is, and any Host: `fetch` would mend both. */
function askAt(
  path: string,
  options: { method?: string; headers?: Record<string, string> } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { port } = new URL(inbox.webUrl ?? '');
    request({ host: '127.0.0.1', port, path, ...options }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (chunk) => {
        body += chunk;
      });
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
      );
    })
      .on('error', reject)
      .end();
  });
}

/** Answers the mail's id. */
async function send(mail: SendMailOptions): Promise<string> {
  const envelope = { from: 'digest@papers.example', to: ['ada@papers.example'] };
  const { response } = await createTransport({ url: inbox.smtpUrl }).sendMail({ envelope, ...mail });
  return response.split(' ').at(-1) ?? '';
}

const digest = {
  from: { name: 'Paperround', address: 'digest@papers.example' },
  to: { name: 'Ada Lovelace', address: 'ada@papers.example' },
  subject: 'Größere Netze · 12 Dec',
  date: new Date('2025-12-12T06:00:00Z'),
  text: 'Read https://papers.example/paper/7.',
  html: '<!doctype html><html><body><p>Read <a href="https://papers.example/paper/7">it</a>.</p></body></html>',
  headers: { 'List-Unsubscribe': '<https://papers.example/unsubscribe/token>' },
};

describe('for scripts', () => {
  test('a mail is told in its parts', async () => {
    const id = await send(digest);
    const { body, headers } = await ask(`/api/messages/${id}`);
    expect(headers['content-type']).toBe('application/json; charset=utf-8');
    const mail = JSON.parse(body);
    expect(mail).toMatchObject({
      id,
      from: 'Paperround <digest@papers.example>',
      to: 'Ada Lovelace <ada@papers.example>',
      subject: 'Größere Netze · 12 Dec',
      date: '2025-12-12T06:00:00.000Z',
      html: digest.html,
      envelope: { from: 'digest@papers.example', to: ['ada@papers.example'] },
      problem: null,
    });
    expect(mail.text.trim()).toBe(digest.text);
    expect(mail.headers).toContainEqual({
      name: 'List-Unsubscribe',
      value: '<https://papers.example/unsubscribe/token>',
    });
  });

  test('the list is empty at first', async () => {
    expect(JSON.parse((await ask('/api/messages')).body)).toEqual({ messages: [] });
    expect(JSON.parse((await ask('/api/latest')).body)).toEqual({ id: null, total: 0 });
  });

  test('a mail that is not there is a 404', async () => {
    const id = await send(digest);
    await ask('/empty', { method: 'POST' });
    expect(await ask(`/api/messages/${id}`)).toMatchObject({ status: 404 });
  });

  test('the source is what was sent, byte for byte', async () => {
    const raw = 'Subject: raw\r\nX-Odd:   spaced \r\n\r\n.leading dot\r\nlast line\r\n';
    const id = await send({ raw });
    const { body, headers } = await ask(`/messages/${id}/source`);
    expect(body).toBe(raw);
    expect(headers['content-disposition']).toBe(`attachment; filename="${id}.eml"`);
    expect(headers['content-type']).toBe('message/rfc822');
  });
});

describe('for people', () => {
  test('the list names subject, sender, recipient, time and size', async () => {
    const id = await send(digest);
    const { body } = await ask('/');
    expect(body).toContain('<h1 id="count">1 mail</h1>');
    expect(body).toContain(`href="/messages/${id}"`);
    for (const text of ['Größere Netze', 'Ada Lovelace', 'Paperround &lt;digest@papers.example&gt;', '1 KB'])
      expect(body).toContain(text);
    expect(body).toMatch(/<time datetime="\d{4}-/);
  });

  test('a long list comes in pages of a hundred', async () => {
    const box = await openInboxFolder({ path: folder });
    const mail = { envelope: { from: '', to: [] }, source: Buffer.from('Subject: x\r\n\r\n') };
    for (let count = 0; count < 101; count += 1) await box.keep(mail);
    const { body } = await ask('/');
    expect(body).toContain('<h1 id="count">101 mails</h1>');
    expect(body.match(/<li>/g)).toHaveLength(100);
    const [, older = ''] = /<a href="([^"]+)">Older mails/.exec(body) ?? [];
    const second = (await ask(older)).body;
    expect(second.match(/<li>/g)).toHaveLength(1);
    expect(second).toContain('<a href="/">Newest mails</a>');
  });

  test('a mail opens with its HTML in a sandboxed frame', async () => {
    const id = await send(digest);
    const { body } = await ask(`/messages/${id}`);
    expect(body).toContain(
      `sandbox="allow-popups allow-popups-to-escape-sandbox" src="/messages/${id}/html"`,
    );
    expect((await ask(`/messages/${id}/html`)).body).toBe(openLinksInNewTab(digest.html));
  });

  test('plain text has its links, and is what a mail without HTML opens with', async () => {
    const id = await send({ ...digest, html: '' });
    const { body } = await ask(`/messages/${id}`);
    expect(body).not.toContain('<iframe');
    expect(body).toContain('<a href="https://papers.example/paper/7"');
    expect(await ask(`/messages/${id}/html`)).toMatchObject({ status: 404 });
  });

  test('all headers are shown as they were sent', async () => {
    const id = await send(digest);
    const { body } = await ask(`/messages/${id}?view=headers`);
    expect(body).toContain(
      '<dt>List-Unsubscribe</dt><dd>&lt;https://papers.example/unsubscribe/token&gt;</dd>',
    );
  });
});

describe('hostile mail', () => {
  const attack = '"><script>alert(1)</script>';

  test('is escaped wherever it is shown', async () => {
    const id = await send({
      from: { name: attack, address: 'a@papers.example' },
      to: { name: attack, address: 'b@papers.example' },
      subject: attack,
      text: `${attack} https://papers.example/${attack}`,
      headers: { 'X-Attack': attack },
      attachments: [{ filename: `${attack}.pdf`, content: 'x' }],
    });
    for (const path of [
      '/',
      `/messages/${id}`,
      `/messages/${id}?view=text`,
      `/messages/${id}?view=headers`,
    ]) {
      const { status, body } = await ask(path);
      expect(status).toBe(200);
      expect(body).not.toContain('<script>');
    }
  });

  test('has HTML that may run, load and submit nothing', async () => {
    const id = await send({ html: '<script>alert(1)</script>' });
    const policy = (await ask(`/messages/${id}/html`)).headers['content-security-policy'];
    expect(policy).toMatch(
      /^sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'/,
    );
    expect(policy).not.toMatch(/allow-scripts|allow-same-origin|script-src/);
  });

  test.each([
    ['no headers at all', '\r\njust a body'],
    ['nothing at all', ''],
    ['a header without an end', `Subject: ${'a'.repeat(200_000)}`],
    ['2 MB of headers', `Subject: big\r\nX-Big: ${'a'.repeat(2_000_000)}\r\n\r\nbody`],
    [
      'two thousand parts',
      `Content-Type: multipart/mixed; boundary=x\r\n\r\n${'--x\r\n\r\n\r\n'.repeat(2_000)}`,
    ],
    ['bytes that are no text', Buffer.from([0, 255, 13, 10, 0, 254, 58, 32, 13, 10, 13, 10, 200])],
  ])('with %s can be listed, opened and saved', async (_title, raw) => {
    const id = await send({ raw });
    for (const path of [
      '/',
      '/api/messages',
      `/messages/${id}`,
      `/messages/${id}/source`,
      `/api/messages/${id}`,
    ])
      expect(await ask(path)).toMatchObject({ status: 200 });
    expect(JSON.parse((await ask('/api/messages')).body).messages).toMatchObject([{ id }]);
  });
});

describe('hostile requests', () => {
  test.each([
    '/messages/../../../../etc/passwd',
    '/messages/..%2f..%2f..%2fetc%2fpasswd',
    '/messages/..%2f..%2f..%2fetc%2fpasswd/source',
    '/messages/%2e%2e/html',
    '/messages/page-url',
    '/api/messages/..%5c..%5cpage-url',
    '/api/proof/..%2fpage-url',
    '/api/proof/00000000-0000-0000-0000-000000000000',
    '/inbox.css/../../../package.json',
    '/layout.eta',
    '//',
    '/%',
    '/*',
  ])('%s is not found', async (path) => {
    expect(await ask(path)).toMatchObject({ status: 404 });
  });

  test.each(['papers.example', 'localhost.papers.example', '127.0.0.1.papers.example:80', 'localhost:80@x'])(
    'Host: %s is refused: it may be DNS rebinding',
    async (host) => {
      await send(digest);
      const { status, body } = await ask('/api/messages', { headers: { host } });
      expect(status).toBe(403);
      expect(body).not.toContain('ada@papers.example');
    },
  );

  test.each(['localhost', 'LOCALHOST:8025', '127.0.0.1:80', '[::1]:8025'])(
    'Host: %s is answered',
    async (host) => {
      expect(await ask('/', { headers: { host } })).toMatchObject({ status: 200 });
    },
  );

  test.each([
    [{ origin: 'https://papers.example' }],
    [{ origin: 'null' }],
    [{ 'sec-fetch-site': 'cross-site' }],
    [{ 'sec-fetch-site': 'same-site', origin: 'http://localhost:3000' }],
  ])('another site cannot empty the inbox: %o', async (headers: Record<string, string>) => {
    await send(digest);
    expect(await ask('/empty', { method: 'POST', headers })).toMatchObject({ status: 403 });
    expect(JSON.parse((await ask('/api/latest')).body)).toMatchObject({ total: 1 });
  });

  test('nothing is deleted by GET', async () => {
    await send(digest);
    expect(await ask('/empty')).toMatchObject({ status: 404 });
    expect(JSON.parse((await ask('/api/latest')).body)).toMatchObject({ total: 1 });
  });

  test('our own button empties it', async () => {
    await send(digest);
    const headers = { 'sec-fetch-site': 'same-origin' };
    expect(await ask('/empty', { method: 'POST', headers })).toMatchObject({ status: 303 });
    expect((await ask('/')).body).toContain('No mail yet');
  });

  test('pages may not be framed, and load from themselves alone', async () => {
    const { headers } = await ask('/');
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
    expect(headers['access-control-allow-origin']).toBeUndefined();
    expect(headers['x-content-type-options']).toBe('nosniff');
  });
});

test('web addresses in a text end before the punctuation that follows them', () => {
  const text = 'See (https://papers.example/a_b), or <http://x.example/?q=1&r=2>. Not javascript:alert(1).';
  const pieces = splitLinks(text);
  expect(pieces.map((piece) => piece.text).join('')).toBe(text);
  expect(pieces.filter(({ isLink }) => isLink).map((piece) => piece.text)).toEqual([
    'https://papers.example/a_b',
    'http://x.example/?q=1&r=2',
  ]);
});

test('a mail keeps its doctype in front when its links are sent to a new tab', () => {
  expect(openLinksInNewTab('<!doctype html><html>')).toBe('<!doctype html><base target="_blank"><html>');
  expect(openLinksInNewTab('<p>')).toBe('<base target="_blank"><p>');
});

describe('without the key', () => {
  const bare = (path: string, options: { method?: string } = {}): Promise<Answer> => askAt(path, options);

  test('nothing is answered, shown or emptied, and no answer has the key', async () => {
    const id = await send(digest);
    const key = new URL(inbox.webUrl ?? '').pathname.slice(1);
    const paths = [
      '/',
      '/api/messages',
      '/api/latest',
      `/api/messages/${id}`,
      `/messages/${id}`,
      `/messages/${id}/html`,
    ];
    for (const path of [
      ...paths,
      `/messages/${id}/source`,
      '/inbox.css',
      '/nowhere',
      '//',
      `/${key.slice(1)}/`,
      `/${key}0/`,
    ]) {
      const { status, body, headers } = await bare(path);
      expect({ path, status }).toEqual({ path, status: 403 });
      expect(body + JSON.stringify(headers)).not.toContain(key);
    }
    expect((await bare('/empty', { method: 'POST' })).status).toBe(403);
    expect(JSON.parse((await ask('/api/latest')).body)).toEqual({ id, total: 1 });
    expect((await bare('/api/proof/00000000-0000-4000-8000-000000000000')).body).not.toContain(key);
  });

  test('which is its owner’s to read, and the same for every process and after a restart', async () => {
    const path = join(folder, 'key');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    const other = await startInbox({ folder, host: '127.0.0.1', webPort: 0, log() {} });
    expect(new URL(other.webUrl ?? '').pathname).toBe(new URL(inbox.webUrl ?? '').pathname);
    expect(inbox.webUrl).toContain((await readFile(path, 'utf8')).trim());
    await other.stop();
  });

  test('but for its last slash, the address leads to the list', async () => {
    const { pathname } = new URL(inbox.webUrl ?? '');
    expect(await bare(pathname)).toMatchObject({ status: 303, headers: { location: `${pathname}/` } });
  });
});
