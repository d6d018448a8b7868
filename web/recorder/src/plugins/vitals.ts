/** Records web vitals, by the library that defines them. Loaded on demand: docs/recorder.md. */
import { type Metric, onCLS, onFCP, onINP, onLCP, onTTFB } from 'web-vitals';
import type { PluginHost, RunningPlugin, StartPlugin } from '../plugins';
import { VITAL_TAG } from '../report-names';

/** @param _natives what the build puts in place of the page's functions, in the script of a tag */
export const create = (_natives?: object): StartPlugin => startVitals;

function startVitals({ emit, largest }: PluginHost): RunningPlugin {
  /** The newest value of each that is not told yet: those of layout and input change until the page goes. */
  const waiting = new Map<Metric['name'], Metric>();
  let isStopped = false;

  function see(metric: Metric): void {
    if (isStopped) return; // the library has no end
    const { name, value } = metric;
    if (name === 'FCP' || name === 'TTFB') return tellOne(metric);
    waiting.set(name, metric);
    if (name === 'LCP') largest('lcpMs', value);
    if (name === 'INP') largest('inpMs', value);
    if (name === 'CLS') largest('clsThousandths', value * 1_000);
  }

  function tellWaiting(): void {
    for (const metric of waiting.values()) tellOne(metric);
    waiting.clear();
  }

  const tellOne = ({ name, value, rating }: Metric): void => emit(5, { tag: VITAL_TAG, payload: { name, value, rating } });

  for (const watch of [onLCP, onINP, onCLS]) watch(see, { reportAllChanges: true });
  onFCP(see);
  onTTFB(see);
  return { tell: tellWaiting, stop: () => void (isStopped = true) };
}
