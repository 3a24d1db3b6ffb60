// Do links in mails lead to this service: BASE_URL from here.
import { isLoopbackHost } from '../../platform/loopback.ts';
import { describeError, fail, ok, type Told, warn } from './finding.ts';

export async function examineSite({
  baseUrl,
  patienceMs,
}: {
  baseUrl: string;
  patienceMs: number;
}): Promise<Told[]> {
  const { protocol, hostname } = new URL(baseUrl);
  const isHere = isLoopbackHost(hostname);
  return [
    ...(protocol === 'https:' || isHere
      ? []
      : [
          warn(
            `BASE_URL ${baseUrl} is not https: mail programs offer one-click unsubscribing only with it, and links go in clear`,
            'Put a proxy with a certificate in front, and set BASE_URL to https://…',
          ),
        ]),
    await knock({ baseUrl, isHere, patienceMs }),
  ];
}

type Knock = { baseUrl: string; isHere: boolean; patienceMs: number };

async function knock({ baseUrl, isHere, patienceMs }: Knock): Promise<Told> {
  const address = `${baseUrl}/healthz`;
  try {
    const response = await fetch(address, { redirect: 'manual', signal: AbortSignal.timeout(patienceMs) });
    return await judgeAnswer(address, response);
  } catch (error) {
    const reason = describeError((error as Error).cause ?? error);
    if (/certificate|altname|self.signed|unable to verify/i.test(reason))
      return fail(
        `${address}: ${reason}`,
        'Give the proxy a certificate for that name, with all that lies between it and its authority',
      );
    // Before a first start, or where a name leads only from outside to here.
    return isHere
      ? warn(`nothing answers at ${address} (${reason})`, 'Start the service; or set BASE_URL to where it is')
      : fail(
          `${address} is not reached from here: ${reason}`,
          'Start the service, let the name lead to its proxy, and the proxy to its PORT; links in mails lead there',
        );
  }
}

async function judgeAnswer(address: string, response: Response): Promise<Told> {
  const { status, headers } = response;
  if (status >= 300 && status < 400)
    return fail(
      `${address} leads on to ${headers.get('location') ?? 'nowhere'}`,
      'Set BASE_URL to where it ends: one-click unsubscribing follows no redirect (RFC 8058)',
    );
  const body = await response.json().catch(() => null);
  const says = typeof body === 'object' && body !== null && 'status' in body ? body.status : null;
  if (says === 'ok') return ok(`${address} answers`);
  if (says === 'unavailable')
    return fail(`${address} answers that it cannot reach its database`, 'See what is said of the database');
  return fail(
    `${address} is answered by something else (${status})`,
    'Let the proxy pass everything below BASE_URL on to the service, path included',
  );
}
