// The key that signs links: is it there, kept, and hard to guess.
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fail, ok, type Told, warn } from './finding.ts';

type Input = { secretKey: string | null; secretKeyPrevious: string | null; dataFolder: string };

/** Fewer different characters than that in a key are no random ones. */
const fewCharacters = 8;

export async function examineKeys({ secretKey, secretKeyPrevious, dataFolder }: Input): Promise<Told[]> {
  const told = secretKey === null ? await examineKept(join(dataFolder, 'secret-key')) : [judgeKey(secretKey)];
  return [
    ...told,
    ...(secretKeyPrevious !== null && secretKeyPrevious === secretKey
      ? [warn('SECRET_KEY_PREVIOUS is SECRET_KEY', 'Leave it out: it verifies what another key has signed')]
      : []),
  ];
}

function judgeKey(key: string): Told {
  return new Set(key).size < fewCharacters
    ? fail(
        'SECRET_KEY can be guessed: it has few different characters, and whoever guesses it can open every account',
        'Make one by openssl rand -hex 32; SECRET_KEY_PREVIOUS keeps old links working, but leave a guessable one out',
      )
    : ok('SECRET_KEY is set');
}

async function examineKept(path: string): Promise<Told[]> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => error);
  if (typeof text !== 'string')
    return text.code === 'ENOENT'
      ? [ok(`no key yet: the first start makes ${path}`)]
      : [fail(`${path} cannot be read (${text.code})`, 'Let the user that runs Paperround read it')];
  const { mode } = await stat(path);
  return [
    text.trim().length >= 32
      ? ok(`the key is in ${path}: keep a copy, without it the links in old mails end`)
      : fail(`${path} holds no key`, 'Restore it; or delete it, and the links in old mails end'),
    ...((mode & 0o077) === 0 ? [] : [fail(`others on this machine can read ${path}`, `chmod 600 ${path}`)]),
  ];
}
