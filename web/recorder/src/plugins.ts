/** Starts the parts of the recorder that are loaded on demand, and keeps what the page does until they are there. */
import type { Cleaner } from './cleaner';
import { type OnUse, createHooks } from './corrections/hooked-members';
import type { Facts } from './facts';
import { withoutOwnFrame } from './fetch-errors';
import type { RecorderOptions } from './options';
import { LEVELS } from './report-names';

export type PluginName = 'console' | 'network' | 'vitals';

/** A call of the page's that a plugin reads. */
export interface Call {
  /** Of the function. */
  readonly name: string;
  /** Its `this`. */
  readonly object: unknown;
  readonly given: readonly unknown[];
  /** By `performance.now()`. */
  readonly startMs: number;
  /** Where the page called it; the first two frames are the recorder's. */
  readonly stack: string | undefined;
  /** Of `fetch`. */
  result?: unknown;
}

/** What a plugin needs of the recorder. */
export interface PluginHost extends Pick<Facts, 'count' | 'largest'> {
  readonly options: RecorderOptions;
  /** Emit an event of rrweb's types `custom` or `plugin`, through the last gate. */
  readonly emit: (type: 5 | 6, data: object) => void;
  readonly clean: Cleaner;
  /** Whether nothing in the node may leave the page. */
  readonly isBlocked: (node: Node) => boolean;
  /** Requests that begin with it are the recorder's. */
  readonly ownUrl: string;
  /** Since when calls are told; by `performance.now()`. */
  readonly startMs: number;
}

/** A plugin at work. */
export interface RunningPlugin {
  readonly take?: (call: Call) => void;
  /** Tell what waits: the page may be gone next. */
  readonly tell?: () => void;
  readonly stop?: () => void;
}

export type StartPlugin = (host: PluginHost) => RunningPlugin;

export type LoadPlugin = (name: PluginName) => Promise<StartPlugin>;

/** So many calls are kept until their plugin is there. */
const MAX_EARLY = 200;

const PLUGINS: readonly PluginName[] = ['console', 'network', 'vitals'];

const membersOf = (name: PluginName): [owner: object, members: readonly string[]][] => {
  if (name === 'console') return [[console, LEVELS]];
  return name === 'network' ? [[window, ['fetch']], [XMLHttpRequest.prototype, ['open', 'setRequestHeader', 'send']]] : [];
};

/** Also as a tag's attribute. */
export const isAsked = (option: unknown): boolean => `${option ?? false}` !== 'false';

/**
 * Start the plugins that the options ask for.
 *
 * @param isOn whether the page is recorded at this moment
 */
export function startPlugins(
  load: LoadPlugin,
  host: PluginHost,
  isOn: () => boolean,
  onError: (error: unknown) => void,
): RunningPlugin[] {
  return PLUGINS.filter((name) => isAsked(host.options[name])).map((name) => {
    const hooks = createHooks();
    const early: Call[] = [];
    let plugin: RunningPlugin | undefined;

    /** What is read of a call may call the page, which may call the same function. */
    const take = (call: Call): void =>
      hooks.quietly(() => {
        if (plugin) plugin.take?.(call);
        else if (early.length < MAX_EARLY) early.push(call);
      });

    function stop(): void {
      hooks.stop();
      plugin?.stop?.();
      plugin = {};
    }

    for (const [owner, members] of membersOf(name)) {
      for (const member of members) {
        const call: OnUse = (object, given) => {
          if (!isOn()) return;
          const made: Call = { name: member, object, given, startMs: performance.now(), stack: new Error().stack };
          if (member !== 'fetch') return take(made);
          return (result) => {
            made.result = result;
            take(made);
            void (result as Promise<unknown>)['then'](undefined, withoutOwnFrame);
            return (result as Promise<unknown>)['then'](); // rejects for the page, as the first one is handled here
          };
        };
        hooks.hook({ prototype: owner }, member, { call });
      }
    }
    load(name)
      .then((start) => {
        if (plugin) return; // it is stopped
        plugin = start(host);
        early.splice(0).forEach(take);
      })
      .catch((error: unknown) => {
        stop();
        onError(error);
      });
    return { tell: () => plugin?.tell?.(), stop };
  });
}
