// Remembers what is costly to make, up to a number of things: the oldest is forgotten first.

export type BoundedCache<Value> = {
  getOrMake(key: string, make: () => Value): Value;
};

export function createBoundedCache<Value>(limit: number): BoundedCache<Value> {
  const known = new Map<string, Value>();
  return {
    getOrMake(key, make) {
      const hit = known.get(key);
      if (hit !== undefined) return hit;
      const value = make();
      known.set(key, value);
      if (known.size > limit) {
        const [oldest] = known.keys();
        if (oldest !== undefined) known.delete(oldest);
      }
      return value;
    },
  };
}
