import { SPEEDS } from './speed';

/** What a watcher has chosen, for the next recording. */
export interface Settings {
  readonly speed: number;
  readonly skipIdle: boolean;
}

export interface SettingsStore {
  readonly read: () => Partial<Settings>;
  readonly write: (settings: Settings) => void;
}

const KEY = 'rrweb-store:player';

/** Keeps the settings in this browser, if it lets the site store anything. */
export function createSettingsStore(storage: () => Pick<Storage, 'getItem' | 'setItem'>): SettingsStore {
  return {
    read() {
      try {
        const stored = JSON.parse(storage().getItem(KEY) ?? '{}') as Record<string, unknown> | null;
        const speed = SPEEDS.find((one) => one === stored?.['speed']);
        const skipIdle = stored?.['skipIdle'];
        return { ...(speed === undefined ? {} : { speed }), ...(typeof skipIdle === 'boolean' ? { skipIdle } : {}) };
      } catch {
        return {};
      }
    },
    write({ speed, skipIdle }) {
      try {
        storage().setItem(KEY, JSON.stringify({ speed, skipIdle }));
      } catch {
        // full or forbidden: the next recording has the defaults
      }
    },
  };
}
