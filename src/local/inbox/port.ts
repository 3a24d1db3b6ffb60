// The port of the inbox page: taken, or shared with the process that already serves the same folder there.
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ConfigError } from '../../platform/errors.ts';
import { askWhoAnswers, forgetPageUrl, notePageUrl } from './proof.ts';

export type ServedPage = { url: string; stop(): Promise<void> };

const maxAttempts = 20;
const retryMs = 150;
const watchMs = 1_000;

/**
 * Serves the page on `port` (0: any free one). Where another process serves the folder there, its address is as good;
 * should that process end, its place is taken. Throws ConfigError when the port is somebody else's.
 */
export async function servePage(input: {
  server: Server;
  host: string;
  port: number;
  folder: string;
  log: (message: string) => void;
}): Promise<ServedPage> {
  const { server, folder, port, log } = input;
  for (let attempt = 1; attempt <= maxAttempts; attempt += 1) {
    if (await tryListen(input)) {
      const url = urlOf(server);
      await notePageUrl(folder, url);
      return { url, stop: () => stop(input) };
    }
    const url = `http://localhost:${port}`;
    const who = await askWhoAnswers({ folder, url });
    if (who === 'ours') {
      log(`The inbox page at ${url} is already served by another process`);
      return { url, stop: waitForPlace(input) };
    }
    if (who === 'stranger') break;
    // A process that is just ending still holds the port.
    await new Promise((resolve) => setTimeout(resolve, retryMs));
  }
  throw new ConfigError(
    `The local inbox cannot use port ${port} because another program does: choose another one, for example INBOX_PORT=${port === 8026 ? 8027 : 8026}`,
  );
}

/** Answers how to stop. */
function waitForPlace(input: Parameters<typeof servePage>[0]): () => Promise<void> {
  const { server, folder, log } = input;
  let attempt: Promise<void> = Promise.resolve();
  const takePlace = async () => {
    if (server.listening || !(await tryListen(input))) return;
    await notePageUrl(folder, urlOf(server));
    log(`The inbox page at ${urlOf(server)} is now served by this process`);
  };
  const watch = setInterval(() => {
    attempt = attempt.then(takePlace).catch((error: Error) => log(error.message));
  }, watchMs);
  watch.unref();
  return async () => {
    clearInterval(watch);
    await attempt;
    await stop(input);
  };
}

async function stop({ server, folder }: { server: Server; folder: string }): Promise<void> {
  if (!server.listening) return;
  await forgetPageUrl(folder, urlOf(server)).catch(() => {});
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

/** False: the port is taken. Throws ConfigError when it can never be ours. */
function tryListen(input: Parameters<typeof servePage>[0]): Promise<boolean> {
  const { server, host, port } = input;
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException) => {
      server.off('listening', onListening);
      if (error.code === 'EADDRINUSE') return resolve(false);
      reject(
        new ConfigError(
          `The local inbox cannot listen on ${host}, port ${port} (${error.message}): choose another port, for example INBOX_PORT=8026`,
          { cause: error },
        ),
      );
    };
    const onListening = () => {
      server.off('error', onError);
      // One connection that cannot be accepted is no reason to end.
      server.on('error', (error) => input.log(`The inbox page had trouble: ${error.message}`));
      resolve(true);
    };
    server.once('error', onError).once('listening', onListening).listen(port, host);
  });
}

function urlOf(server: Server): string {
  const { port } = server.address() as AddressInfo;
  return `http://localhost:${port}`;
}
