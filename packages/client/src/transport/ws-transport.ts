import { WS_SUBPROTOCOL } from '../protocol';
import { clientId } from './client-id';
import { NotSentError } from './not-sent-error';
import { readBatch } from './read-batch';
import { RefusedError } from './refused-error';
import type { OpenTransport } from './transport';
import { UnansweredError } from './unanswered-error';

/** Messages and patches over one WebSocket. */
export const openWsTransport: OpenTransport = (base, cursor, listener) => {
  const url = new URL(base.href.replace(/^http/, 'ws'));
  if (cursor !== '') url.searchParams.set('cursor', cursor);
  const socket = new WebSocket(url, WS_SUBPROTOCOL);
  const unanswered = new Map<string, PromiseWithResolvers<void>>();
  const forget = (): void => {
    for (const { reject } of unanswered.values())
      reject(new UnansweredError('The connection ended before the server answered.'));
    unanswered.clear();
  };

  socket.onopen = () => listener.opened();
  socket.onmessage = ({ data }: MessageEvent<unknown>) => {
    const batch = readBatch(String(data));
    listener.received(batch);
    if (batch.ack === undefined) return;
    const answer = unanswered.get(batch.ack);
    unanswered.delete(batch.ack);
    if (batch.error === undefined) answer?.resolve();
    else answer?.reject(new RefusedError(batch.error));
  };
  socket.onclose = () => {
    forget();
    listener.closed(false);
  };

  return {
    async send(message) {
      if (socket.readyState !== WebSocket.OPEN) throw new NotSentError('The connection is not open.');
      socket.send(JSON.stringify({ ...message, clientId: clientId() }));
      // A server without the subprotocol does not answer.
      if (message.eventId === undefined || socket.protocol !== WS_SUBPROTOCOL) return;
      const answer = Promise.withResolvers<void>();
      unanswered.set(message.eventId, answer);
      await answer.promise;
    },
    close() {
      socket.onopen = socket.onmessage = socket.onclose = null;
      socket.close();
      forget();
    },
  };
};
