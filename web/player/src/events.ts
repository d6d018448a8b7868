import { type PlaybackState, isReady, isRunning } from 'site/src/player/playback-state';

/** The events that a change of the playback is, by the names that media elements give them, and in their order. */
export function eventsBetween(before: PlaybackState, after: PlaybackState): string[] {
  if (!isReady(after)) return [];
  const isFirst = !isReady(before);
  const ran = !isFirst && isRunning(before);
  return [
    ...(isFirst || before.totalMs !== after.totalMs ? ['durationchange'] : []),
    ...(isFirst ? ['ready'] : []),
    ...(isRunning(after) && !ran ? ['play'] : []),
    ...(isFirst || before.timeMs !== after.timeMs ? ['timeupdate'] : []),
    ...(ran && !isRunning(after) ? ['pause'] : []),
    ...(after.name === 'ended' && before.name !== 'ended' ? ['ended'] : []),
  ];
}
