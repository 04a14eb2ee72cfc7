import { EventEmitter } from 'node:events';
import { runInNewContext } from 'node:vm';
import { findEvent, findHandler, manifestOf } from './handler-events';

class Base {
  inherited() {
    return { from: 'base' };
  }
}
class Todo extends Base {
  readonly #name = 'private';
  arrow = () => ({ name: this.#name });
  text = 'no function';
  mount() {
    return {};
  }
  add() {
    return { name: this.#name };
  }
  static make() {
    return new Todo();
  }
}

describe('the events of a handler', () => {
  const todo = new Todo();
  const names = ['add', 'arrow', 'inherited'];

  it('are its own methods and those of its classes, bound to it', () => {
    expect(manifestOf({ Todo: todo })).toEqual({ Todo: { events: names, hasMount: true } });
    expect(findEvent(todo, 'add')?.({}, {}, {} as never)).toEqual({ name: 'private' });
    expect(findEvent(todo, 'arrow')?.({}, {}, {} as never)).toEqual({ name: 'private' });
  });

  it.each([
    'mount',
    'constructor',
    '__proto__',
    'toString',
    'hasOwnProperty',
    'isPrototypeOf',
    'text',
    'make',
    '',
  ])('do not include %p', (name) => expect(findEvent(todo, name)).toBeUndefined());

  it('can be the exports of a module, even one compiled to getters', () => {
    const module = Object.create(null) as object;
    Object.defineProperty(module, 'save', { enumerable: true, get: () => () => ({ saved: true }) });
    Object.defineProperty(module, '__esModule', { value: true });
    expect(manifestOf({ Module: module })).toEqual({ Module: { events: ['save'], hasMount: false } });
  });

  it.each([
    ['EventEmitter', EventEmitter, ['emit', 'on', 'removeAllListeners']],
    ['EventTarget', EventTarget, ['dispatchEvent', 'addEventListener']],
    ['Map', Map, ['set', 'clear', 'delete']],
    ['Map of another realm', runInNewContext('Map') as typeof Map, ['set', 'clear', 'delete']],
  ])(
    "do not include methods of %s, which a handler's class extends",
    (_name, Platform: new () => object, names) => {
      class Emitting extends Platform {
        save() {
          return {};
        }
      }
      class Room extends Emitting {
        enter() {
          return {};
        }
      }
      const room = new Room();
      expect(manifestOf({ Room: room }).Room?.events).toEqual(['enter', 'save']);
      for (const name of names) expect(findEvent(room, name)).toBeUndefined();
    },
  );

  it('do not include methods that every function or object has', () => {
    const make = Object.assign(() => undefined, { go: () => ({}) });
    expect(manifestOf({ Make: make }).Make?.events).toEqual(['go']);
    expect(findHandler({ Todo: todo }, 'constructor')).toBeUndefined();
    expect(findHandler({ Todo: null as never }, 'Todo')).toBeUndefined();
  });
});
