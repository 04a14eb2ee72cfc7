/** For one that tells of its errors by an event only: nobody is measured failing. */
export function throwFirst(): { note: (error: unknown) => void; check: () => void } {
  let first: unknown;
  return {
    note: (error) => (first ??= error),
    check: () => {
      if (first !== undefined) throw first;
    },
  };
}
