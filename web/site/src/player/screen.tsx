import { type CSSProperties, type ReactNode, useLayoutEffect, useRef, useState } from 'react';
import type { Size } from './stage';

/** The replayed page, scaled to fit, or with `cover` to fill the place from the top. `children` are drawn above it. */
export function Screen({
  size,
  label,
  setRoot,
  cover = false,
  children,
}: {
  size: Size;
  /** For screen readers. */
  label: string;
  setRoot: (element: HTMLElement | null) => void;
  cover?: boolean;
  children?: ReactNode;
}) {
  const frame = useRef<HTMLDivElement>(null);
  const [space, setSpace] = useState<Size>({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const element = frame.current!;
    const observer = new ResizeObserver(() => setSpace({ width: element.clientWidth, height: element.clientHeight }));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const { width, height } = { width: Math.max(1, size.width), height: Math.max(1, size.height) };
  const scale = Math[cover ? 'max' : 'min'](space.width / width, space.height / height);
  const style: CSSProperties = {
    width,
    height,
    left: (space.width - width * scale) / 2,
    top: cover ? 0 : (space.height - height * scale) / 2,
    transform: `scale(${scale})`,
  };
  return (
    <div className="screen" ref={frame} style={{ '--ratio': `${width} / ${height}` } as CSSProperties}>
      <div className="replayed" role="img" aria-label={label} style={style} ref={setRoot} />
      {children}
    </div>
  );
}
