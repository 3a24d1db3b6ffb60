// A list of domains that hand out throw-away addresses, a domain a line: as the lists that are published have them, with
// comments behind `#`, perhaps with an `@`, a `.` or a `*.` in front.
import { domainToASCII } from 'node:url';

export function readDisposableDomains(text: string): ReadonlySet<string> {
  const domains = text
    .split(/\r\n|\r|\n/)
    .map((line) =>
      domainToASCII(
        line
          .replace(/#.*/, '')
          .trim()
          .replace(/^(?:\*?\.|@)/, ''),
      ).toLowerCase(),
    )
    .filter((domain) => domain !== '');
  return new Set(domains);
}
