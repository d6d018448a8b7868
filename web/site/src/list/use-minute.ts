import { useEffect, useState } from 'react';

const MINUTE_MS = 60_000;

/** The time, which is new once a minute. */
export function useMinute(): number {
  const [nowMs, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), MINUTE_MS);
    return () => clearInterval(timer);
  }, []);
  return nowMs;
}
