import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { createTransport } from 'nodemailer';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openInboxFolder } from '../../../src/local/inbox/folder.ts';
import { type Inbox, startInbox } from '../../../src/local/inbox/inbox.ts';
import { ConfigError } from '../../../src/platform/errors.ts';
import { findScript } from '../../support/build.ts';

type Listed = { id: string; subject: string; envelope: { from: string; to: string[] } };

let parent: string;
let folder: string;
let logged: string[];
/** Undone after each test, the last first. */
let cleanups: (() => Promise<unknown> | unknown)[];

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'paperround-inbox-'));
  folder = join(parent, 'inbox');
  logged = [];
  cleanups = [() => rm(parent, { recursive: true, force: true })];
});

afterEach(async () => {
  for (const undo of cleanups.reverse()) await undo();
});

async function start(webPort: number | null = 0, path = folder): Promise<Inbox> {
  const log = (message: string) => logged.push(message);
  const inbox = await startInbox({ folder: path, host: '127.0.0.1', webPort, log });
  cleanups.push(inbox.stop);
  return inbox;
}

async function send(smtpUrl: string, subject: string, body: string | Buffer = 'Hello'): Promise<string> {
  const transport = createTransport({ url: smtpUrl });
  const mail = { from: 'digest@papers.example', to: 'ada@papers.example', subject, text: body };
  return (await transport.sendMail(mail)).response;
}

async function list(inbox: Inbox): Promise<Listed[]> {
  const answer = await fetch(`${inbox.webUrl}/api/messages`);
  const { messages }: { messages: Listed[] } = JSON.parse(await answer.text());
  return messages;
}

const subjectsOf = async (inbox: Inbox) => (await list(inbox)).map(({ subject }) => subject);

async function waitFor(holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error('Waited for ten seconds');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function listenOnFreePort(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanups.push(() => server.close());
  return (server.address() as AddressInfo).port;
}

describe('mail that is sent to the inbox', () => {
  test('is listed, the newest first', async () => {
    const inbox = await start();
    for (const subject of ['one', 'two', 'three']) await send(inbox.smtpUrl, subject);
    expect(await subjectsOf(inbox)).toEqual(['three', 'two', 'one']);
  });

  test('is on disk when the server says so', async () => {
    const inbox = await start();
    const response = await send(inbox.smtpUrl, 'kept');
    const [name = ''] = (await readdir(folder)).filter((file) => file.endsWith('.eml'));
    expect(response).toBe(`250 OK: kept as ${name.replace('.eml', '')}`);
    expect(await readFile(join(folder, name), 'utf8')).toContain('Subject: kept');
  });

  test('keeps its envelope, which its headers need not tell', async () => {
    const inbox = await start();
    await createTransport({ url: inbox.smtpUrl }).sendMail({
      envelope: { from: 'b+token@papers.example', to: ['ada@papers.example', 'jörg@papers.example'] },
      from: 'digest@papers.example',
      to: 'undisclosed-recipients:;',
      text: 'Hello',
    });
    const [mail] = await list(inbox);
    expect(mail?.envelope).toEqual({
      from: 'b+token@papers.example',
      to: ['ada@papers.example', 'jörg@papers.example'],
    });
  });

  test('is still there after a restart', async () => {
    const first = await start();
    await send(first.smtpUrl, 'before');
    await first.stop();
    const second = await start();
    await send(second.smtpUrl, 'after');
    expect(await subjectsOf(second)).toEqual(['after', 'before']);
  });

  test('of more than 5 MB is refused with 552, and the connection goes on', async () => {
    const inbox = await start();
    const transport = createTransport({ url: inbox.smtpUrl, pool: true, maxConnections: 1 });
    cleanups.push(() => transport.close());
    const mail = { from: 'digest@papers.example', to: 'ada@papers.example' };
    const big = transport.sendMail({ ...mail, text: 'x'.repeat(5.5 * 1024 * 1024) });
    await expect(big).rejects.toMatchObject({ responseCode: 552 });
    await transport.sendMail({ ...mail, subject: 'small' });
    expect(await subjectsOf(inbox)).toEqual(['small']);
  });

  test('is answered with 451 while the disk fails, and taken again afterwards', async () => {
    const inbox = await start();
    await rename(folder, `${folder}-away`);
    await writeFile(folder, 'in the way');
    await expect(send(inbox.smtpUrl, 'lost')).rejects.toMatchObject({ responseCode: 451 });
    expect(logged.join()).toContain('could not be kept');
    await rm(folder);
    await rename(`${folder}-away`, folder);
    await send(inbox.smtpUrl, 'taken');
    expect(await subjectsOf(inbox)).toEqual(['taken']);
  });

  test('that breaks off half-way is not kept', async () => {
    const inbox = await start();
    const { port } = new URL(inbox.smtpUrl);
    const socket = connect(Number(port), '127.0.0.1');
    const replies = createInterface(socket)[Symbol.asyncIterator]();
    const lines = ['HELO me', 'MAIL FROM:<a@papers.example>', 'RCPT TO:<b@papers.example>', 'DATA'];
    for (const line of lines) {
      await replies.next();
      socket.write(`${line}\r\n`);
    }
    expect((await replies.next()).value).toMatch(/^354/);
    socket.write('Subject: half\r\n\r\nThis is not');
    await new Promise((resolve) => setTimeout(resolve, 50));
    socket.destroy();
    await send(inbox.smtpUrl, 'whole');
    expect(await subjectsOf(inbox)).toEqual(['whole']);
    expect((await readdir(folder)).filter((name) => name.endsWith('.part'))).toEqual([]);
    expect(logged).toEqual([]);
  });

  test('was either kept whole or not at all when the process is killed', async () => {
    const { path: inboxScript, execArgv } = await findScript('src/local/inbox/inbox.ts');
    const program = `
      import { startInbox } from ${JSON.stringify(pathToFileURL(inboxScript).href)};
      const { smtpUrl } = await startInbox({ folder: ${JSON.stringify(folder)}, host: '127.0.0.1', webPort: null, log() {} });
      console.log(smtpUrl);`;
    const child = spawn(process.execPath, [...execArgv, '--input-type=module', '--eval', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    cleanups.push(() => child.kill('SIGKILL'));
    const [smtpUrl] = await once(createInterface(child.stdout), 'line');
    const transport = createTransport({ url: String(smtpUrl), pool: true, maxConnections: 4 });
    const text = `${'x'.repeat(70)}\n`.repeat(3_000);
    const acknowledged: string[] = [];
    const sending = Array.from({ length: 40 }, async (_, index) => {
      const mail = {
        from: 'digest@papers.example',
        to: 'ada@papers.example',
        subject: `mail ${index}`,
        text,
      };
      await transport.sendMail(mail).then(
        () => acknowledged.push(`mail ${index}`),
        () => {},
      );
      if (acknowledged.length === 8) child.kill('SIGKILL');
    });
    await once(child, 'exit');
    transport.close();
    await Promise.all(sending);

    const inbox = await start();
    const kept = await list(inbox);
    expect(kept.map(({ subject }) => subject)).toEqual(expect.arrayContaining(acknowledged));
    for (const { id } of kept) {
      const mail = JSON.parse(await (await fetch(`${inbox.webUrl}/api/messages/${id}`)).text());
      expect(mail.text.trim()).toBe(text.trim());
    }
  });
});

describe('the folder', () => {
  const mail = { envelope: { from: '', to: [] }, source: Buffer.from('Subject: x\r\n\r\n') };

  test('keeps the newest mails only', async () => {
    const box = await openInboxFolder({ path: folder, maxMails: 3, slack: 2 });
    const ids: string[] = [];
    for (let count = 0; count < 7; count += 1) ids.push(await box.keep(mail));
    expect(await box.listIds()).toEqual(ids.slice(-3).reverse());
    expect((await readdir(folder)).length).toBeLessThan(3 + 2);
    await openInboxFolder({ path: folder, maxMails: 1 });
    expect(await readdir(folder)).toEqual([`${ids.at(-1)}.eml`]);
  });

  test('is cleared of what a killed process left, but not of what another one is writing', async () => {
    await mkdir(folder);
    for (const name of ['old.part', 'young.part']) await writeFile(join(folder, name), 'half');
    const anHourAgo = Date.now() / 1000 - 3_600;
    await utimes(join(folder, 'old.part'), anHourAgo, anHourAgo);
    await openInboxFolder({ path: folder });
    expect(await readdir(folder)).toEqual(['young.part']);
  });

  test('may hold other files: they are left alone', async () => {
    const box = await openInboxFolder({ path: folder });
    await writeFile(join(folder, 'letter.eml'), 'mine');
    expect(await box.listIds()).toEqual([]);
    await box.empty();
    expect(await readdir(folder)).toEqual(['letter.eml']);
  });

  test('that cannot be used is named, with a way out', async () => {
    await writeFile(folder, 'a file');
    await expect(start()).rejects.toThrow(ConfigError);
    await expect(start()).rejects.toThrow(new RegExp(`${folder}.*SMTP_URL`, 's'));
  });
});

describe('several processes on one folder', () => {
  const portOf = (inbox: Inbox) => Number(new URL(inbox.webUrl ?? '').port);

  test('share the page, and each takes mail by itself', async () => {
    const first = await start();
    const second = await start(portOf(first));
    expect(second.webUrl).toBe(first.webUrl);
    expect(second.smtpUrl).not.toBe(first.smtpUrl);
    await send(first.smtpUrl, 'from the first');
    await send(second.smtpUrl, 'from the second');
    expect(await subjectsOf(first)).toEqual(['from the second', 'from the first']);
  });

  test('go on when the one that served the page ends: the next one serves it', async () => {
    const first = await start();
    const second = await start(portOf(first));
    await first.stop();
    await waitFor(() =>
      fetch(`${second.webUrl}/`).then(
        ({ ok }) => ok,
        () => false,
      ),
    );
    await send(second.smtpUrl, 'still taken');
    expect(await subjectsOf(second)).toEqual(['still taken']);
    expect((await start(null)).webUrl).toBe(first.webUrl);
  });

  test('need not all serve a page: a short command learns where it is', async () => {
    expect((await start(null)).webUrl).toBeNull();
    const serving = await start();
    expect((await start(null)).webUrl).toBe(serving.webUrl);
    await serving.stop();
    expect((await start(null)).webUrl).toBeNull();
  });

  test('are not misled by a note from a killed process', async () => {
    const stranger = await listenOnFreePort(createHttpServer((_request, response) => response.end('Hello')));
    await mkdir(folder);
    for (const port of [1, stranger]) {
      await writeFile(join(folder, 'page-url'), `http://localhost:${port}`);
      expect((await start(null)).webUrl).toBeNull();
    }
  });
});

describe('a port that somebody else uses', () => {
  const wayOut = /INBOX_PORT=8026/;

  test.each([
    ['a web server', () => createHttpServer((_request, response) => response.end('Hello'))],
    ['something that is no web server', () => createServer((socket) => socket.end('220 hello\r\n'))],
  ])('is not taken for ours: %s', async (_title, createStranger) => {
    const port = await listenOnFreePort(createStranger());
    await expect(start(port)).rejects.toThrow(ConfigError);
    await expect(start(port)).rejects.toThrow(wayOut);
  });

  test('is not taken for ours when a copy of the folder is served there', async () => {
    const original = await start();
    await cp(folder, join(parent, 'copy'), { recursive: true });
    const port = Number(new URL(original.webUrl ?? '').port);
    await expect(start(port, join(parent, 'copy'))).rejects.toThrow(wayOut);
  });
});
