/** Which component is shown: the one pointed at anywhere on the page, else the one that was kept. */

interface Detail {
  component: number | null;
  source: string;
}

const EVENT = 'sulcus:component';

export class Highlight {
  private kept: number | null = null;
  private pointed: number | null = null;

  constructor(private readonly figure: HTMLElement, private readonly changed: () => void) {
    document.addEventListener(EVENT, (event) => {
      const { component, source } = (event as CustomEvent<Detail>).detail;
      if (source === 'brain') return;
      this.pointed = component;
      this.apply();
      // The page forgets its mark when the pointer leaves; what is kept stays marked there as well.
      if (component === null && this.kept !== null) this.tell(this.kept);
    });
  }

  get shown(): number | null {
    return this.pointed ?? this.kept;
  }

  /** The pointer is over a component of the brain, or over none. */
  point(component: number | null): void {
    if (component === this.pointed) return;
    this.pointed = component;
    this.apply();
    this.tell(this.shown);
  }

  /** Keeps a component shown; the same again, or null, lets it go. */
  keep(component: number | null): void {
    this.kept = component === this.kept ? null : component;
    if (this.kept === null) this.pointed = null;
    this.apply();
    this.tell(this.shown);
  }

  private tell(component: number | null): void {
    document.dispatchEvent(new CustomEvent(EVENT, { detail: { component, source: 'brain' } }));
  }

  private apply(): void {
    this.figure.classList.toggle('brain-lit', this.shown !== null);
    for (const one of this.figure.querySelectorAll<HTMLElement>('[data-component]')) one.classList.toggle('brain-on', Number(one.dataset['component']) === this.shown);
    for (const key of this.figure.querySelectorAll<HTMLElement>('.brain-key')) key.setAttribute('aria-pressed', String(Number(key.dataset['component']) === this.kept));
    this.changed();
  }
}
