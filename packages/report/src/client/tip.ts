/** A small box beside an element that says more about it while the pointer or the keyboard's focus is there. */
export class Tip {
  private readonly box = document.createElement('div');

  constructor(name: string) {
    this.box.className = `tip ${name}`;
    this.box.hidden = true;
    // Read aloud where the focus shows it.
    this.box.setAttribute('role', 'status');
    document.body.append(this.box);
    document.addEventListener('keydown', ({ key }) => void (key === 'Escape' && this.hide()));
  }

  /** @param markup Escaped. */
  show(markup: string, beside: Element): void {
    const { box } = this;
    box.innerHTML = markup;
    box.hidden = false;
    const { right, bottom, top } = beside.getBoundingClientRect();
    const below = bottom + 8;
    const fits = below + box.offsetHeight <= innerHeight - 8;
    box.style.left = `${Math.max(8, Math.min(right + 8, innerWidth - box.offsetWidth - 8))}px`;
    box.style.top = `${Math.max(8, fits ? below : top - 8 - box.offsetHeight)}px`;
  }

  hide(): void {
    this.box.hidden = true;
  }
}
