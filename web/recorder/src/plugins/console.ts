/** Records what the page writes to the console. Loaded on demand: docs/recorder.md. */
import type { Call, PluginHost, RunningPlugin, StartPlugin } from '../plugins';
import { CONSOLE, LEVELS } from '../report-names';
import { createAllowance } from './allowance';
import { cleanJson } from './clean-json';
import { serializedLine } from './serialized';

const LINES_A_SECOND = 20;
/** Of a stack. */
const MAX_FRAMES = 8;
/** Those of the recorder, which stand first. */
const OWN_FRAMES = 2;

type Level = (typeof LEVELS)[number];

/** @param _natives what the build puts in place of the page's functions, in the script of a tag */
export const create = (_natives?: object): StartPlugin => startConsole;

function startConsole(host: PluginHost): RunningPlugin {
  const levels = levelsOf(host.options.console);
  const lines = createAllowance('console', LINES_A_SECOND, host);

  return {
    take({ name, given, stack }: Call): void {
      if (!levels.includes(name as Level)) return;
      if (name === 'error') host.count('errors');
      const payload = serializedLine(given, host).map((json) => cleanJson(json, host.clean));
      const trace = framesOf(stack).map(host.clean.place);
      const line = { level: name, trace, payload };
      if (lines.take(JSON.stringify(line).length)) host.emit(6, { plugin: CONSOLE, payload: line });
    },
    tell: lines.report,
  };
}

/** Throws if a level is none. */
export function levelsOf(option: PluginHost['options']['console']): readonly Level[] {
  const named = typeof option === 'string' ? option.split(/[\s,]+/).filter((level) => !/^(?:true)?$/.test(level)) : Array.isArray(option) ? option : [];
  const unknown = (named as readonly string[]).find((level) => !LEVELS.includes(level as Level));
  if (unknown !== undefined) throw new TypeError(`console takes ${LEVELS.join(', ')}, got ${unknown}`);
  return named.length ? (named as readonly Level[]) : LEVELS;
}

/** Each frame of the page as `name (address:line:column)`, the innermost first. */
export function framesOf(stack = ''): string[] {
  const frames = stack.split('\n').filter((line) => /:\d+:\d+\)?$/.test(line));
  return frames.slice(OWN_FRAMES, OWN_FRAMES + MAX_FRAMES).map((line) => line.trim().replace(/^at /, '').replace(/^([^@(]*)@(.*)$/, (_, name: string, place: string) => (name ? `${name} (${place})` : place)));
}
