import { AttributeError, sourceOf } from './source';
import type { Operated, View } from './view';

/** Returns an ID token of a user who may watch the recording; with `renew`, a new one, since the API has refused the last. */
export type GetToken = (options: { renew: boolean }) => string | Promise<string>;

/** What the element takes, for the types of frameworks. */
export interface PlayerProps {
  src?: string | undefined;
  token?: string | undefined;
  at?: string | number | undefined;
  autoplay?: boolean | undefined;
  /** A property, and no attribute. */
  getToken?: GetToken | undefined;
}

/** A server has no elements, but imports this module. */
const Element = (globalThis.HTMLElement ?? class {}) as typeof HTMLElement;

/** Set before the element was defined, they lie on the instance and hide the class's own. */
const PROPERTIES = ['src', 'token', 'at', 'autoplay', 'getToken', 'currentTime'] as const;

/**
 * `<rrweb-store-player src token>`: plays a recording of an rrweb store.
 *
 * Events, none of which bubbles: `ready` once the first frame is drawn, `play`, `pause`, `ended`, `timeupdate`,
 * `durationchange`, and `error`, an `ErrorEvent` whose `message` says why.
 */
export class RrwebStorePlayer extends Element {
  static readonly observedAttributes: readonly string[] = ['src', 'token', 'at'];
  #getToken: GetToken | undefined;
  #token: string | undefined;
  #view: View | undefined;
  #operated: Operated | undefined;
  /** Counts what was opened: what an older one still has to say does not matter. */
  #opened = 0;
  #isDue = false;
  /** The recording could not be opened, which another token may change. */
  #hasFailed = false;

  /** Address of the recording: `<apiUrl>/recordings/<id>`, or `<apiUrl>/sites/<site>/recordings/<id>`. Another one is opened at once. */
  get src(): string {
    return this.getAttribute('src') ?? '';
  }
  set src(value: string | undefined) {
    if (value === undefined) this.removeAttribute('src');
    else this.setAttribute('src', value);
  }

  /** An ID token, for requests from now on. `getToken` has precedence. It is not written into the attribute, where recorders read. */
  get token(): string {
    return this.#token ?? this.getAttribute('token') ?? '';
  }
  set token(value: string | undefined) {
    this.#token = value;
    this.#tokenChanged();
  }

  /** Called before each request, in place of `token`, so it should cache the token. */
  get getToken(): GetToken | undefined {
    return this.#getToken;
  }
  set getToken(value: GetToken | undefined) {
    this.#getToken = value;
    this.#tokenChanged();
  }

  /** The moment to show first, such as `75`, `75.5` or `1m15s`; later, one to go to. */
  get at(): string {
    return this.getAttribute('at') ?? '';
  }
  set at(value: string | number | undefined) {
    if (value === undefined) this.removeAttribute('at');
    else this.setAttribute('at', String(value));
  }

  /** Play as soon as it can, unless the user prefers reduced motion. */
  get autoplay(): boolean {
    return this.hasAttribute('autoplay');
  }
  set autoplay(value: boolean) {
    this.toggleAttribute('autoplay', value);
  }

  /** In seconds from the start of the recording; settable once it is `ready`. */
  get currentTime(): number {
    return (this.#operated?.timeMs() ?? 0) / 1000;
  }
  set currentTime(seconds: number) {
    this.seek(seconds);
  }

  /** In seconds, of what is loaded so far; NaN before it is `ready`. */
  get duration(): number {
    return this.#operated?.isReady() ? this.#operated.totalMs() / 1000 : NaN;
  }

  get paused(): boolean {
    return !this.#operated?.isRunning();
  }

  get ended(): boolean {
    return this.#operated?.hasEnded() ?? false;
  }

  play(): void {
    this.#operated?.play();
  }

  pause(): void {
    this.#operated?.pause();
  }

  /** Go to a moment, in seconds from the start. What is not a moment is ignored. */
  seek(seconds: number): void {
    if (Number.isFinite(seconds)) this.#operated?.seek(1000 * Math.max(0, seconds));
  }

  connectedCallback(): void {
    const own = this as Record<string, unknown>;
    for (const name of PROPERTIES) {
      if (!Object.hasOwn(this, name)) continue;
      const value = own[name];
      delete own[name];
      own[name] = value;
    }
    this.#openSoon();
  }

  disconnectedCallback(): void {
    this.#opened += 1;
    this.#operated = undefined;
    this.#view?.end();
    this.#view = undefined;
  }

  attributeChangedCallback(name: string, before: string | null, after: string | null): void {
    if (before === after) return;
    if (name === 'src') this.#openSoon();
    if (name === 'token') this.#tokenChanged();
    if (name === 'at' && after !== null) void this.#goTo(after);
  }

  #tokenChanged(): void {
    if (this.#hasFailed) this.#openSoon();
    else this.#operated?.retryFailed();
  }

  async #goTo(moment: string): Promise<void> {
    const operated = this.#operated;
    if (!operated) return;
    const { momentOf } = await import('./view');
    const atMs = momentOf(moment);
    if (atMs !== undefined) operated.seek(atMs);
  }

  /** A framework sets one attribute after another. */
  #openSoon(): void {
    if (this.#isDue || !this.isConnected) return;
    this.#isDue = true;
    queueMicrotask(() => {
      this.#isDue = false;
      void this.#open().catch((error: unknown) => this.#tell(error));
    });
  }

  async #open(): Promise<void> {
    if (!this.isConnected) return;
    const turn = (this.#opened += 1);
    const isOver = () => turn !== this.#opened;
    this.#operated = undefined;
    this.#hasFailed = false;
    const { createView, momentOf } = await import('./view');
    if (isOver()) return;
    const view = (this.#view ??= createView(this.shadowRoot ?? this.attachShadow({ mode: 'open' })));
    try {
      const source = sourceOf(this.src, document.baseURI);
      this.#checkToken();
      view.watch({
        source,
        getToken: async (options) => this.#askForToken(options?.renew ?? false),
        atMs: momentOf(this.at),
        autoplay: this.autoplay,
        onOperated: (operated) => (isOver() ? undefined : (this.#operated = operated)),
        onEvent: (type) => (isOver() ? undefined : this.dispatchEvent(new Event(type))),
        onError: (error, isFatal) => {
          if (isOver()) return;
          this.#hasFailed = isFatal;
          this.#tell(error);
        },
      });
    } catch (error) {
      this.#hasFailed = true;
      view.refuse(error);
      this.#tell(error);
    }
  }

  /** @throws {AttributeError} */
  #checkToken(): void {
    if (!this.#getToken && this.token.trim() === '') {
      throw new AttributeError('The token is missing: set the attribute token to an ID token, or the property getToken to a function that returns one.');
    }
  }

  async #askForToken(renew: boolean): Promise<string> {
    this.#checkToken();
    return this.#getToken ? await this.#getToken({ renew }) : this.token.trim();
  }

  #tell(error: unknown): void {
    this.dispatchEvent(new ErrorEvent('error', { error, message: error instanceof Error ? error.message : String(error) }));
  }
}
