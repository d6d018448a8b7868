/** Says that something is loading. It appears after a moment, so that a short wait does not flicker. */
export function Loading({ what }: { what: string }) {
  return (
    <div className="loading" role="status">
      <span className="spinner" aria-hidden="true" />
      Loading {what} …
    </div>
  );
}
