import { type PointerEvent, useRef } from 'react';

/** A canvas to draw on with a mouse, a pen or a finger. */
export function Drawing() {
  const canvas = useRef<HTMLCanvasElement>(null);
  const last = useRef<{ x: number; y: number } | undefined>(undefined);

  function at({ clientX, clientY }: PointerEvent) {
    const box = canvas.current!.getBoundingClientRect();
    return {
      x: ((clientX - box.left) / box.width) * canvas.current!.width,
      y: ((clientY - box.top) / box.height) * canvas.current!.height,
    };
  }

  function draw(event: PointerEvent): void {
    const ink = canvas.current?.getContext('2d');
    if (!last.current || !ink) return;
    const next = at(event);
    ink.lineWidth = 4;
    ink.lineCap = 'round';
    ink.strokeStyle = '#0d9488';
    ink.beginPath();
    ink.moveTo(last.current.x, last.current.y);
    ink.lineTo(next.x, next.y);
    ink.stroke();
    last.current = next;
  }

  return (
    <section className="thing">
      <h2>A drawing</h2>
      <canvas
        ref={canvas}
        width={320}
        height={180}
        aria-label="Draw here"
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          last.current = at(event);
          draw(event);
        }}
        onPointerMove={draw}
        onPointerUp={() => (last.current = undefined)}
      />
      <button type="button" onClick={() => canvas.current?.getContext('2d')?.clearRect(0, 0, 320, 180)}>
        Clear
      </button>
    </section>
  );
}
