// The links in an abstract, named by what is behind them.
import type { Translate } from '../languages/catalogue.ts';

export type PaperLink = { label: string; url: string };

const maxLinks = 3;
const maxUrlLength = 300;

const codeHosts = /(?:^|\.)(?:github\.com|gitlab\.[a-z.]+|bitbucket\.org|codeberg\.org|sr\.ht)$/;
const modelHosts = /(?:^|\.)(?:huggingface\.co|hf\.co)$/;
const paperHosts = /(?:^|\.)(?:arxiv\.org|openreview\.net|doi\.org|aclanthology\.org)$/;
/** What hides where it leads is bad for readers and for delivery. */
const shorteners =
  /^(?:bit\.ly|t\.co|goo\.gl|tinyurl\.com|ow\.ly|is\.gd|buff\.ly|rb\.gy|shorturl\.at|cutt\.ly|t\.ly)$/;

/** At most three, https only (an http link is upgraded), each label once; what is no proper link is left out. */
export function labelLinks(links: readonly string[], t: Translate): PaperLink[] {
  const labelled = new Map<string, PaperLink>();
  for (const link of links) {
    const url = readUrl(link);
    if (url === null || labelled.size === maxLinks) continue;
    const label = labelOf(url, t);
    // Two repositories: the second is told apart by its path.
    const name = labelled.has(label) ? `${t('reason.label', { label })} ${url.pathname.slice(1, 40)}` : label;
    labelled.set(name, { label: name, url: url.href });
  }
  return [...labelled.values()];
}

function readUrl(link: string): URL | null {
  if (link.length > maxUrlLength || !URL.canParse(link)) return null;
  const url = new URL(link);
  if (url.protocol === 'http:') url.protocol = 'https:';
  const isProper =
    url.protocol === 'https:' &&
    url.username === '' &&
    url.password === '' &&
    url.port === '' &&
    /\.[a-z]{2,}$/.test(url.hostname) &&
    !shorteners.test(url.hostname) &&
    url.href.length <= maxUrlLength;
  return isProper ? url : null;
}

function labelOf({ hostname, pathname }: URL, t: Translate): string {
  if (codeHosts.test(hostname)) return t('paper.link.code');
  if (modelHosts.test(hostname)) {
    if (pathname.startsWith('/datasets/')) return t('paper.link.dataset');
    return pathname.startsWith('/spaces/') ? t('paper.link.demo') : t('paper.link.models');
  }
  if (paperHosts.test(hostname)) return t('paper.link.paper');
  // Somebody's own site: the reader sees whose before following.
  return t('paper.link.projectPage', { host: hostname.replace(/^www\./, '') });
}
