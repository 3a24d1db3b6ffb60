// What the whole run shares and not every test needs, made when the first test asks for it: a run of one small file starts
// none of it. The makers work in vitest's main process and answer the workers over loopback HTTP.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export type SharedParts = {
  /** The folder of a cluster to copy, see cluster.ts. */
  cluster: { folder: string };
  postgres: { adminUrl: string; templateName: string };
  /** Null where redis-server is missing. */
  redis: { url: string } | null;
  /** The folder of the built program, see build.ts. */
  build: { folder: string };
};

export type Part = keyof SharedParts;
type Made<Of extends Part> = { value: SharedParts[Of]; stop: () => Promise<void> };
export type Makers = { [Of in Part]: () => Promise<Made<Of>> };

/** In the workers' environment, rather than among what vitest provides: `npm run pictures` starts the program too. */
const urlVariable = 'VITEST_MADE_ONCE_URL';

/** Whoever holds it can have a part made anew, and stops whatever has been made. */
export type MadeOnce = { forget(part: Part): Promise<void>; stop(): Promise<void> };

/** The workers that are started from now on can ask. */
export async function serveMadeOnce(makers: Makers): Promise<MadeOnce> {
  const made = new Map<Part, Promise<Made<Part>>>();
  const make = (part: Part): Promise<Made<Part>> => {
    const begun = made.get(part) ?? makers[part]();
    made.set(part, begun);
    return begun;
  };
  const server = createServer((request, response) => {
    const part = request.url?.slice(1) as Part;
    make(part).then(
      ({ value }) => response.end(JSON.stringify(value)),
      (error: Error) => response.writeHead(500).end(error.stack),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  process.env[urlVariable] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const forget = async (part: Part) => {
    const begun = made.get(part);
    made.delete(part);
    // What could not be made has told the test that asked.
    await begun?.then(
      ({ stop }) => stop(),
      () => {},
    );
  };
  return {
    forget,
    async stop() {
      server.close();
      server.closeAllConnections();
      await Promise.all([...made.keys()].map(forget));
    },
  };
}

const known = new Map<string, Promise<unknown>>();

/** Whether this is a process of vitest's, and no script of ours. */
export const isMadeOnce = (): boolean => process.env[urlVariable] !== undefined;

/** For workers: what was made, or is being made now. */
export function askMadeOnce<Of extends Part>(part: Of): Promise<SharedParts[Of]> {
  const begun = known.get(part) ?? ask(part);
  known.set(part, begun);
  return begun as Promise<SharedParts[Of]>;
}

async function ask(part: Part): Promise<unknown> {
  const response = await fetch(`${process.env[urlVariable]}/${part}`);
  if (!response.ok) throw new Error(`${part} could not be made for the tests: ${await response.text()}`);
  return response.json();
}
