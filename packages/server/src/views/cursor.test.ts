import { readCursor, writeCursor, type Position } from './cursor';

const position = (id: string, rev = 1): Position => ({ type: 'T', id, epoch: 'e', rev });

describe('a cursor', () => {
  it('survives the round trip, whatever the names contain', () => {
    const positions = ['', 'a:b,c/%', '\n\r', 'ü😀', 'x=1&y'].map((id, rev) => position(id, rev + 1));
    const cursor = writeCursor(positions);
    expect(cursor).toMatch(/^[\w%.~:,!*'()-]+$/);
    expect(readCursor(cursor)).toEqual(positions);
    expect(readCursor(writeCursor([]))).toEqual([]);
  });

  it('fits into a header, with the newest positions', () => {
    expect(readCursor(`T:${'a'.repeat(4_096)}:e:1`)).toEqual([]);
    const positions = Array.from({ length: 1_000 }, (_, i) => position(`instance-${i}`, i + 1));
    const cursor = writeCursor(positions);
    expect(cursor.length).toBeLessThanOrEqual(4_096);
    const read = readCursor(cursor);
    expect(read.length).toBeGreaterThan(50);
    expect(read).toEqual(positions.slice(-read.length));
  });
});
