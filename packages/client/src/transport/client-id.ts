import { randomId } from './random-id';

const KEY = 'nascClientId';
let ofThisPage: string | undefined;

/** Names this browser to the server: kept in local storage, or for this page only where that is closed to us. */
export function clientId(): string {
  ofThisPage ??= storedId();
  return ofThisPage;
}

function storedId(): string {
  const fresh = randomId();
  try {
    const known = localStorage.getItem(KEY);
    if (known !== null && known !== '') return known;
    localStorage.setItem(KEY, fresh);
  } catch (error) {
    console.info('[nasc] No local storage; the client id is for this page only.', error);
  }
  return fresh;
}
