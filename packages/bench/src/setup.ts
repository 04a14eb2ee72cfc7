/** What a contestant can be set up for. `readme`: the way its README does it. */
export type Setup = 'readme' | 'fsync' | 'relaxed';
