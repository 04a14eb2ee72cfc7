import { WS_SUBPROTOCOL } from '../protocol';
import { readBatch } from './read-batch';
import type { OpenTransport } from './transport';

/** Both ways over one WebSocket. */
export const openWsTransport: OpenTransport = (base, listener) => {
  const socket = new WebSocket(new URL(base.href.replace(/^http/, 'ws')), WS_SUBPROTOCOL);

  socket.onopen = () => listener.opened();
  socket.onmessage = ({ data }: MessageEvent<unknown>) => {
    const { patches, cursor } = readBatch(String(data));
    listener.received(patches, cursor);
  };
  socket.onclose = () => listener.closed(false);

  return {
    async send(message) {
      if (socket.readyState !== WebSocket.OPEN) throw new Error('The connection is not open.');
      socket.send(JSON.stringify(message));
    },
    close() {
      socket.onopen = socket.onmessage = socket.onclose = null;
      socket.close();
    },
  };
};
