import { pluginFile } from '../tag-file.mjs';
import { natives } from './native-functions';
import type { LoadPlugin, StartPlugin } from './plugins';

/** A plugin's file leaves there how to make it. */
type PluginScript = HTMLScriptElement & { create?: (natives: object) => StartPlugin };

/** The plugins of a tag: files beside the tag's own, which the same line of a content security policy allows. */
export const scriptPlugins =
  (tag: HTMLScriptElement | undefined): LoadPlugin =>
  async (name) => {
    const script: PluginScript = document.createElement('script');
    await new Promise((resolve, reject) => {
      script.src = new URL(pluginFile(name), tag!.src).href;
      script.nonce = tag!.nonce;
      script.crossOrigin = tag!.crossOrigin;
      script.onload = resolve;
      script.onerror = () => reject(new Error(`could not load ${script.src}`));
      document.head.append(script);
      script.remove();
    });
    return script.create!(natives);
  };
