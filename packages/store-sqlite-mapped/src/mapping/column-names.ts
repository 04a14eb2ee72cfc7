/** A name as SQL compares it: ASCII letters fold, others do not. */
export function foldName(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** A name, or one like it, that is not taken yet, and now is. */
export function distinctName(name: string, taken: Set<string>): string {
  let result = name;
  for (let n = 2; taken.has(foldName(result)); n++) result = `${name}_${n}`;
  taken.add(foldName(result));
  return result;
}
