/** The project's logo: a circle that returns to its start, around a play symbol. */
export function Mark() {
  return (
    <svg className="mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="9" />
      <path d="M9 16a7 7 0 1 1 2.2 5.1M8.2 22.6l2.7-1.9 1.5 3" />
      <path className="solid" d="M14 12.6v6.8l5.6-3.4z" />
    </svg>
  );
}
