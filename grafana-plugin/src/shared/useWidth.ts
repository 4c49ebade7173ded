import { useEffect, useState } from 'react';

/** Of an element, in pixels; 0 until it is known. Hidden for a moment, it keeps the last one. */
export function useWidth(element: HTMLElement | null): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    if (!element) {
      return undefined;
    }
    const observer = new ResizeObserver(() => setWidth((last) => element.clientWidth || last));
    observer.observe(element);
    return () => observer.disconnect();
  }, [element]);
  return width;
}
