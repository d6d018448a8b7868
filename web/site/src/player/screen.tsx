import { type CSSProperties, type ReactNode, useLayoutEffect, useRef, useState } from 'react';
import { KeyboardIcon } from '../ui/icons';
import { type Size, type View, screenOf } from './view';

/** The edge of a phone around its screen, as a share of the place, and in pixels. */
const EDGE_SHARE = 0.02;
const MAX_EDGE_PX = 12;
/** The eye sees no smaller zoom. */
const LEAST_ZOOM = 1.05;

/**
 * What the visitor's screen showed of the replayed page, scaled to fit, or with `cover` to fill the place from the top.
 * `children` are drawn above it.
 */
export function Screen({
  view,
  label,
  setRoot,
  cover = false,
  children,
}: {
  view: View;
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
  const { touch, page, seen, zoom, keyboard } = view;
  const { width, height } = screenOf(view);
  const edge = touch && !cover ? Math.min(MAX_EDGE_PX, space.width * EDGE_SHARE) : 0;
  const around = 3 * edge; // of which a third is seen between the phone and the place
  const scale = Math[cover ? 'max' : 'min']((space.width - around) / width, (space.height - around) / height);
  const device: CSSProperties = {
    width: width * scale,
    height: height * scale,
    left: (space.width - width * scale) / 2,
    top: cover ? 0 : (space.height - height * scale) / 2,
    ...(edge > 0 && { '--edge': `${edge}px` }),
  };
  const replayed: CSSProperties = {
    ...page,
    left: -seen.left * zoom * scale,
    top: -seen.top * zoom * scale,
    transform: `scale(${zoom * scale})`,
  };
  return (
    <div className="screen" ref={frame} style={{ '--ratio': `${width} / ${height}` } as CSSProperties}>
      <div className={edge > 0 ? 'device' : 'device flat'} style={device}>
        <div className="replayed" role="img" aria-label={label} style={replayed} ref={setRoot} />
        {keyboard > 0 ? (
          <div className="keyboard" style={{ height: keyboard * scale }}>
            <span>
              <KeyboardIcon /> Keyboard
            </span>
          </div>
        ) : null}
      </div>
      {zoom >= LEAST_ZOOM && !cover ? <span className="zoomed">Zoomed {zoom.toFixed(1)}×</span> : null}
      {children}
    </div>
  );
}
