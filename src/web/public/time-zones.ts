// The time zones to choose from, grouped as a select shows them.

export type TimeZoneGroup = { label: string; zones: { name: string; label: string }[] };

const zones = Intl.supportedValuesOf('timeZone').filter((name) => name.includes('/'));

const grouped: TimeZoneGroup[] = [...new Set(zones.map(regionOf))].map((label) => ({
  label,
  zones: zones
    .filter((name) => regionOf(name) === label)
    .map((name) => ({
      name,
      label: name
        .slice(label.length + 1)
        .replaceAll('_', ' ')
        .replaceAll('/', ' / '),
    })),
}));

/** `general` names those that belong to no region; `chosen` is among them all, also when this runtime lists the place under another name. */
export function listTimeZones(chosen: string, general: string): TimeZoneGroup[] {
  const isListed = chosen === 'UTC' || zones.includes(chosen);
  const names = isListed ? ['UTC'] : ['UTC', chosen];
  return [{ label: general, zones: names.map((name) => ({ name, label: name })) }, ...grouped];
}

function regionOf(name: string): string {
  return name.slice(0, name.indexOf('/'));
}
