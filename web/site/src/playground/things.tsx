import { useState } from 'react';
import { Drawing } from './drawing';
import lake from './lake.svg';
import meadow from './meadow.svg';

/** Things to do while being recorded: a form, a list, a canvas to draw on, pictures. */
export function Things() {
  return (
    <div className="things">
      <Order />
      <Tasks />
      <Drawing />
      <Pictures />
    </div>
  );
}

function Order() {
  const [said, setSaid] = useState('');
  return (
    <form
      className="thing"
      onSubmit={(event) => {
        event.preventDefault();
        setSaid('Ordered. What you typed was masked before it left this page.');
      }}
    >
      <h2>A form</h2>
      <label>
        Name
        <input name="name" autoComplete="off" placeholder="Anything you like" />
      </label>
      <label>
        Colour
        <select name="colour" defaultValue="sea">
          <option value="sea">Sea green</option>
          <option value="sand">Sand</option>
          <option value="slate">Slate</option>
        </select>
      </label>
      <label className="check">
        <input type="checkbox" name="gift" /> It is a gift
      </label>
      <button type="submit" className="primary">
        Order
      </button>
      <p role="status" className="small">
        {said}
      </p>
    </form>
  );
}

function Tasks() {
  const [tasks, setTasks] = useState(['Water the plants', 'Call the harbour', 'Fix the gate']);
  const [done, setDone] = useState<readonly string[]>([]);
  const [count, setCount] = useState(0);
  return (
    <section className="thing">
      <h2>A list</h2>
      <ul className="tasks">
        {tasks.map((task) => (
          <li key={task}>
            <button
              type="button"
              aria-pressed={done.includes(task)}
              onClick={() => setDone(done.includes(task) ? done.filter((one) => one !== task) : [...done, task])}
            >
              {task}
            </button>
          </li>
        ))}
      </ul>
      <p className="actions">
        <button type="button" onClick={() => setTasks([...tasks, `Task ${tasks.length + 1}`])}>
          Add a task
        </button>
        <button type="button" id="count" onClick={() => setCount(count + 1)}>
          <span>
            Clicked <output>{count}</output> times
          </span>
        </button>
      </p>
    </section>
  );
}

function Pictures() {
  const [isLake, setIsLake] = useState(true);
  return (
    <section className="thing">
      <h2>Pictures</h2>
      <img
        src={isLake ? lake : meadow}
        alt={isLake ? 'A lake under hills' : 'A meadow in the evening'}
        width="320"
        height="180"
      />
      <button type="button" onClick={() => setIsLake(!isLake)}>
        Show the other picture
      </button>
    </section>
  );
}
