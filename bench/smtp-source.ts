// Postfix's own load generator, in C, where it is installed: how fast this sink can be fed at all.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';

/** Mails per second of the given size; null where the program is missing or fails. */
export async function measureSmtpSource({
  port,
  mails,
  bytesPerMail,
  connections,
}: {
  port: number;
  mails: number;
  bytesPerMail: number;
  connections: number;
}): Promise<number | null> {
  if (spawnSync('smtp-source', [], { stdio: 'ignore' }).error !== undefined) return null;
  const load = ['-m', String(mails), '-l', String(bytesPerMail), '-s', String(connections), '-d'];
  const addresses = ['-f', 'digest@papers.example.org', '-t', 'reader@mail.example'];
  const startedAt = performance.now();
  const child = spawn('smtp-source', [...load, ...addresses, `inet:127.0.0.1:${port}`], { stdio: 'ignore' });
  const [code] = await once(child, 'exit');
  return code === 0 ? (mails * 1000) / (performance.now() - startedAt) : null;
}
