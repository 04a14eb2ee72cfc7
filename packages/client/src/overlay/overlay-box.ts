const HIGHLIGHT_MILLISECONDS = 2_000;

/** The box at the top right of the page that lists its problems. Escape closes it. */
export class OverlayBox {
  #list: HTMLUListElement | undefined;

  constructor(signal: AbortSignal) {
    document.addEventListener('keydown', ({ key }) => key === 'Escape' && this.close(), { signal });
  }

  /**
   * Adds an entry.
   *
   * @param place finds the element that "Reveal" shows, when it is clicked.
   */
  add(message: string, place: () => Element | null): void {
    this.#list ??= openBox(() => this.close());
    const entry = element('li', { margin: '6px 0', display: 'flex', gap: '8px', alignItems: 'baseline' });
    const text = element('span', { flex: '1', overflowWrap: 'anywhere' });
    text.textContent = message;
    entry.append(
      text,
      button('Reveal', () => reveal(place())),
    );
    this.#list.append(entry);
  }

  /** Closes the box. The next entry opens a new one. */
  close(): void {
    this.#list?.parentElement?.remove();
    this.#list = undefined;
  }
}

function openBox(close: () => void): HTMLUListElement {
  const box = element('aside', {
    position: 'fixed',
    top: '12px',
    right: '12px',
    zIndex: '2147483647',
    boxSizing: 'border-box',
    width: 'min(380px, calc(100vw - 24px))',
    maxHeight: 'calc(100vh - 24px)',
    overflow: 'auto',
    padding: '10px 14px',
    borderRadius: '8px',
    background: '#8b1a1a',
    color: '#fff',
    font: '13px/1.45 system-ui, sans-serif',
    textAlign: 'start',
    boxShadow: '0 4px 16px rgb(0 0 0 / 35%)',
  });
  box.setAttribute('data-na-overlay', '');
  box.setAttribute('role', 'status');
  box.ariaLabel = 'Schema mismatches';
  const head = element('div', { display: 'flex', gap: '8px', justifyContent: 'space-between' });
  const title = element('strong', {});
  title.textContent = 'This page and its schema do not match';
  head.append(title, button('Close', close));
  const list = element('ul', { listStyle: 'none', margin: '4px 0 0', padding: '0' });
  box.append(head, list);
  document.body.append(box);
  return list;
}

function button(label: string, onClick: () => void): HTMLButtonElement {
  const made = element('button', {
    font: 'inherit',
    flex: 'none',
    padding: '1px 8px',
    border: '0',
    borderRadius: '4px',
    background: '#fff',
    color: '#8b1a1a',
    cursor: 'pointer',
  });
  made.type = 'button';
  made.textContent = label;
  made.addEventListener('click', onClick);
  return made;
}

function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  style: Partial<CSSStyleDeclaration>,
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  // Set one by one: a strict Content-Security-Policy forbids style attributes and elements.
  Object.assign(made.style, style);
  return made;
}

function reveal(target: Element | null): void {
  if (target === null) return;
  target.scrollIntoView({ block: 'center' });
  const animation = { outline: ['3px solid #e03131', '3px solid #e03131'], outlineOffset: ['2px', '2px'] };
  target.animate(animation, HIGHLIGHT_MILLISECONDS);
}
