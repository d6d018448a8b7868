/** Listen to events by name, until the function that is returned is called. */
export function listen(target: EventTarget, listeners: Readonly<Record<string, (event: never) => void>>): () => void {
  const all = Object.entries(listeners) as [string, EventListener][];
  for (const [name, listener] of all) target.addEventListener(name, listener);
  return () => {
    for (const [name, listener] of all) target.removeEventListener(name, listener);
  };
}
