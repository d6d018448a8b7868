import { type CSSProperties, type ReactNode, useLayoutEffect, useRef, useState } from 'react';
import type { Size } from './stage';

/** The replayed page, as large as fits, or as covers the place from the top; above it, what `children` are. */
export function Screen({
  size,
  label,
  setRoot,
  cover = false,
  children,
}: {
  size: Size;
  /** For who cannot see it. */
  label: string;
  setRoot: (element: HTMLElement | null) => void;
  cover?: boolean;
  children?: ReactNode;
}) {
  const frame = useRef<HTMLDivElement>(null);
  const [room, setRoom] = useState<Size>({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const element = frame.current!;
    const observer = new ResizeObserver(() => setRoom({ width: element.clientWidth, height: element.clientHeight }));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const { width, height } = { width: Math.max(1, size.width), height: Math.max(1, size.height) };
  const scale = Math[cover ? 'max' : 'min'](room.width / width, room.height / height);
  const style: CSSProperties = {
    width,
    height,
    left: (room.width - width * scale) / 2,
    top: cover ? 0 : (room.height - height * scale) / 2,
    transform: `scale(${scale})`,
  };
  return (
    <div className="screen" ref={frame} style={{ '--ratio': `${width} / ${height}` } as CSSProperties}>
      <div className="replayed" role="img" aria-label={label} style={style} ref={setRoot} />
      {children}
    </div>
  );
}
