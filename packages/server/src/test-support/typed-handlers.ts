import type { EventMethod, HandlerContext, Payload } from '../index';

interface Counter {
  id: string;
  count: number;
}

const reset: EventMethod<Counter> = (_payload, counter) => ({ ...counter, count: 0 });

export const handlers = {
  Counter: {
    mount: ({ counterId }: { counterId: string }): Counter => ({ id: counterId, count: 0 }),
    increment({ by = '1' }: Payload, counter: Counter, ctx: HandlerContext): Counter {
      if (!Number.isInteger(Number(by))) throw new Error(`${ctx.event}: by must be a whole number.`);
      return { ...counter, count: counter.count + Number(by) };
    },
    reset,
  },
};
