import { randomId } from './random-id';

const KEY = 'nascClientId';
let ofThisPage: string | undefined;

/** Names this browser to the server. Kept in local storage or, if that is blocked, for this page only. */
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
    console.info('[nasc] Local storage is unavailable; the client id is valid for this page only.', error);
  }
  return fresh;
}
