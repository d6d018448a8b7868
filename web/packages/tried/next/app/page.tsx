'use client';
import { useState } from 'react';

export default function Page() {
  const [count, setCount] = useState(0);
  return <button data-privacy="open" onClick={() => setCount(count + 1)}>next was pressed {count} times</button>;
}
