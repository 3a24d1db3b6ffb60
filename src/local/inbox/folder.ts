// The folder that mails are kept in: a file each, the SMTP envelope as JSON in a line above the message. There is no
// other state, so any number of processes can share a folder, and it outlives them all.
import { randomBytes } from 'node:crypto';
import { chmod, mkdir, open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { ConfigError } from '../../platform/errors.ts';

/** Who SMTP said it is from (empty for the null sender) and for. */
export type Envelope = { from: string; to: string[] };

/** `source` is the message as it was received; of a head only its beginning. `sizeBytes` is always that of the whole. */
export type KeptMail = {
  id: string;
  receivedAt: Date;
  sizeBytes: number;
  envelope: Envelope;
  source: Buffer;
};

export type InboxFolder = {
  path: string;
  /** Answers the id once the mail is safely on disk. Rejects when it cannot be. */
  keep(mail: { envelope: Envelope; source: Buffer }): Promise<string>;
  /** Newest first. */
  listIds(): Promise<string[]>;
  /** Null: there is no such mail, or no longer. */
  findMail(id: string): Promise<KeptMail | null>;
  /** The same with no more than the first 64 KB of the message: its headers, unless somebody is joking. */
  findHead(id: string): Promise<KeptMail | null>;
  empty(): Promise<void>;
};

const headBytes = 64 * 1024;
/** Longer than any mail takes to arrive. */
const leftoverAgeMs = 10 * 60_000;
/** Room for the longest envelope line that the SMTP side lets through. */
const maxEnvelopeBytes = 128 * 1024;
const envelopeShape = z.object({ from: z.string(), to: z.array(z.string()) });
const idShape = /^(\d{4}-\d\d-\d\dT\d\d)-(\d\d)-(\d\d\.\d{3}Z)-[0-9a-f]{8}$/;

/** Opens the folder, making it where it is missing, and clears away what a killed process left. Throws ConfigError. */
export async function openInboxFolder(input: {
  path: string;
  /** The oldest go when there are more. */
  maxMails?: number;
  /** How many may come until the oldest go. */
  slack?: number;
}): Promise<InboxFolder> {
  const { path, maxMails = 1_000, slack = 100 } = input;
  await makeFolder(path);
  await Promise.all([removeLeftovers(path), trim(path, maxMails)]);
  const nextId = createIds();
  let sinceTrim = 0;

  return {
    path,
    async keep({ envelope, source }) {
      const draft = join(path, `${randomBytes(8).toString('hex')}.part`);
      try {
        const bytes = Buffer.concat([Buffer.from(`${JSON.stringify(envelope)}\n`), source]);
        await writeFile(draft, bytes, { flag: 'wx', mode: 0o600, flush: true });
        const id = nextId();
        await rename(draft, fileOf(path, id));
        sinceTrim += 1;
        if (sinceTrim >= slack) {
          sinceTrim = 0;
          // This mail is safe; what could not be removed now will be the next time.
          await trim(path, maxMails).catch(() => {});
        }
        return id;
      } finally {
        await rm(draft, { force: true }).catch(() => {});
      }
    },
    listIds: async () => (await listIds(path)).slice(0, maxMails),
    findMail: (id) => findMail(path, id, Number.POSITIVE_INFINITY),
    findHead: (id) => findMail(path, id, headBytes),
    async empty() {
      for (const id of await listIds(path)) await rm(fileOf(path, id), { force: true });
    },
  };
}

/** Whether this could be a mail's id. Nothing else ever becomes part of a file's name. */
export function isMailId(text: string): boolean {
  return idShape.test(text);
}

// The parents first and as usual: other things live there. Only the mails, with their secret links, are for the owner.
async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await mkdir(path, { recursive: true });
    await chmod(path, 0o700);
    await readdir(path);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigError(
      `The local inbox cannot use the folder ${path} (${reason}): make it writable for this user, or set SMTP_URL to ` +
        'a mail server of your own',
      { cause },
    );
  }
}

async function removeLeftovers(path: string): Promise<void> {
  for (const name of await readdir(path)) {
    if (!/\.(part|proof)$/.test(name)) continue;
    const found = await stat(join(path, name)).catch(() => null);
    // A younger one may be a mail that another process is receiving right now.
    if (found !== null && found.mtimeMs < Date.now() - leftoverAgeMs)
      await rm(join(path, name), { force: true });
  }
}

async function trim(path: string, maxMails: number): Promise<void> {
  for (const id of (await listIds(path)).slice(maxMails)) await rm(fileOf(path, id), { force: true });
}

/** Ids sort by time; two of one process are never from the same millisecond. */
function createIds(): () => string {
  let lastMs = 0;
  return () => {
    lastMs = Math.max(Date.now(), lastMs + 1);
    const time = new Date(lastMs).toISOString().replaceAll(':', '-');
    return `${time}-${randomBytes(4).toString('hex')}`;
  };
}

async function listIds(path: string): Promise<string[]> {
  return (await readdir(path))
    .filter((name) => name.endsWith('.eml'))
    .map((name) => name.slice(0, -'.eml'.length))
    .filter(isMailId)
    .sort()
    .reverse();
}

const fileOf = (path: string, id: string) => join(path, `${id}.eml`);

async function findMail(path: string, id: string, maxBytes: number): Promise<KeptMail | null> {
  const [, hour, minute, second] = idShape.exec(id) ?? [];
  if (hour === undefined) return null;
  const file = fileOf(path, id);
  const bytes = await readStart(file, maxBytes + maxEnvelopeBytes);
  const lineEnd = bytes?.content.indexOf('\n') ?? -1;
  if (bytes === null || lineEnd < 0) return null;
  return {
    id,
    receivedAt: new Date(`${hour}:${minute}:${second}`),
    sizeBytes: bytes.size - lineEnd - 1,
    envelope: parseEnvelope(bytes.content.subarray(0, lineEnd).toString()),
    source: bytes.content.subarray(lineEnd + 1, Math.min(bytes.content.length, lineEnd + 1 + maxBytes)),
  };
}

async function readStart(file: string, maxBytes: number): Promise<{ content: Buffer; size: number } | null> {
  try {
    const handle = await open(file);
    try {
      const { size } = await handle.stat();
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(Math.min(size, maxBytes)), 0, null, 0);
      return { content: buffer.subarray(0, bytesRead), size };
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

function parseEnvelope(line: string): Envelope {
  try {
    return envelopeShape.parse(JSON.parse(line));
  } catch {
    // Somebody edited the file: the mail can be shown all the same.
    return { from: '', to: [] };
  }
}
