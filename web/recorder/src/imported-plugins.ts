import { natives } from './native-functions';
import type { LoadPlugin } from './plugins';

/** The plugins of a bundle, whose bundler makes a file of each. */
export const importPlugin: LoadPlugin = async (name) => {
  const { create } = await (name === 'console' ? import('./plugins/console') : name === 'network' ? import('./plugins/network') : import('./plugins/vitals'));
  return create(natives);
};
