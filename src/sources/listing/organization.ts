// "CarnegieMellonU Carnegie Mellon University": the page shows an organisation's handle, then its name.

/** The full name without the handle; a single word is both. Null when the line names nothing. */
export function readOrganization(line: string): string | null {
  const words = line.split(' ').filter((word) => word !== '');
  if (!words.some((word) => /[\p{L}\d]/u.test(word))) return null;
  return words.length === 1 ? (words[0] ?? null) : words.slice(1).join(' ');
}

/** True when the first word can be seen to be the handle of the rest. */
export function resemblesOrganization(line: string): boolean {
  const [handle = '', ...name] = line.split(' ');
  if (name.length === 0 || line.length > 120 || !/^[\w.-]+$/.test(handle)) return false;
  const short = squeeze(handle);
  const full = squeeze(name.join(''));
  const initials = squeeze(name.map((word) => word.charAt(0)).join(''));
  if (short.length < 2 || full.length < 2) return false;
  return full.startsWith(short) || short.startsWith(full.slice(0, 4)) || initials.startsWith(short);
}

function squeeze(text: string): string {
  return text.toLowerCase().replace(/[^\p{L}\d]/gu, '');
}
