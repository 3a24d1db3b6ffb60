// Whether the world can tell that our mails are ours: what mailbox providers look up in the DNS before they take one.
import type { Resolver } from 'node:dns/promises';
import { BlockList, isIP, isIPv6 } from 'node:net';
import type { DkimKey } from '../config/config.ts';
import { type DkimRecord, writeDkimRecord } from './dkim-record.ts';

export type Sending = {
  /** Of the addresses that mails are from. */
  domains: readonly string[];
  /** Of the envelope senders, where bounces go. */
  envelopeDomains: readonly string[];
  /** None: whatever server we hand mails to signs them. */
  dkim: readonly DkimKey[];
  /** The mail servers, by name or address. */
  servers: readonly string[];
};

export type DnsFinding = {
  record: 'MX' | 'SPF' | 'DKIM' | 'DMARC' | 'PTR';
  /** What was looked up. */
  name: string;
  /** `unknown`: it cannot be told from here. */
  verdict: 'ok' | 'problem' | 'unknown';
  says: string;
  /** The TXT record that `name` should have. */
  publish: string | null;
};

type Judgement = Omit<DnsFinding, 'record' | 'name'>;

const ok = (says: string): Judgement => ({ verdict: 'ok', says, publish: null });
const unknown = (says: string): Judgement => ({ verdict: 'unknown', says, publish: null });
const problem = (says: string, publish: string | null = null): Judgement => ({
  verdict: 'problem',
  says,
  publish,
});

/** In the order of the mail's way: who may send for us, what signs it, what receivers do about it, who sends. */
export async function checkSenderDns(
  resolver: Resolver,
  { domains, envelopeDomains, dkim, servers }: Sending,
): Promise<DnsFinding[]> {
  const readTexts = (name: string) => lookUp(async () => (await resolver.resolveTxt(name)).map(joinText));
  const check = async (
    record: DnsFinding['record'],
    name: string,
    judge: () => Promise<Judgement>,
  ): Promise<DnsFinding> => {
    const { verdict, says, publish } = await judge().catch(describeFailure);
    return { record, name, verdict, says: cleanText(says), publish };
  };

  return Promise.all([
    ...unique([...domains, ...envelopeDomains]).map((domain) =>
      check('MX', domain, () => judgeInbox(resolver, domain)),
    ),
    ...unique(envelopeDomains).map((domain) =>
      check('SPF', domain, async () => judgeSpf(await readTexts(domain))),
    ),
    ...dkim
      .map(writeDkimRecord)
      .map((record) =>
        check('DKIM', record.name, async () => judgeDkim(await readTexts(record.name), record)),
      ),
    ...unique(domains).map((domain) =>
      check('DMARC', `_dmarc.${domain}`, async () =>
        judgeDmarc(await findPolicies(readTexts, domain), domain),
      ),
    ),
    ...unique(servers).map((server) => check('PTR', server, () => judgeServer(resolver, server))),
  ]);
}

/** Anybody's DNS may hold anything: none of it is to reach a terminal as it is. */
const cleanText = (text: string): string => text.replace(/[^ -~]+/g, '?').slice(0, 500);

/** A text record may come in parts of 255 bytes. */
const joinText = (parts: readonly string[]): string => parts.join('');

const unique = (names: readonly string[]): string[] => [...new Set(names)];

/** None where the name or the record does not exist. */
async function lookUp<Answer>(ask: () => Promise<Answer[]>): Promise<Answer[]> {
  try {
    return await ask();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOTFOUND' || code === 'ENODATA') return [];
    throw error;
  }
}

function describeFailure(error: NodeJS.ErrnoException): Judgement {
  return problem(`could not be looked up (${error.code ?? error.message}): try again`);
}

/** Replies, complaints and bounces are to reach somebody (RFC 5321 section 5.1; RFC 7505 for the dot). */
async function judgeInbox(resolver: Resolver, domain: string): Promise<Judgement> {
  const exchanges = (await lookUp(() => resolver.resolveMx(domain))).map(({ exchange }) => exchange);
  if (exchanges.length === 0) {
    const addresses = await findAddresses(resolver, domain);
    return addresses.length > 0
      ? ok(`no MX record, so mail goes to ${addresses.join(', ')}`)
      : problem('nobody takes mail for it: answers and bounces are lost. Give it an MX record');
  }
  return exchanges.some((exchange) => exchange !== '' && exchange !== '.')
    ? ok(exchanges.join(', '))
    : problem('its MX record says that it takes no mail (RFC 7505): answers and bounces are lost');
}

/** RFC 7208. Whether it names the server that mails leave from is for the operator to know: there may be a relay. */
function judgeSpf(texts: readonly string[]): Judgement {
  const [policy, ...others] = texts.filter((text) => /^v=spf1(?: |$)/i.test(text));
  if (policy === undefined)
    return problem('no SPF record: put your mail server in place of mx', 'v=spf1 mx -all');
  if (others.length > 0)
    return problem('several SPF records count as none (RFC 7208 section 4.5): join them');
  if (/ \+?all(?: |$)/i.test(policy)) return problem(`anybody may send in your name: ${policy}`);
  if (!/ [-~]all(?: |$)| redirect=/i.test(policy))
    return problem(`it does not say what of all others, with -all at its end: ${policy}`);
  return ok(policy);
}

/** RFC 6376 section 3.6.1: the public half of the key that we sign with. */
function judgeDkim(
  texts: readonly string[],
  { keyType, publicKey, text }: Pick<DkimRecord, 'keyType' | 'publicKey' | 'text'>,
): Judgement {
  const [published, ...others] = texts.filter((each) => readTag(each, 'p') !== null);
  if (published === undefined) return problem('no key is published', text);
  if (others.length > 0) return problem('several keys are published: leave one', text);
  const key = readTag(published, 'p');
  if (key === '') return problem('the key is revoked (an empty p=)', text);
  if (key !== publicKey) return problem('it is another key', text);
  // RSA where nothing is said.
  return (readTag(published, 'k') ?? 'rsa') === keyType
    ? ok('the key that mails are signed with')
    : problem(`it is not said to be of the kind k=${keyType}`, text);
}

/** RFC 7489 section 6.3. */
function judgeDmarc(policies: readonly string[], domain: string): Judgement {
  const [policy, ...others] = policies;
  const record = `v=DMARC1; p=none; rua=mailto:postmaster@${domain}`;
  if (policy === undefined) return problem('no DMARC policy: large providers ask for one', record);
  if (others.length > 0) return problem('several DMARC policies count as none: leave one');
  return /^(?:none|quarantine|reject)$/i.test(readTag(policy, 'p') ?? '')
    ? ok(policy)
    : problem(`it has no valid p=: ${policy}`, record);
}

/** The domain's own, or the nearest one above it. */
async function findPolicies(
  readTexts: (name: string) => Promise<string[]>,
  domain: string,
): Promise<string[]> {
  const policies = (await readTexts(`_dmarc.${domain}`)).filter((text) => /^v=DMARC1(?:\s*;|$)/.test(text));
  const parent = domain.slice(domain.indexOf('.') + 1);
  if (policies.length > 0 || !domain.includes('.') || !parent.includes('.')) return policies;
  return findPolicies(readTexts, parent);
}

/** This machine and its own networks (RFC 1918, 3927, 4193, 4291, 6598). */
const privateNetworks = new BlockList();
for (const network of [
  ...['127.0.0.0/8', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '169.254.0.0/16', '100.64.0.0/10'],
  ...['::1/128', 'fc00::/7', 'fe80::/10'],
]) {
  const [address = '', bits] = network.split('/');
  privateNetworks.addSubnet(address, Number(bits), familyOf(address));
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIPv6(address) ? 'ipv6' : 'ipv4';
}

/** An address may have any number of names. */
const mostNames = 10;

/** A server that hands mail out itself has a name by its address, and that name the address (RFC 1912 section 2.1). */
async function judgeServer(resolver: Resolver, server: string): Promise<Judgement> {
  const addresses = isIP(server) === 0 ? await findAddresses(resolver, server) : [server];
  const address = addresses.find((each) => !privateNetworks.check(each, familyOf(each)));
  if (address === undefined)
    return unknown(
      'it has no public address here: what it hands mails on to is to have a name by its address',
    );
  const names = (await lookUp(() => resolver.reverse(address))).slice(0, mostNames);
  const known = await Promise.all(names.map((name) => findAddresses(resolver, name)));
  if (known.some((each) => each.includes(address))) return ok(`${address} is ${names.join(', ')}`);
  const problemOf =
    names.length === 0 ? 'has no name' : `is called ${names.join(', ')}, which has another address`;
  return problem(
    `${address} ${problemOf}: providers refuse mail from such, unless another server hands it out`,
  );
}

async function findAddresses(resolver: Resolver, name: string): Promise<string[]> {
  const found = await Promise.all([
    lookUp(() => resolver.resolve4(name)),
    lookUp(() => resolver.resolve6(name)),
  ]);
  return found.flat();
}

/** Of a list of tags, `a=1; b=2`; white space within a value means nothing. Null: it is not there. */
function readTag(text: string, name: string): string | null {
  for (const tag of text.split(';')) {
    const at = tag.indexOf('=');
    if (tag.slice(0, at).trim() === name) return tag.slice(at + 1).replace(/\s+/g, '');
  }
  return null;
}
