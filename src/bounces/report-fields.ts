// The fields of message/delivery-status (RFC 3464) and message/feedback-report (RFC 5965): groups of `Name: value` lines
// with blank lines between them. Whatever is given, some groups come out, and not many.

/** By lower-case name, unfolded; of a field that is repeated, the first. */
export type ReportFields = ReadonlyMap<string, string>;

/** One group per recipient, and ours have one each; what lies beyond is somebody's joke. */
const mostGroups = 20;
const mostFields = 60;
const longestValue = 1000;
const longestReport = 500_000;

/** Groups without any field are left out. */
export function parseReportFields(text: string): ReportFields[] {
  const groups: Map<string, string>[] = [];
  let group = new Map<string, string>();
  let name: string | null = null;
  for (const line of text.slice(0, longestReport).split(/\r\n|\r|\n/)) {
    if (line.trim() === '') {
      group = new Map();
      name = null;
      continue;
    }
    if (/^[ \t]/.test(line)) {
      if (name !== null) group.set(name, join(group.get(name), line));
      continue;
    }
    const colon = line.indexOf(':');
    const given = line.slice(0, Math.max(colon, 0)).trim().toLowerCase();
    const isNew = /^[!-9;-~]+$/.test(given) && !group.has(given) && group.size < mostFields;
    name = isNew ? given : null;
    if (name === null) continue;
    if (group.size === 0) {
      if (groups.length === mostGroups) break;
      groups.push(group);
    }
    group.set(name, join(undefined, line.slice(colon + 1)));
  }
  return groups;
}

function join(before: string | undefined, more: string): string {
  return [before ?? '', more.trim()].join(' ').trim().slice(0, longestValue);
}
