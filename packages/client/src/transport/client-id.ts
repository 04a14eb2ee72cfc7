const KEY = 'nascClientId';
let ofThisPage: string | undefined;

/** Names this browser to the server: kept in local storage, or for this page only where that is closed to us. */
export function clientId(): string {
  ofThisPage ??= storedId();
  return ofThisPage;
}

function storedId(): string {
  // randomUUID would need a secure context, which a server in the local network is not.
  const fresh = [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('');
  try {
    const known = localStorage.getItem(KEY);
    if (known !== null && known !== '') return known;
    localStorage.setItem(KEY, fresh);
  } catch (error) {
    console.info('[nasc] No local storage; the client id is for this page only.', error);
  }
  return fresh;
}
