// How large a benchmark is, from the environment.

export type Sizes = { [name: string]: number };

/** Whole numbers from 1; throws an Error that names the variable. */
export function readSizes<const Defaults extends Sizes>(
  defaults: Defaults,
): { [Name in keyof Defaults]: number } {
  const sizes: Sizes = { ...defaults };
  for (const name of Object.keys(defaults)) {
    const text = process.env[name];
    if (text === undefined || text === '') continue;
    if (!/^[1-9]\d*$/.test(text)) throw new Error(`${name} is not a whole number from 1: ${text}`);
    sizes[name] = Number(text);
  }
  return sizes as { [Name in keyof Defaults]: number };
}
