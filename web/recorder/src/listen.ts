/** Hear events of these names, until the function that it returns is called. */
export function listen(target: EventTarget, heard: Readonly<Record<string, (event: never) => void>>): () => void {
  const all = Object.entries(heard) as [string, EventListener][];
  for (const [name, hear] of all) target.addEventListener(name, hear);
  return () => {
    for (const [name, hear] of all) target.removeEventListener(name, hear);
  };
}
