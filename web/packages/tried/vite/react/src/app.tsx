import { useState } from 'react';
import { watched } from '../../watched';
import { Replay } from './replay';

export function App() {
  const [count, setCount] = useState(0);
  const replay = watched();
  if (replay) return <Replay {...replay} />;
  return <button data-privacy="open" onClick={() => setCount(count + 1)}>react was pressed {count} times</button>;
}
