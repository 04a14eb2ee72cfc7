/**
 * An origin as browsers write it into the `Origin` header: `HTTPS://App.example:443/` is
 * `https://app.example`.
 *
 * @returns `undefined` for anything else: with a path, without a scheme, with a wildcard, or `null`.
 */
export function originOf(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  // `URL.origin` is `null` for schemes such as capacitor:, though their pages do send an origin.
  const { protocol, host, href } = new URL(text);
  const origin = `${protocol}//${host}`;
  const isWhole = href === origin || href === `${origin}/`;
  return isWhole && host !== '' && !host.includes('*') ? origin : undefined;
}
