// The parameters of a list, as text of a length that a person types.

const longest = 254;

export function readQuery<Name extends string>(
  query: Record<string, unknown>,
  names: readonly Name[],
): Partial<Record<Name, string>> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = query[name];
      return typeof value === 'string' && value.length <= longest && !value.includes('\0')
        ? [[name, value.trim()]]
        : [];
    }),
  ) as Partial<Record<Name, string>>;
}
