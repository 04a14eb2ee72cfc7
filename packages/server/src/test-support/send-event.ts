/** What the server said of a POST. */
export interface Answer {
  status: number;
  body: unknown;
}

/** POST an event as the client does; a string goes as it is. */
export async function sendEvent(
  url: string,
  message: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(`${url}/nasc/event`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: typeof message === 'string' ? message : JSON.stringify(message),
  });
  return { status: response.status, body: (await response.json()) as unknown };
}
