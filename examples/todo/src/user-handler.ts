/** A profile. `error_x` is the message beside the field `x`, empty when there is nothing to say. */
export interface User {
  id: string;
  name: string;
  email: string;
  error_name?: string;
  error_email?: string;
}

/** The profile form. */
export const userHandler = {
  /** A new visitor. */
  mount({ userId }: { userId: string }): User {
    return { id: userId, name: 'Guest', email: 'guest@example.com' };
  },

  /** Takes the fields that are right, and says what is wrong with the others. */
  save_profile(payload: Record<string, unknown>, current: User): User {
    const name = trimmed(payload.name);
    const email = trimmed(payload.email);
    const isEmail = /^[^\s@]+@[^\s@]+\.[^\s@.]+$/.test(email);
    return {
      ...current,
      name: name || current.name,
      email: isEmail ? email : current.email,
      error_name: name === '' ? 'Please enter your name.' : '',
      error_email: isEmail ? '' : 'Please enter an email address, such as you@example.com.',
    };
  },
};

function trimmed(value: unknown): string {
  return typeof value === 'string' ? value.trim() : '';
}
