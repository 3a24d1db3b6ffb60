// Ready-made messages in a file, from the process that writes them to the one that sends them.
import { readFile, writeFile } from 'node:fs/promises';
import type { OutgoingMessage } from '../src/smtp/mailer.ts';

type StoredMessage = { envelope: OutgoingMessage['envelope']; text: string };

export async function writeSamples(file: string, messages: readonly OutgoingMessage[]): Promise<void> {
  // Mails are ASCII: JSON takes them as they are.
  const stored = messages.map(
    ({ envelope, raw }): StoredMessage => ({ envelope, text: raw.toString('latin1') }),
  );
  await writeFile(file, JSON.stringify(stored));
}

export async function readSamples(file: string): Promise<OutgoingMessage[]> {
  const stored = JSON.parse(await readFile(file, 'utf8')) as StoredMessage[];
  return stored.map(({ envelope, text }) => ({ envelope, raw: Buffer.from(text, 'latin1') }));
}
